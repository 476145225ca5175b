"""Every file of a study and of what ships × every damage of its kind × pages: how does each end?

A damage that the files' own checks find is shown to one page, the next one each time; what passes
them is shown to all pages. An uncaught error is one that a visitor would see as such.

    python -m bench.damaged [--only NAME ...]     # as card.json, article/test.npz, "bayesian/*"
"""

# ruff: noqa: PLC0415 - where studies lie is read as modules are imported, and set before that
from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path


def main() -> None:
    """Print the counts of each file and of all; exit code 1 if an error was uncaught."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", nargs="*", default=[], help="files of these names, or folders' and names"
    )
    only = parser.parse_args().only
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["PENUMBRA_STUDIES"] = f"{scratch}/studies"
        os.environ["PENUMBRA_DECISIONS"] = f"sqlite:///{scratch}/decisions.sqlite"
        total: Counter[str] = Counter()
        for folder, read, link in (*_stored(Path(scratch)), *_shipped(Path(scratch))):
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                wanted = not only or any(path.match(name) for name in only)
                if wanted and "kept_answers" not in path.parts:
                    found = _all_damages(path, read, link)
                    print(f"{path.relative_to(folder.parent)}: {_told(found)}", flush=True)
                    total += found
    print(f"all: {_told(total)}")
    sys.exit(total["uncaught"] > 0)


def _told(found: Counter[str]) -> str:
    names = ("damages", "refused", "read", "pages", "uncaught")
    return ", ".join(f"{found[name]:,} {name}" for name in names)


def _stored(scratch: Path) -> Iterator[tuple[Path, Callable[[], None], dict[str, str]]]:
    from core.stored.folder import check_study
    from tests.whole_study import write_whole_study

    root = Path(os.environ["PENUMBRA_STUDIES"])
    folder = write_whole_study(root, scratch)
    yield folder, lambda: check_study(folder), {"study": folder.name}


def _shipped(scratch: Path) -> Iterator[tuple[Path, Callable[[], None], dict[str, str]]]:
    from examples import mnist, mnist_artifacts

    copy = shutil.copytree(mnist_artifacts.ARTIFACTS, scratch / "artifacts")
    mnist_artifacts.ARTIFACTS = copy
    mnist_artifacts.COMPARISON = mnist.COMPARISON = copy / mnist.COMPARISON.name
    for name in mnist_artifacts.artifact_names():
        yield copy / name, lambda name=name: _read_shipped(name), {"model": name}


def _read_shipped(name: str) -> None:
    """Everything that pages read of a classifier."""
    import numpy as np

    from core.stress.table import load_stress_table
    from examples.mnist import load_study

    load_study.cache_clear()
    study = load_study()
    model, held_out = study.models[name], study.held_out[name]
    _ = model.values, model.scores, model.features, held_out.scores
    study.networks[name].predict(np.zeros((1, 28, 28), np.uint8))
    for part in study.parts.values():
        _ = part.models[name].scores if name in part.models else None
    if name in study.stress_tables:
        load_stress_table(study.stress_tables[name])


def _all_damages(path: Path, read: Callable[[], None], link: dict[str, str]) -> Counter[str]:
    from tests.damages import damages
    from tests.pages.any_study import PAGES

    found: Counter[str] = Counter()
    shown = [page for page in PAGES if page != "glossary"]
    turn = cycle(shown)
    for name, harm in damages(path).items():
        with _damaged(path, harm):
            state = _read(read)
            found.update(damages=1, **{state: 1})
            if state == "uncaught":
                print(f"  {path.name}, {name}: uncaught where it is read")
            for page in shown if state == "read" else [next(turn)]:
                is_shown = _page(page, link)
                found.update(pages=1, uncaught=0 if is_shown else 1)
                if not is_shown:
                    print(f"  {path.name}, {name}: uncaught on {page}")
    return found


@contextmanager
def _damaged(path: Path, harm: Callable[[Path], object]) -> Iterator[None]:
    whole = path.read_bytes()
    harm(path)
    _forget()
    yield
    if path.is_dir():
        path.rmdir()
    path.write_bytes(whole)


def _forget() -> None:
    import streamlit as st

    from examples.mnist import load_study
    from ui.studies import LIBRARY

    LIBRARY._open.clear()
    LIBRARY._entries.clear()
    load_study.cache_clear()
    st.cache_resource.clear()
    st.cache_data.clear()


def _read(read: Callable[[], None]) -> str:
    from ui.faults import UNREADABLE

    try:
        read()
    except UNREADABLE:
        return "refused"
    except (OSError, ValueError):  # of a stress table, which its page says by itself
        return "refused"
    except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError):
        return "uncaught"
    return "read"


def _page(page: str, link: dict[str, str]) -> bool:
    """Whether a page ends without an error that nobody foresaw."""
    from streamlit.testing.v1 import AppTest

    from tests.pages.any_study import APP, PAGES
    from tests.patience import SECONDS

    at = AppTest.from_file(str(APP), default_timeout=SECONDS)
    at.switch_page(f"pages/{page.split(maxsplit=1)[0]}.py")
    for key, said in (PAGES[page] | link).items():
        at.query_params[key] = said
    return not at.run().exception


if __name__ == "__main__":
    main()
