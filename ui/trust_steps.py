"""What the Trust page computes at first, step by step: the rest of a section is then quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial

from core.measures.filters import Filter
from core.trust.calibration import NUM_BINS, Bins
from ui import long_work, trust_answers
from ui.long_work import Step
from ui.picked import Picked
from ui.trust_sets import judged_order


def prepare(
    section: str,
    models: list[Picked],
    wanted: Filter,
    factor: float = 1.0,
    num_bins: int = NUM_BINS,
    bins: Bins = "width",
) -> None:
    """Fill the caches of a section, with a bar where that takes more than a second.

    Args:
        section: "calibration", "declining" or "sets".
        models: Those that the section shows.
        wanted: The filter.
        factor: Times the models' temperatures; as the bins only of calibration.
        num_bins: Of the diagram at that factor.
        bins: Of equal "width" or "count".
    """
    shown = (factor, num_bins, bins)
    steps = [step for model in models for step in _steps(section, model, wanted, *shown)]
    key = (section, *(model.key for model in models), wanted, *shown)
    long_work.prepare(key, steps, max((model.num_values for model in models), default=0))


def _steps(
    section: str, model: Picked, wanted: Filter, factor: float, num_bins: int, bins: Bins
) -> Iterator[Step]:
    key, title = model.key, model.title
    yield f"Reading the probabilities of {title}", partial(trust_answers.choice, key)
    if section == "calibration":
        yield from _of_calibration(model, wanted, factor, num_bins, bins)
    elif section == "declining":
        drawn = partial(trust_answers.drawn_curves, key, wanted)
        yield f"Following risk and coverage of {title}", drawn
        yield f"Judging the measures of {title}", partial(trust_answers.detections, key, wanted)
    else:
        yield f"Ordering the classes of {title}", partial(judged_order, key, wanted)


def _of_calibration(
    model: Picked, wanted: Filter, factor: float, num_bins: int, bins: Bins
) -> Iterator[Step]:
    key, title = model.key, model.title
    if model.model.has_distribution:
        yield f"Fitting a temperature to {title}", partial(trust_answers.best_temperature, key)
    for times in dict.fromkeys((1.0, factor)):
        at = "" if times == 1 else f" at {times:g} times its temperature"
        works: list[Callable[[], object]] = [partial(trust_answers.numbers, key, wanted, times)]
        if times == factor:
            shown: list[tuple[int, Bins]] = [(num_bins, bins)]
            if model.model.has_distribution:  # its table of temperatures has bins of its own
                shown.append((NUM_BINS, "width"))
            for each in dict.fromkeys(shown):
                works.append(partial(trust_answers.diagram, key, wanted, times, *each))
            works.append(partial(trust_answers.claims, key, wanted, times))
        yield f"Computing the metrics of {title}{at}", partial(_at_once, works)


def _at_once(works: list[Callable[[], object]]) -> None:
    """Each in a thread of its own: NumPy computes outside of Python's lock."""
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(copy_context().run, work) for work in works]:
            done.result()
