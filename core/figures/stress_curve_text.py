"""One image as it gets worse, in words: where the answer changes, and how sure the model was."""

from __future__ import annotations

from core.figures.stress_curve import lines_of
from core.stress.curve import Curve
from core.study.dataset import Noun
from core.trust.wording import percent

MOST_CHANGES = 6


def describe_curve(curve: Curve, class_names: tuple[str, ...], noun: Noun) -> str:
    """Where the answer changes, and how sure the model was there, in a few sentences."""
    start, answers, probs = curve.start, curve.answers, curve.mean_probs
    sure = percent(float(probs[start].max()), 1)
    said = [f"Unchanged, the {noun.one} is read as {class_names[answers[start]]} with {sure}."]
    changes = curve.changes()
    later = [(c.step, c.after) for c in changes if c.step > start]
    earlier = [(c.step - 1, c.before) for c in reversed(changes) if c.step <= start]
    if not changes:
        lowest = int(probs.max(1).argmin())
        said.append(
            f"The answer stays the same all the way; the model is least sure at"
            f" {curve.way.text(curve.amounts[lowest])}, with"
            f" {percent(float(probs[lowest].max()), 1)}."
        )
    if later:
        said.append(f"It becomes {_told(curve, later, class_names)}.")
    if earlier:
        way = "The other way it" if later else "It"
        said.append(f"{way} becomes {_told(curve, earlier, class_names)}.")
    if changes and curve.num_members > 1:
        said.append(_whose_doubt(curve, (later or earlier)[0][0]))
    return " ".join(said)


def _told(curve: Curve, turns: list[tuple[int, int]], class_names: tuple[str, ...]) -> str:
    """What becomes of the answer, from the unchanged image outward."""
    parts = [
        f"{class_names[code]} at {curve.way.text(curve.amounts[step])}"
        for step, code in turns[:MOST_CHANGES]
    ]
    if more := len(turns) - len(parts):
        parts.append(f"{more} more {'class' if more == 1 else 'changes'} further on")
    sure = percent(float(curve.mean_probs[turns[0][0]].max()), 1)
    parts[0] += f" (with {sure})"
    return ", then ".join(parts)


def _whose_doubt(curve: Curve, step: int) -> str:
    """Which part of the entropy is the members' disagreement, at a step."""
    row = curve.row(step)
    aleatoric, epistemic = row["expected_entropy"], row["mutual_information"]
    share = percent(epistemic / max(aleatoric + epistemic, 1e-12), 0)
    return f"At {curve.way.text(curve.amounts[step])}, {share} of its entropy is epistemic."


def describe_chart(curve: Curve, class_names: tuple[str, ...], noun: Noun) -> str:
    """The chart for who cannot see it."""
    names = ", ".join(class_names[code] for code in lines_of(curve))
    return (
        f"Lines over {len(curve.amounts)} steps of {curve.way.title}: the probabilities of"
        f" {names}, below them the doubts. {describe_curve(curve, class_names, noun)}"
    )
