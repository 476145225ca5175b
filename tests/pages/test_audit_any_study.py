"""The audit of a study that came with no word on where its probabilities are from."""

import numpy as np
import pytest

from core.review.label_methods import METHODS
from tests.pages.any_study import (
    metric,
    opened,
    said,
    without_faults,
)
from tests.pages.random_studies import random_study, some_unlabelled


def test_a_class_beyond_the_keys_is_found_by_typing_with_the_suggestion_first(written):
    new = random_study(num_classes=20)
    at = opened("audit", written(new))
    box = next(each for each in at.selectbox if each.label == "Relabel as")
    row = int(box.key.split()[-1])
    suggestion = int(new.models[0].values[0, row].argmax())
    assert box.options[0] == new.class_names[suggestion]
    assert sorted(box.options) == sorted(new.class_names)
    other = next(k for k in range(20) if k not in {suggestion, new.labels[row]})
    box.set_value(other).run()
    at.button(key="relabel").click().run()
    assert not at.exception
    assert metric(at, "Settled") == "1 of 40"
    assert metric(at, "Relabelled") == "1"
    at.button(key="undo").click().run()
    assert f"Thing {row} " in at.header[0].value


@pytest.mark.parametrize(("answer", "follows"), [("yes", ""), ("no", "was fitted on these labels")])
def test_whether_the_model_saw_the_labels_is_asked_once_and_kept_in_the_link(
    answer, follows, written
):
    key = written(random_study(out_of_sample=None))
    question = "fitted on these very labels?"
    at = opened("audit", key)
    assert question in said(at)
    assert "repeats the labels" in said(at)
    at.button(key=f"unseen {answer}").click().run()
    assert question not in said(at)
    assert at.query_params["unseen"] == [key, "net", answer]
    assert follows in said(at)
    assert question not in said(opened("audit", key, unseen=[key, "net", answer]))
    assert question in said(opened("audit", key, unseen=["another", "net", answer]))
    assert question not in said(opened("audit", written(random_study(), "known")))


@pytest.mark.parametrize("method", METHODS[1:])
@pytest.mark.parametrize(
    "changes",
    [
        {"num_classes": 1_000, "num_items": 60},
        {"labels": np.zeros(40, int), "num_classes": 2},
        {"labels": some_unlabelled(np.arange(40) % 3), "num_members": 5},
        {"num_items": 1},
        {"kind": "votes", "num_members": 5},
    ],
    ids=["thousand", "one class", "some labels", "one item", "votes"],
)
def test_every_ranking_opens_on(method, changes, written):
    at = without_faults(opened("audit", written(random_study(**changes)), rank=method))
    assert "Place 1 of" in said(at)
