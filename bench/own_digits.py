"""Digits of one's own: what is read right of each kind of picture, against what it should reach.

    python -m bench.own_digits                  on MNIST's test digits
    python -m bench.own_digits --calibration    on the digits to choose by
    python -m bench.own_digits --times 4        four times as many pictures
    python -m bench.own_digits forms touching   some parts only

The pictures are those of the tests (`tests/core/made_kinds.py`), made from a seed: they stand in
for the photographs and scans of people, of which none are kept here.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits

from core.measures.verdict import Thresholds, fit_thresholds
from core.networks.own_pictures import encoded, read_digits
from core.networks.own_scores import Scored, score_pictures
from core.networks.scoring import Scorer, scorer_of
from core.trust.intervals import wilson
from examples.mnist import DIGIT, load_study
from examples.mnist_data import load_test
from tests.core import made_forms, made_pictures
from tests.core import made_kinds as kinds
from tests.core.made_hands import HANDS, hand
from tests.core.made_kinds import Kind, in_order, pictures

HEAD = ("part", "kind", "read right", "reach", "called sure", "sure and wrong", "missing unsaid")
Digits = tuple[np.ndarray, np.ndarray]


class Reader(NamedTuple):
    """The ensemble and what its answers are judged by."""

    scorer: Scorer
    thresholds: Thresholds

    def read(self, picture: np.ndarray) -> tuple[Scored | None, int]:
        """What is said of a picture uint8 (H, W, 3), and how many marks were left out."""
        raw = encoded(picture, "PNG")
        own = read_digits("a.png", raw, self.scorer.image_shape, predict=self.scorer.predict)
        if not len(own.images):
            return None, len(own.left_out)
        return score_pictures(self.scorer, self.thresholds, DIGIT, [own]), len(own.left_out)


class Count(NamedTuple):
    """Of some pictures: digits, those read right, those called sure, those sure and wrong, and
    those missing unsaid.
    """

    digits: int = 0
    right: int = 0
    sure: int = 0
    sure_wrong: int = 0
    unsaid: int = 0

    def plus(self, reader: Reader, picture: np.ndarray, labels: list[int]) -> Count:
        """With one more picture."""
        scored, marks = reader.read(picture)
        if scored is None:
            unsaid = max(0, len(labels) - marks)
            return self._replace(digits=self.digits + len(labels), unsaid=self.unsaid + unsaid)
        got, sure = scored.table["prediction"], scored.table["kind"] == "sure"
        doubts = int((scored.table["doubt"] != "").sum())
        return Count(
            self.digits + len(labels),
            self.right + in_order(got.tolist(), labels),
            self.sure + int(sure.sum()),
            self.sure_wrong + int(sure.sum()) - in_order(got[sure].tolist(), labels),
            self.unsaid + max(0, len(labels) - len(got) - marks - doubts),
        )


def count(reader: Reader, made: Iterable[tuple[np.ndarray, list[int]]]) -> Count:
    """What is read of pictures with the labels of their digits."""
    found = Count()
    for picture, labels in made:
        found = found.plus(reader, picture, labels)
    return found


def main() -> None:
    """Print a Markdown table, a line per kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--calibration", action="store_true", help="not the test digits")
    parser.add_argument("--times", type=int, default=1, help="how many times as many pictures")
    options = parser.parse_args()
    study = load_study()
    thresholds = fit_thresholds(study.held_out["ensemble"].scores)
    reader = Reader(scorer_of(study, "ensemble"), thresholds)
    digits = made_pictures.held_out_digits() if options.calibration else load_test()
    for line in (HEAD, ("---",) * len(HEAD)):
        print(f"| {' | '.join(line)} |")
    for part in options.only or PARTS:
        for row in PARTS[part](reader, digits, options.times):
            print(f"| {part} | {' | '.join(row)} |", flush=True)


def _share(part: int, whole: int) -> str:
    low, high = wilson(part, whole)
    return (
        f"{100 * part / whole:.1f} % [{100 * float(low):.1f}, {100 * float(high):.1f}] of {whole}"
    )


def _kinds(
    reach: str, some: dict[str, Kind], reader: Reader, digits: Digits, times: int
) -> Iterator[tuple[str, ...]]:
    """A row per kind and one for all, every kind counted alike."""
    counts = []
    for name, kind in some.items():
        found = count(reader, pictures(kind, digits, times))
        counts.append(found)
        yield _row(name, found, reach)
    yield (
        "**mean of the kinds**",
        f"**{_mean(counts):.1f} %**",
        reach,
        f"{_mean(counts, 'sure'):.1f} %",
        "",
        str(sum(found.unsaid for found in counts)),
    )


def _mean(counts: list[Count], what: str = "right") -> float:
    return 100 * float(np.mean([getattr(found, what) / found.digits for found in counts]))


