"""Parts scored on this machine, one after the other, on as many threads as are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from core.batch.plan import Part
from core.batch.score_part import PartScorer, Scored


def score_here(
    load: Callable[[], PartScorer], parts: Sequence[Part], progress: Callable[[int], None]
) -> Iterator[Scored]:
    """Score parts here.

    Args:
        load: Gives what scores them.
        parts: Those that are left.
        progress: Called with rows just scored.

    Yields:
        What came of each part, in their order.

    Raises:
        PlaceError: an output cannot be written.
        NetworkError: the network cannot be run.
    """
    scorer = load()
    for part in parts:
        yield scorer.score(part, progress)
