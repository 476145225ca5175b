"""Whether values can be measured at all, found out without measuring them."""

from __future__ import annotations

import numpy as np

from core.study.predictions import LARGEST, SHARES, Kind


def check_rows(part: np.ndarray, kind: Kind, start: int = 0) -> None:
    """Refuse the first row that has no measures.

    Args:
        part: Values (S, n, K) of some items.
        kind: What they are.
        start: The row of the first of them, counted from 0.

    Raises:
        ValueError: a value is not finite or beyond LARGEST, or a row of shares sums to 0. A
            log-probability may be -inf where another of its row is not.
    """
    if _are_plain(part, kind):
        return
    shares = kind in SHARES
    sums = part.sum(-1, dtype=np.float64) if shares else part.max(-1)
    good = np.isfinite(sums) & (sums > 0 if shares else ~np.isnan(part).any(-1))
    if kind == "logits":
        good &= ~np.isneginf(part).any(-1)
    if part.dtype.itemsize > np.dtype(np.float16).itemsize:
        good &= ~((np.abs(part) > LARGEST) & np.isfinite(part)).any(-1)
    strange = np.flatnonzero(~good.all(0))
    if len(strange):
        row = start + int(strange[0])
        raise ValueError(
            f"row {row} holds a value that is not finite or beyond {LARGEST:g}, or shares that sum"
            " to 0"
        )


def _are_plain(part: np.ndarray, kind: Kind) -> bool:
    """Whether every row's sum says that all is well, as it nearly always does; in a third of the
    time that the other tests take. Of logits it is that of squares, which large ones overflow.
    """
    if part.dtype not in (np.float32, np.float64):
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        if kind in SHARES:
            sums = np.einsum("snk->sn", part)
        else:
            sums = np.einsum("snk,snk->sn", part, part)
    return bool(((sums < LARGEST) & ((sums > 0) | (kind not in SHARES))).all())
