"""Penumbra from Python: `penumbra.show(probs=p, labels=y)` puts the dashboard into the cell.

The app runs in a process of its own. Importing this loads the standard library alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penumbra.shown import Shown

__all__ = ["save", "show"]


def show(
    probs: Any = None,
    labels: Any = None,
    *,
    images: Any = None,
    texts: Any = None,
    columns: Any = None,
    ids: Any = None,
    features: Any = None,
    predictions: Any = None,
    confidence: Any = None,
    class_names: Any = None,
    held_out: Any = None,
    kind: str | None = None,
    title: str = "From Python",
    noun: str = "item",
    answers: Mapping[str, str] | None = None,
    port: int | None = None,
    height: int = 800,
) -> Shown:
    """Show a classifier's predictions: in a notebook's cell, or at the `url` of what is returned.

    Arrays may be NumPy's, PyTorch's or any library's that knows `__array__` or `__dlpack__`; tables
    pandas', Polars', Arrow's or Hugging Face's. S members, N items, K classes.

    Args:
        probs: (N, K), or (S, N, K) of an ensemble; a mapping of such by the models' names; a table
            with everything in its columns; or the path of a file.
        labels: The true classes (N,), as codes or names, None where not known; or (N, K) one-hot or
            shares.
        images: (N, H, W), (N, H, W, 3) or (N, 3, H, W); or a list of arrays, pictures or paths.
        texts: One per item.
        columns: A table, or a mapping, of what else is known of the items.
        ids: N unique names; the row numbers if None.
        features: (N, D), what the network sees just before its scores.
        predictions: The predicted classes (N,), where there are no probabilities.
        confidence: Of those, (N,) in [0, 1].
        class_names: K names in the order of the columns.
        held_out: (probs, labels) of other items, on which thresholds are chosen.
        kind: What `probs` are, if it does not show: "probabilities", "logits",
            "log-probabilities", "votes" or "counts".
        title: Of what is shown.
        noun: What an item is called: "image", or "leaf/leaves".
        answers: To what was asked, by the question's key.
        port: Of this machine; a free one if None.
        height: Of the frame in the cell, in pixels.

    Raises:
        ValueError: the data cannot be understood, or a question is open; one sentence says what.
        OSError: the app could not be started, or the port is in use.
    """
    from penumbra.shown import start

    arguments = {
        "probs": probs, "labels": labels, "images": images, "texts": texts, "columns": columns,
        "ids": ids, "features": features, "predictions": predictions, "confidence": confidence,
        "class_names": class_names, "held_out": held_out, "kind": kind, "title": title,
        "noun": noun, "answers": answers,
    }  # fmt: skip
    return start({k: v for k, v in arguments.items() if v is not None}, port, height)


def save(key: str, **arguments: Any) -> str:
    """Save predictions as a study that the dashboard lists, as the command `open` does.

    Args:
        key: Of the study, for its link: lower-case letters, digits and hyphens.
        arguments: As `show` takes them, but for `port` and `height`.

    Returns:
        The study's link, below the address of a dashboard.

    Raises:
        ValueError: the data cannot be understood, a question is open, or the key is taken.
    """
    import inspect

    from penumbra.shown import keep

    known = set(inspect.signature(show).parameters) - {"port", "height"}
    if strange := sorted(set(arguments) - known):
        raise TypeError(f"save takes no {strange[0]!r}; it takes {', '.join(sorted(known))}.")
    return keep(key, {k: v for k, v in arguments.items() if v is not None})
