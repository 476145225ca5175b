"""Small studies that the tests write."""

import numpy as np
import pyarrow as pa

from core.stored.folder import NewModel, NewStudy
from core.study.dataset import UNLABELLED, Noun

NUM_ITEMS, CLASSES = 30, ("cat", "dog", "owl")


def made_study(seed=0, **changes):
    """Everything that a study can hold, but for pictures."""
    rng = np.random.default_rng(seed)
    shape = 2, NUM_ITEMS, len(CLASSES)
    features = rng.normal(size=(NUM_ITEMS, 4)).astype(np.float32)
    full = NewModel(
        "Net 1", "Network", "logits", values=rng.normal(size=shape), features=features,
        temperature=1.5, out_of_sample=True,
    )  # fmt: skip
    top = NewModel(
        "Top", "Top one", tier="top-1", prediction=rng.integers(0, 3, NUM_ITEMS),
        confidence=rng.random(NUM_ITEMS),
    )  # fmt: skip
    answers = NewModel(
        "Answers", "Answers", tier="answers", prediction=rng.integers(0, 3, NUM_ITEMS)
    )
    items = pa.table({"text": [f"text {n}" for n in range(NUM_ITEMS)], "age": range(NUM_ITEMS)})
    parts = {
        "title": "Animals: a study",
        "class_names": CLASSES,
        "models": [full, top, answers],
        "labels": rng.integers(UNLABELLED, 3, NUM_ITEMS),
        "noun": Noun("animal", "animals"),
        "ids": [f"id-{n}" for n in range(NUM_ITEMS)],
        "items": items,
        "text": "text",
        "held_out": {"Net 1": (rng.integers(0, 3, 7), rng.normal(size=(2, 7, 3)))},
        "num_people": rng.integers(1, 9, NUM_ITEMS).astype(np.int32),
        "label_shares": rng.dirichlet(np.ones(3), NUM_ITEMS).astype(np.float32),
        "report": {"rows": 30, "asked": ["kind"]},
        "sources": ("animals.csv",),
    }
    return NewStudy(**{**parts, **changes})


def content(folder):
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
