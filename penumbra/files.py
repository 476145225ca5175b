"""What is shown, as files for the command `open`: it reads them as it reads everybody's.

S members, N items, K classes.
"""

from __future__ import annotations

import glob
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from penumbra.arrays import as_array, as_column, as_table, is_table
from penumbra.pictures import IMAGE, picture_columns

_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f]')
_LONGEST_NAME = 80
MODEL = "model"
"""What a model is called that was given without a name."""
_PARTS = {
    "val", "valid", "validation", "cal", "calib", "calibration", "dev", "holdout", "heldout",
    "train", "training", "trn",
}  # fmt: skip
"""What the reading takes as the name of another part of the data, in the name of a table."""
_WORDS = {"as": "kind", "title": "title", "noun": "noun"}
"""Options of the command that are words -> what they are called here."""


class Files:
    """Arguments of `show` on their way to `open`: files in a private folder, and options.

    Args:
        folder: Private and empty.

    Attributes:
        paths: The files with predictions.
        options: Of the command, in pairs.
        names: What a file is called in the arguments, for messages: file name -> argument.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._may_have_ids = False
        self.paths: list[Path] = []
        self.options: list[str] = []
        self.names: dict[str, str] = {}

    def add(self, given: Mapping[str, Any]) -> None:
        """The arguments of `show` that were given, by their names.

        Raises:
            ValueError: one of them is of no use; the sentence names it.
        """
        probs = given.get("probs")
        named = {"features": "features", "predictions": "pred", "confidence": "confidence"}
        further = {file: given[name] for name, file in named.items() if name in given}
        if probs is None and not {"pred", "confidence"} & set(further):
            raise ValueError("There is nothing to show; give probs, or predictions.")
        self.add_predictions(probs, further)
        self.add_columns(*(given.get(name) for name in ("ids", "texts", "images", "columns")))
        for name, add in (
            ("labels", self.add_labels), ("held_out", self.add_held_out),
            ("class_names", self.add_class_names),
        ):  # fmt: skip
            if name in given:
                add(given[name])
        self.add_words(**{name: given.get(of) for name, of in _WORDS.items()})
        models = {"files": "models"} if isinstance(probs, Mapping) else {}
        self.add_answers({**models, **given.get("answers", {})})

    def add_predictions(self, probs: Any, further: Mapping[str, Any]) -> None:
        """Scores of one model, of several by name, a whole table, or a file's path.

        Args:
            probs: (N, K) or (S, N, K), a mapping of such by the models' names, a table, a path;
                None where `further` speaks.
            further: Arrays that go with one model: features, pred, confidence.

        Raises:
            ValueError: something is of no use.
        """
        if isinstance(probs, str | os.PathLike):
            self._refuse(further, "a file")
            self._may_have_ids = True
            self.paths.append(Path(probs).absolute())
        elif is_table(probs):
            self._refuse(further, "a table")
            self._may_have_ids = True
            self._write_table(f"{MODEL}.parquet", as_table(probs, "probs"), "probs")
        elif isinstance(probs, Mapping):
            self._refuse(further, "several models")
            self._write_models(probs, self._folder / "models")
        else:
            given = {} if probs is None else {"probs": probs}
            self._write_model(self._folder / f"{MODEL}.npz", {**given, **further}, "probs")

    def add_labels(self, labels: Any) -> None:
        """The true labels: (N,), or one-hot or shares (N, K)."""
        if isinstance(labels, str | os.PathLike):
            self._option("--labels", Path(labels).absolute())
            return
        if is_table(labels):
            labels = as_table(labels, "labels")
            if labels.num_columns != 1:
                raise ValueError(f"labels must be one column, not {labels.num_columns}.")
            labels = labels.column(0)
        if len(getattr(labels, "shape", ())) == 2:
            self._write_model(self._folder / "labels.npz", {"labels": labels}, "labels")
            self._option("--labels", self.paths.pop())
            return
        self._option("--labels", self._write_column("labels.parquet", "label", labels, "labels"))

    def add_columns(self, ids: Any, texts: Any, images: Any, columns: Any) -> None:
        """What shows the items and names them."""
        import pyarrow as pa

        found = {} if columns is None else _by_name(as_table(columns, "columns"))
        if images is not None:
            pictures, root = picture_columns(images)
            found = {IMAGE: pictures} | {k: v for k, v in found.items() if k != IMAGE}
            if root is not None:
                self._option("--images", root)
        for name, values in (("text", texts), ("id", ids)):
            if values is not None:
                found = {name: _texts(values, name)} | {k: v for k, v in found.items() if k != name}
        if ids is None and not self._may_have_ids:
            self._option("--id", "none")
        if found:
            lengths = {name: len(values) for name, values in found.items()}
            if len(set(lengths.values())) > 1:
                raise ValueError(f"The columns differ in length: {_told(lengths)}.")
            path = self._write_table("columns.parquet", pa.table(found), "columns", listed=False)
            self._option("--columns", path)

    def add_held_out(self, held_out: Any) -> None:
        """Scores and labels that thresholds are chosen on: a pair, or a file's path."""
        if isinstance(held_out, str | os.PathLike):
            self._option("--held-out", Path(held_out).absolute())
            return
        if not isinstance(held_out, tuple | list) or len(held_out) != 2:
            raise ValueError("held_out must be a pair: (probs, labels).")
        probs, labels = held_out
        before = len(self.paths)
        folder = self._folder / "held_out"
        if isinstance(probs, Mapping):
            self._write_models(probs, folder, {"labels": labels}, "held_out")
        else:
            folder = self._folder / "held_out.npz"
            self._write_model(folder, {"probs": probs, "labels": labels}, "held_out")
        del self.paths[before:]
        self._option("--held-out", folder)

    def add_class_names(self, class_names: Any) -> None:
        """The K names in the order of the scores."""
        path = self._folder / "class_names.json"
        names = [str(name) for name in as_array(class_names, "class_names").tolist()]
        path.write_text(json.dumps(names), "utf-8")
        self.names[path.name] = "class_names"
        self._option("--class-names", path)

    def add_answers(self, answers: Mapping[str, str]) -> None:
        """Answers to what the reading asks, by the questions' keys."""
        for key, answer in answers.items():
            self._option("--answer", f"{key}={answer}")

    def add_words(self, **words: str | None) -> None:
        """Options that are words."""
        for name, word in words.items():
            if word:
                self._option(f"--{name}", word)

    def _write_models(
        self, models: Mapping[str, Any], folder: Path, more: Mapping[str, Any] | None = None,
        argument: str = "probs",
    ) -> None:  # fmt: skip
        folder.mkdir()
        for name, scores in models.items():
            safe = _UNSAFE.sub("_", str(name))[:_LONGEST_NAME].strip(". ") or MODEL
            if list(folder.glob(f"{glob.escape(safe)}.*")):
                raise ValueError(f"Two models are called {safe!r}; give each a name of its own.")
            of = f"{argument}[{name!r}]"
            if is_table(scores) and not more:
                _refuse_part(safe)
                self._may_have_ids = True
                path = self._write_table(f"{folder.name}/{safe}.parquet", as_table(scores, of), of)
                self.names[path.name] = of
            else:
                self._write_model(folder / f"{safe}.npz", {"probs": scores, **(more or {})}, of)

    def _write_model(self, path: Path, given: Mapping[str, Any], argument: str) -> None:
        import numpy as np

        arrays = {
            name: as_array(values, argument if name == "probs" else name)
            for name, values in given.items()
        }
        np.savez(path, **arrays)  # type: ignore[arg-type]  # the names are ours
        self.names.setdefault(path.name, argument)
        self.paths.append(path)

    def _write_column(self, file: str, column: str, values: Any, argument: str) -> Path:
        import pyarrow as pa

        try:
            table = pa.table({column: as_column(values)})
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            raise ValueError(f"{argument} cannot be read as one value per item: {error}") from None
        return self._write_table(file, table, argument, listed=False)

    def _write_table(self, file: str, table: Any, argument: str, listed: bool = True) -> Path:
        import pyarrow.parquet as pq

        path = self._folder / file
        pq.write_table(table, path)
        self.names[file] = argument
        if listed:
            self.paths.append(path)
        return path

    def _option(self, name: str, value: object) -> None:
        self.options += [f"{name}={value}"]

    @staticmethod
    def _refuse(further: Mapping[str, Any], what: str) -> None:
        if further:
            raise ValueError(f"{_told(further)} cannot go with {what}; put it into the {what}.")


def _refuse_part(name: str) -> None:
    if words := _PARTS & set(re.split(r"[^a-z0-9]+", name.lower())):
        raise ValueError(
            f"The table {name!r} would be taken for {min(words)!r} data; call the model otherwise."
        )


def _by_name(table: Any) -> dict[str, Any]:
    return {name: table.column(place) for place, name in enumerate(table.column_names)}


def _texts(values: Any, name: str) -> Any:
    import pyarrow as pa

    try:
        return as_column(values).cast(pa.string())
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name}s cannot be read as one text per item: {error}") from None


def _told(things: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value:,}" if isinstance(value, int) else name
                     for name, value in things.items())  # fmt: skip
