"""Which of many digits of one's own is the model least sure of?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.measures.register import BY_COLUMN, measures_in
from core.measures.verdict import CUT, PALE, TWO
from core.networks.own_export import own_csv, own_parquet, own_zip
from core.networks.own_pictures import OwnPicture
from core.pictures.picture_sources import stated_label
from core.study.pngs import png
from ui.components.sprite import data_url, own_sprite
from ui.components.tiles import show_tiles
from ui.own import Own
from ui.picked import Picked
from ui.verdicts import LOOKS, in_short
from ui.words import plain

MOST_TILES = 300


def own_tiles(picked: Picked, own: Own, chosen: int, on_pick: Callable[[int], None]) -> None:
    """The digits found, in reading order: each a button that shows its card."""
    found = picked.noun.counted(len(own.table))
    st.markdown(f"**{found} found.**{_marks(own, picked.noun.many)} Choose one:")
    shown = own.once("tiles", lambda: [_tile(picked, own, i) for i in range(_num_tiles(own))])
    sheet = own.once("sheet", lambda: own_sprite(own.images[: _num_tiles(own)]))
    show_tiles(shown, sheet, "own tiles", on_pick, chosen=chosen)
    if len(own.table) > MOST_TILES:
        st.caption(f"These are the first {MOST_TILES}; the table below has them all.")


def own_labels(picked: Picked, own: Own) -> None:
    """What files or their names, such as `7.png`, state, and how many digits are read so."""
    names = [picture.name for picture in own.pictures]
    stated = [
        picture.labels or _by_name(picture, names, picked.class_names) for picture in own.pictures
    ]
    codes = np.array([code for labels in stated for code in labels])
    known = codes >= 0
    if not known.any():
        return
    right = int((own.table["prediction"].to_numpy() == codes)[known].sum())
    first = next(place for place, labels in enumerate(stated) if max(labels) >= 0)
    example = f"{plain(names[first])} states {plain(picked.class_names[stated[first][0]])}"
    if own.pictures[first].labels:
        example = f"{plain(names[first])} holds them"
    files = sum(max(labels) >= 0 for labels in stated)
    said = "One file states a label" if files == 1 else f"{files} files state labels"
    count = int(known.sum())
    many = picked.noun.one if count == 1 else picked.noun.many
    st.caption(f"{said} ({example}): {right:,} of {count:,} {many} read so.")


def _by_name(
    picture: OwnPicture, names: Sequence[str], class_names: tuple[str, ...]
) -> tuple[int, ...]:
    """The label that a picture's name states, for each of its digits; -1 where it states none."""
    code = stated_label(picture.name, names, class_names)
    return (-1 if code is None else code,) * len(picture.images)


def own_table(picked: Picked, own: Own, on_pick: Callable[[int], None]) -> None:
    """All digits, the least sure first, and three files of them."""
    st.header("All of them, least confident first", anchor=False)
    table = own.table
    ordered = table.sort_values("predictive_entropy", ascending=False, kind="stable")
    st.dataframe(
        own.once("rows", lambda: _rows(picked, ordered, own.images)),
        key="own table",
        hide_index=True,
        row_height=44,
        on_select=lambda: _picked(ordered, on_pick),
        selection_mode="single-row",
        column_config=_columns(picked.noun.one),
        alt=f"{picked.noun.counted(len(table))}: what each was read as, and every measure.",
    )
    _files(table, own.images, f"penumbra-own-{picked.key.model}", picked.noun.many)


def _marks(own: Own, many: str) -> str:
    """What was left out on all pictures, and how many digits may be none."""
    marks = sum(len(picture.left_out) for picture in own.pictures)
    doubts = own.table["doubt"].isin([TWO, CUT]).sum()
    pale = (own.table["doubt"] == PALE).sum()
    said = [
        f"{marks:,} {'mark' if marks == 1 else 'marks'} left out." if marks else "",
        f"{doubts:,} in doubt: perhaps {many} touch." if doubts else "",
        f"{pale:,} in doubt: a part is too pale to be read." if pale else "",
    ]
    return "".join(f" {words}" for words in said if words)


def _num_tiles(own: Own) -> int:
    return min(len(own.table), MOST_TILES)


def _tile(picked: Picked, own: Own, number: int) -> dict[str, Any]:
    row = own.row(number)
    return {
        "index": number,
        "place": number,
        "caption": in_short(row["kind"], own.mean_probs[number], picked.class_names),
        "title": f"Your {picked.noun.one} {number + 1} from {row['source']}. {row['verdict']}",
        "wrong": False,
    }


def _rows(picked: Picked, ordered: pd.DataFrame, images: np.ndarray) -> pd.DataFrame:
    names = [picked.class_names[code] for code in ordered["prediction"]]
    columns = [m.column for m in measures_in(list(ordered.columns), picked.model.num_members)]
    columns = sorted(columns, key=lambda name: name != "predictive_entropy")  # what sorts leads
    columns = [name for name in columns if ordered[name].notna().any()]
    first = {
        "digit": [data_url(png(images[index])) for index in ordered.index],
        "read": names,
        "verdict": [
            f"{LOOKS[kind].sign} {said}"
            for kind, said in zip(ordered["kind"], ordered["verdict"], strict=True)
        ],
        "source": ordered["source"],
        "row": ordered["row"],
        "cell": ordered["cell"],
    }
    first = {name: values for name, values in first.items() if len(pd.Series(values).dropna())}
    return pd.DataFrame(first, index=ordered.index).join(ordered[columns])


def _columns(noun: str) -> dict[str, Any]:
    numbers = {
        name: st.column_config.NumberColumn(measure.title, format="%.4f", help=measure.meaning)
        for name, measure in BY_COLUMN.items()
    }
    return numbers | {
        "digit": st.column_config.ImageColumn(noun.capitalize(), width="small"),
        "read": st.column_config.TextColumn("Read as"),
        "verdict": st.column_config.TextColumn("Verdict", width="medium"),
        "source": st.column_config.TextColumn("Picture"),
        "row": st.column_config.NumberColumn("Row"),
        "cell": st.column_config.NumberColumn("Cell"),
    }


def _picked(ordered: pd.DataFrame, on_pick: Callable[[int], None]) -> None:
    rows = st.session_state["own table"]["selection"]["rows"]
    if rows:
        on_pick(int(ordered.index[rows[0]]))


def _files(table: pd.DataFrame, images: np.ndarray, name: str, many: str) -> None:
    files = {
        "CSV": (lambda: own_csv(table), f"{name}.csv", "text/csv"),
        "Parquet": (lambda: own_parquet(table), f"{name}.parquet", "application/octet-stream"),
        f"ZIP of the {many} with the table": (
            lambda: own_zip(images, table),
            f"{name}.zip",
            "application/zip",
        ),
    }
    with st.container(horizontal=True):
        for label, (make, file_name, mime) in files.items():
            st.download_button(
                label, make, file_name, mime, key=f"take own {label}", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip
