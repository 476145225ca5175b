"""scikit-learn's 8 × 8 digits by a random forest; groups of its trees are an ensemble's members.

`python -m examples.digits` saves them as a study that the dashboard lists.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

import penumbra

NUM_MEMBERS, NUM_TREES = 10, 30


def predictions() -> dict[str, Any]:
    """What `penumbra.show` and `penumbra.save` take, on digits that the forest never saw."""
    digits = load_digits()
    rows = np.arange(len(digits.target))
    train, rest = train_test_split(rows, train_size=0.5, random_state=0)
    held_out, test = train_test_split(rest, train_size=0.3, random_state=0)
    forest = RandomForestClassifier(NUM_MEMBERS * NUM_TREES, random_state=0)
    forest.fit(digits.data[train], digits.target[train])

    def member_probs(rows: np.ndarray) -> np.ndarray:
        trees = np.stack([tree.predict_proba(digits.data[rows]) for tree in forest.estimators_])
        return trees.reshape(NUM_MEMBERS, NUM_TREES, *trees.shape[1:]).mean(1)  # (S, N, K)

    apart = member_probs(held_out), digits.target[held_out]
    return {"probs": member_probs(test), "labels": digits.target[test], "ids": test,
            "images": digits.images[test] / 16, "noun": "digit", "held_out": apart}  # fmt: skip


if __name__ == "__main__":
    print(penumbra.save("digits", title="Digits, 8 × 8", **predictions()))
