import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores, order_label_issues

from core.measures import probabilities
from core.review.label_methods import METHODS
from core.review.label_quality import member_log_odds, rank_labels, rank_predictions
from tests.core.trust.made_study import made_predictions, made_values

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def planted():
    """500 digits of 10 classes, 3 members, 20 labels changed at known places."""
    rng = np.random.default_rng(4)
    truth = rng.integers(0, 10, 500)
    logits = rng.normal(size=(3, 500, 10)) + 6 * np.eye(10)[truth]
    members = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    labels, changed = truth.copy(), rng.choice(500, 20, replace=False)
    labels[changed] = (labels[changed] + rng.integers(1, 10, 20)) % 10
    return members, truth, labels, changed


@pytest.mark.parametrize("method", METHODS[:3])
def test_changed_labels_come_first_with_the_right_suggestion(planted, method):
    members, truth, labels, changed = planted
    ranking = rank_labels(members.mean(axis=0), labels, members, method)
    assert set(ranking.index[:20]) == set(changed)
    assert (ranking["suggestion"].loc[changed] == truth[changed]).all()
    assert ranking["label_quality"].is_monotonic_increasing
    assert ranking["label_quality"].between(0, 1).all()
    assert ranking.index.name == "index"


@pytest.mark.parametrize("method", METHODS[1:])
def test_other_methods_rank_as_cleanlab_does(planted, method):
    members, _, labels, _ = planted
    probs = members.mean(axis=0)
    ranking = rank_labels(probs, labels, members, method)
    expected = get_label_quality_scores(labels, probs, method=method)
    assert np.array_equal(ranking.sort_index()["label_quality"], expected)
    issues = find_label_issues(labels, probs, n_jobs=1)
    assert np.array_equal(ranking.sort_index()["label_issue"], issues)
    order = order_label_issues(issues, labels, probs, rank_by=method)
    assert ranking.index[ranking["label_issue"]].tolist() == order.tolist()


@pytest.mark.parametrize("method", METHODS)
def test_without_cleanlab_the_ranking_is_the_same_with_fewer_columns(planted, method):
    members, _, labels, _ = planted
    probs = members.mean(axis=0)
    full = rank_labels(probs, labels, members, method)
    lean = rank_labels(probs, labels, members, method, with_cleanlab=False)
    assert lean.equals(full[lean.columns])
    score = [] if method == METHODS[0] else [method]
    assert list(lean.columns) == ["label", "suggestion", "label_quality", "log_odds", *score]


@pytest.mark.filterwarnings("ignore:May not flag")
def test_one_members_quality_is_the_labels_share_against_its_rival():
    probs = np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3]])
    ranking = rank_labels(probs, np.array([1, 2]))
    assert ranking.index.tolist() == [1, 0]
    assert ranking["label_quality"].tolist() == pytest.approx([0.3 / 0.9, 0.3 / 0.8])
    assert ranking["suggestion"].tolist() == [1, 0]


def test_a_member_that_believes_the_label_counts_against_two_that_do_not():
    sure, torn = 0.01, 0.9
    agree = np.array([[[sure, 1 - sure]], [[sure, 1 - sure]]])
    differ = np.array([[[sure, 1 - sure]], [[torn, 1 - torn]]])
    label = np.array([0])
    assert member_log_odds(agree, label)[0] == pytest.approx(np.log(sure / (1 - sure)))
    expected = (np.log(sure / (1 - sure)) + np.log(torn / (1 - torn))) / 2
    assert member_log_odds(differ, label)[0] == pytest.approx(expected)


@pytest.mark.filterwarnings("ignore:May not flag")
def test_ties_stay_in_the_order_of_the_data_and_equal_calls_give_equal_tables():
    probs = np.tile([0.7, 0.2, 0.1], (50, 1))
    labels = np.zeros(50, int)
    for method in METHODS:
        ranking = rank_labels(probs, labels, method=method)
        assert ranking.index.tolist() == list(range(50))
        assert ranking.equals(rank_labels(probs, labels, method=method))


