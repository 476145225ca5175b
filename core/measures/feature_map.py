"""A place on a plane for each item, from what the network sees: neighbours look alike to it.

Run as a module in a process of its own, which others can end at any moment:
`python -m core.measures.feature_map FEATURES.npy MAP.npy` prints how far t-SNE is.
N items, D features.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import numpy as np

Method = Literal["t-SNE", "principal directions"]
MOST_FOR_TSNE = 20_000
"""Items up to which t-SNE ends within minutes; of more the principal directions are taken."""
NUM_STEPS = 1_000
_PERPLEXITY, _FEWEST, _KEPT = 30.0, 5, 50
_BLOCK = 10_000


def method_for(num_items: int) -> Method:
    """How so many items are laid out."""
    return "t-SNE" if _FEWEST <= num_items <= MOST_FOR_TSNE else "principal directions"


def feature_map(features: np.ndarray) -> np.ndarray:
    """A place on a plane for each item, float32 (N, 2).

    Up to 20,000 items by t-SNE, of the 50 principal directions where there are more features;
    beyond by the first two principal directions. Equal features get equal places or neighbouring
    ones; of t-SNE neighbourhoods mean something, distances and directions do not.

    Args:
        features: Float (N, D), without nan or infinity.

    Raises:
        ValueError: a feature is no finite number; names the row.

    Reference: van der Maaten, Hinton 2008, "Visualizing Data using t-SNE".
    """
    num_items, num_features = features.shape
    kept = principal_directions(features, min(_KEPT, num_features, num_items))
    if method_for(num_items) == "principal directions" or not kept.any():
        plane = np.zeros((num_items, 2), np.float32)
        plane[:, : kept.shape[1]] = kept[:, :2]
        return plane
    from sklearn.manifold import TSNE  # noqa: PLC0415 - half a second, which few need

    layout = TSNE(
        init="pca" if kept.shape[1] > 1 else "random",
        perplexity=min(_PERPLEXITY, (num_items - 1) / 3),
        max_iter=NUM_STEPS,
        random_state=0,
        verbose=2,
    )
    return layout.fit_transform(kept).astype(np.float32)


def principal_directions(features: np.ndarray, number: int) -> np.ndarray:
    """The features along their directions of largest variance, float32 (N, number).

    Read twice, some thousand rows at a time. The sign of each direction is the one that makes its
    largest weight positive.

    Args:
        features: Float (N, D), in memory or memory-mapped.
        number: At most D.

    Raises:
        ValueError: a feature is no finite number; names the row.

    Reference: Pearson 1901, "On lines and planes of closest fit to systems of points in space".
    """
    num_items, num_features = features.shape
    sums, products = np.zeros(num_features), np.zeros((num_features, num_features))
    for start in range(0, num_items, _BLOCK):
        block = np.asarray(features[start : start + _BLOCK], np.float64)
        if len(bad := np.flatnonzero(~np.isfinite(block).all(1))):
            raise ValueError(f"the features of row {start + bad[0]:,} hold NaN or infinity")
        sums += block.sum(0)
        products += block.T @ block
    mean = sums / num_items
    _, directions = np.linalg.eigh(products / num_items - np.outer(mean, mean))
    directions = directions[:, ::-1][:, :number]
    largest = directions[np.abs(directions).argmax(0), np.arange(directions.shape[1])]
    directions = directions * np.where(largest < 0, -1, 1)
    placed = np.zeros((num_items, directions.shape[1]), np.float32)
    for start in range(0, num_items, _BLOCK):
        block = np.asarray(features[start : start + _BLOCK], np.float64)
        placed[start : start + _BLOCK] = (block - mean) @ directions
    return placed


def main(source: str, target: str) -> None:
    """Lay out the features of one file into another."""
    features = np.load(source, mmap_mode="r", allow_pickle=False)
    with Path(target).open("wb") as file:
        np.save(file, feature_map(features), allow_pickle=False)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ValueError, OSError, MemoryError) as error:
        sys.exit(f"penumbra: {error}")