def _row(name: str, found: Count, reach: str) -> tuple[str, ...]:
    sure, wrong = (f"{100 * n / found.digits:.1f} %" for n in (found.sure, found.sure_wrong))
    return name, _share(found.right, found.digits), reach, sure, wrong, str(found.unsaid)


def _touching(reader: Reader, digits: Digits, times: int) -> Iterator[tuple[str, ...]]:
    """Pairs: how many are split and read right, and how many are sure and wrong."""
    total = right = wrong = 0
    kind = Kind(2, 100, made_forms.touching, 0.6)
    for picture, labels in pictures(kind, digits, times):
        scored, _ = reader.read(picture)
        total += 1
        if scored is None:
            continue
        got = scored.table["prediction"].tolist()
        right += got == labels
        wrong += got != labels and bool((scored.table["kind"] == "sure").all())
    yield (
        "pairs that touch",
        _share(right, total),
        "≥ 60 %",
        "",
        f"{_share(wrong, total)} (≤ 2 %)",
        "",
    )


def _no_digits(reader: Reader, digits: Digits, times: int) -> Iterator[tuple[str, ...]]:
    """What is no digit: the share of pictures with anything sure on them."""
    for name, make in kinds.NO_DIGITS.items():
        rng = np.random.default_rng(11)
        sure = 0
        for _ in range(100 * times):
            scored, _ = reader.read(make(rng))
            sure += scored is not None and bool((scored.table["kind"] == "sure").any())
        yield name, "", "", f"{_share(sure, 100 * times)} (≤ 2 %)", "", ""


def _photographs(reader: Reader, digits: Digits, times: int) -> Iterator[tuple[str, ...]]:
    """Single digits and numbers, on every paper and by every pen."""
    looks = product(
        ("pen", "pencil", "red pen", "marker"),
        ("white", "yellow", "pink"),
        (None, "ruled", "squared"),
    )
    some = [
        Kind(1, 10, partial(_photograph, tool=tool, colour=colour, lines=lines), 0.98)
        for tool, colour, lines in looks
    ]
    # Other digits for each look: the same ten for all would count each of them 36 times.
    counts = [count(reader, pictures(k, digits, times, seed)) for seed, k in enumerate(some, 11)]
    whole = Count(*map(sum, zip(*counts, strict=True)))
    yield _row(f"single digits, {len(some)} kinds", whole, "≥ 98 %")
    number = Kind(8, 15, partial(made_pictures.number, rows=2), 0.98)
    yield _row("eight in two rows", count(reader, pictures(number, digits, times)), "≥ 98 %")


def _photograph(images: np.ndarray, rng: np.random.Generator, **look: str | None) -> np.ndarray:
    return made_pictures.photograph(images[0], rng, **look)


def _other_writers(reader: Reader, digits: Digits, times: int) -> Iterator[tuple[str, ...]]:
    """Scikit-learn's scans of 8 x 8 pixels: other hands than MNIST's."""
    scans = load_digits()
    made = (
        (np.repeat((255 - image * 255 / 16).astype(np.uint8)[..., None], 3, 2), [int(label)])
        for image, label in zip(scans.images, scans.target, strict=True)
    )
    yield _row("8 x 8 scans of other writers", count(reader, made), "")


def _hands(reader: Reader, digits: Digits, times: int) -> Iterator[tuple[str, ...]]:
    """Digits as hands write them that MNIST hardly knows."""
    for name, (label, _) in HANDS.items():
        rng = np.random.default_rng(11)
        made = ((hand(name, rng), [label]) for _ in range(100 * times))
        yield _row(name, count(reader, made), "")


def _time(reader: Reader, digits: Digits, times: int) -> Iterator[tuple[str, ...]]:
    """A table of 270 digits, from its PNG to its verdicts."""
    kind = Kind(270, 1, partial(made_forms.table, rows=15, tall=20, per_cell=2), 0.95)
    ((picture, labels),) = pictures(kind, digits)
    reader.read(picture)
    clock, processor = time.perf_counter(), time.process_time()
    reader.read(picture)
    took = time.perf_counter() - clock, time.process_time() - processor
    said = f"{took[0]:.2f} s; of the processor {took[1]:.2f} s"
    yield f"a table of {len(labels)}, read and scored", said, "≤ 2 s", "", "", ""


PARTS: dict[str, Callable[[Reader, Digits, int], Iterator[tuple[str, ...]]]] = {
    "forms": partial(_kinds, "≥ 95 %", kinds.FORMS),
    "among": partial(_kinds, "≥ 90 %", kinds.AMONG),
    "alone": partial(_kinds, "≥ 95 %", kinds.ALONE),
    "touching": _touching,
    "no digits": _no_digits,
    "usual": partial(_kinds, "≥ 97 %", kinds.USUAL),
    "photographs": _photographs,
    "writers": _other_writers,
    "hands": _hands,
    "time": _time,
}

if __name__ == "__main__":
    main()