@pytest.mark.filterwarnings("ignore:May not flag")
def test_probabilities_of_exactly_0_and_1_are_ranked():
    probs = np.array([[1, 0, 0], [1, 0, 0], [0.6, 0.4, 0]], dtype=np.float32)
    ranking = rank_labels(probs, np.array([0, 2, 1]))
    assert ranking.index.tolist() == [1, 2, 0]
    # Of the label and its best rival together, the label's share: 0 / 1, 0.4 / 1 and 1 / 1.
    assert ranking["label_quality"].tolist() == pytest.approx([0, 0.4, 1], abs=1e-6)


@pytest.mark.filterwarnings("ignore:May not flag")
def test_a_single_row_and_a_class_without_labels_are_ranked():
    for label in (0, 1):
        assert len(rank_labels(np.array([[0.2, 0.8]]), np.array([label]))) == 1
    probs = np.full((6, 4), 0.25)
    assert len(rank_labels(probs, np.array([0, 0, 1, 1, 0, 1]))) == 6


def test_permuting_members_or_classes_changes_no_quality(planted):
    members, _, labels, _ = planted
    order = np.random.default_rng(0).permutation(10)
    usual = member_log_odds(members, labels)
    assert member_log_odds(members[::-1], labels) == pytest.approx(usual)
    assert member_log_odds(members[:, :, order], np.argsort(order)[labels]) == pytest.approx(usual)


@pytest.mark.parametrize(
    ("probs", "labels", "options", "message"),
    [
        (np.ones((2, 3)), [0, 1], {}, "sum to 1"),
        (np.full((2, 2), np.nan), [0, 1], {}, "sum to 1"),
        (np.array([[1.5, -0.5]]), [0], {}, "0 or more"),
        (np.full((2, 2), 0.5), [0], {}, "labels"),
        (np.full((2, 2), 0.5), [0, 2], {}, "labels"),
        (np.full((2, 2), 0.5), [0, -1], {}, "labels"),
        (np.full((2, 2), 0.5), [0.0, 1.0], {}, "labels"),
        (np.full((0, 2), 0.5), [], {}, "probs"),
        (np.full((2, 2), 0.5), [0, 1], {"method": "best"}, "method"),
        (np.full((2, 2), 0.5), [0, 1], {"member_probs": np.full((2, 2), 0.5)}, "member_probs"),
    ],
)
def test_a_wrong_argument_is_named(probs, labels, options, message):
    with pytest.raises(ValueError, match=message):
        rank_labels(probs, np.array(labels), **options)


def test_importing_the_module_leaves_cleanlab_and_scikit_learn_unloaded():
    program = (
        "import sys, core.review.label_quality;"
        "sys.exit(sorted({'cleanlab', 'sklearn'} & set(sys.modules)) or 0)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@pytest.mark.parametrize(("num_members", "kind"), [(1, "logits"), (3, "logits"), (2, "counts")])
def test_many_classes_are_ranked_by_numpy_as_by_the_compiled_graph(num_members, kind, monkeypatch):
    values, labels = made_values(400, 30, num_members)
    if kind == "counts":
        values = np.round(np.exp(values)) + 1
    model, rows = made_predictions(values, labels, kind, temperature=1.3), np.arange(400)[::-3]
    monkeypatch.setattr(probabilities, "BLOCK_VALUES", 17 * 30 * num_members)
    compiled = rank_predictions(model, labels, rows, with_cleanlab=False).sort_index()
    monkeypatch.setattr(probabilities, "COMPILED_VALUES", 0)
    found = rank_predictions(model, labels, rows, with_cleanlab=False).sort_index()
    assert (found[["label", "suggestion"]] == compiled[["label", "suggestion"]]).all(axis=None)
    np.testing.assert_allclose(found["log_odds"], compiled["log_odds"], atol=1e-4)  # of the logits
