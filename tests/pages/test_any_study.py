"""Every page on studies of every kind: none raises."""

import re
from dataclasses import replace

import numpy as np
import pytest

from core.study.dataset import UNLABELLED
from tests.pages.any_study import (
    PAGES,
    TABLE,
    TEXTS,
    html,
    opened,
    said,
    spec,
    without_faults,
)
from tests.pages.random_studies import ids, random_study, some_unlabelled

KINDS = {
    "two classes": {"num_classes": 2},
    "two classes, members, held out": {"num_classes": 2, "num_members": 5, "held_out": True},
    "members, features, grey": {"num_members": 5, "features": 4, "pictures": "grey arrays"},
    "colour, held out": {"pictures": "colour arrays", "held_out": True, "features": 3},
    "pictures of many sizes, odd ids": {"pictures": "bytes", "ids": ids(40)},
    "pictures that are away": {"pictures": "files"},
    "texts, odd names": {"num_classes": 6, "items": TEXTS, "text": "text", "ids": ids(40)},
    "columns, some labels": {
        "items": TABLE, "labels": some_unlabelled(np.arange(40) % 3), "out_of_sample": None,
    },
    "no labels": {"labels": None, "num_members": 5},
    "no label that is known": {"labels": np.full(40, UNLABELLED)},
    "probabilities": {"kind": "probabilities", "num_classes": 4},
    "log-probabilities": {"kind": "log-probabilities", "num_members": 5},
    "votes of many": {"kind": "votes", "num_members": 5},
    "counts": {"kind": "counts", "num_classes": 6},
    "thousand": {"num_classes": 1_000, "num_items": 60},
    "thousand, members, held out, features": {
        "num_classes": 1_000, "num_members": 5, "held_out": True, "features": 8,
        "pictures": "colour arrays",
    },
    "thousand, top-1": {"num_classes": 1_000, "tier": "top-1"},
    "twenty": {"num_classes": 20, "out_of_sample": None},
    "top-1": {"tier": "top-1", "pictures": "grey arrays"},
    "top-1, no labels": {"tier": "top-1", "labels": None},
    "answers": {"tier": "answers", "items": TABLE},
    "answers, no labels": {"tier": "answers", "labels": None},
    "answers, thousand": {"tier": "answers", "num_classes": 1_000},
    "one item": {"num_items": 1},
    "two items": {"num_items": 2},
    "two items, held out": {"num_items": 2, "held_out": True, "num_members": 5},
    "one label": {"labels": np.array([1] + 39 * [UNLABELLED])},
    "one class only": {"labels": np.zeros(40, int), "features": 2},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_opens_on(kind, written):
    key, changes = written(random_study(**KINDS[kind])), KINDS[kind]
    chosen = changes.get("ids", ["0"])[0]
    for page in PAGES:
        link = {"id": chosen} if page == "explore" or "trust" in page else {}
        at = without_faults(opened(page, key, **link))
        assert "<b>" not in spec(at), "Plotly would read a name as HTML"
        assert "<i>" not in html(at)
        assert "link says" not in said(at), said(at)
        if page != "glossary":  # whose prose tells where the project comes from
            assert not re.search("MNIST|article|digit", said(at) + spec(at)), said(at)


def test_models_of_every_tier_stand_beside_each_other_and_none_is_lost_in_silence(written):
    full, other, top, answers = (
        random_study(model_title=title, **changes).models[0]
        for title, changes in (
            ("Same title", {"num_members": 5}),
            ("Same title", {"kind": "votes"}),
            ("Top", {"tier": "top-1"}),
            ("Answers", {"tier": "answers"}),
        )
    )
    models = [
        replace(model, name=f"net-{n}")
        for n, model in enumerate((full, other, top, answers, *5 * [full]))
    ]
    key = written(random_study(models=models))
    carried = {"view": "entropy", "sort": "margin", "id": "3", "percent": ["0", "50"]}
    for model in ("net-0", "net-1", "net-2", "net-3"):
        for page in PAGES:
            without_faults(opened(page, key, model=model, **carried))
    at = opened("trust calibration", key)
    assert "Answers has predicted classes only, so it is not among these" in said(at)
    assert "Of 9 models 4 more are not among these" in said(at)
    assert "Same title (net-0)" in said(at)
    assert "Same title (net-1)" in said(at)
    at = opened("trust sets", key)
    assert "Top came without the probabilities of all classes, so it is not among these" in said(at)
