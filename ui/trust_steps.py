"""What the Trust page computes at first, step by step: the rest of a section is then quick."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from core.measures.filters import Filter
from ui import long_work, trust_answers
from ui.long_work import Step
from ui.picked import Picked
from ui.trust_sets import judged_order


def prepare(section: str, models: list[Picked], wanted: Filter, factor: float = 1.0) -> None:
    """Fill the caches of a section, with a bar where that takes more than a second.

    Args:
        section: "calibration", "declining" or "sets".
        models: Those that the section shows.
        wanted: The filter.
        factor: Times the models' temperatures; only of calibration.
    """
    steps = [step for model in models for step in _steps(section, model, wanted, factor)]
    key = (section, *(model.key for model in models), wanted, factor)
    long_work.prepare(key, steps, max((model.num_values for model in models), default=0))


def _steps(section: str, model: Picked, wanted: Filter, factor: float) -> Iterator[Step]:
    key, title = model.key, model.title
    yield f"Reading the probabilities of {title}", partial(trust_answers.choice, key)
    if section == "calibration":
        yield from _of_calibration(model, wanted, factor)
    elif section == "declining":
        yield f"Ordering the items of {title}", partial(trust_answers.chosen_curves, key)
        yield f"Following risk and coverage of {title}", partial(trust_answers.curves, key, wanted)
        yield f"Judging the measures of {title}", partial(trust_answers.detections, key, wanted)
    else:
        yield f"Ordering the classes of {title}", partial(judged_order, key, wanted)


def _of_calibration(model: Picked, wanted: Filter, factor: float) -> Iterator[Step]:
    key, title = model.key, model.title
    if model.model.has_distribution:
        yield f"Fitting a temperature to {title}", partial(trust_answers.best_temperature, key)
    for times in dict.fromkeys((1.0, factor)):
        at = "" if times == 1 else f" at {times:g} times its temperature"
        numbers = partial(trust_answers.numbers, key, wanted, times)
        yield f"Computing the metrics of {title}{at}", numbers
