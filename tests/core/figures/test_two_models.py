"""The figures and sentences of a comparison: what they draw is what was found."""

import numpy as np
import pytest

from core.figures import two_models as figures
from core.figures import two_models_scatter
from core.figures import two_models_sentences as sentences
from core.figures.two_models_scatter import confidence_figure, some_points
from core.trust.comparison import compare
from core.trust.side_by_side import side_by_side
from tests.core.trust.made_study import TEXT, made_predictions, made_study, made_values

TITLES = ("The one", "The other")


def made(num_items=200, num_classes=4, change=0.8, seed=0):
    values, labels = made_values(num_items, num_classes, seed=seed)
    more, _ = made_values(num_items, num_classes, seed=seed + 1)
    models = {
        "one": made_predictions(values, labels),
        "other": made_predictions(values + np.float32(change) * more, labels, name="other"),
    }
    return made_study(models, labels, num_classes)


@pytest.fixture(scope="module")
def study():
    return made()


@pytest.fixture(scope="module")
def found(study):
    return compare(study, "one", "other")


def test_every_item_is_a_point_that_carries_its_row(study):
    table = side_by_side(study, "one", "other")
    figure = confidence_figure(table, TITLES, False, TEXT)
    traces = [trace for trace in figure.data if trace.customdata is not None]
    assert sorted(np.concatenate([trace.customdata for trace in traces])) == list(range(200))
    for trace in traces:
        rows = table.loc[trace.customdata]
        assert trace.x == pytest.approx(rows["first_confidence"])
        assert trace.y == pytest.approx(rows["second_confidence"])


def test_of_very_many_items_none_that_tells_the_models_apart_is_left_out(study, monkeypatch):
    monkeypatch.setattr(two_models_scatter, "MOST_POINTS", 120)
    table = side_by_side(study, "one", "other")
    drawn = some_points(table)
    assert len(drawn) <= 120
    apart = table[table["outcome"] != "both_right"]
    assert set(apart.index) <= set(drawn.index)
    names = [t.name for t in confidence_figure(table, TITLES, False, TEXT).data if t.name]
    assert any("drawn" in name for name in names)


def test_a_difference_is_drawn_on_the_side_of_the_better_model(found):
    figure = figures.differences_figure(found.differences, TITLES)
    dots = [trace for trace in figure.data if trace.mode == "markers+text"]
    assert len(dots) == 5
    for dot, (name, one) in zip(dots, found.differences.items(), strict=True):
        better = one.difference.value * (1 if name == "accuracy" else -1)
        assert np.sign(dot.x[0]) == np.sign(better)


def test_every_label_is_drawn_once_and_many_labels_are_cut_to_those_that_chance_explains_worst():
    wide = made(900, 60)
    by_class = compare(wide, "one", "other").by_class
    figure = figures.classes_figure(by_class, wide.dataset.class_names, TEXT)
    assert sum(len(trace.x) for trace in figure.data) == 30
    assert "30 of 60" in figure.layout.xaxis.title.text


def test_mistakes_left_start_at_all_mistakes(found):
    figure = figures.mistakes_left_figure(found.curves, TITLES, TEXT)
    for trace, side in zip(figure.data, (found.first, found.second), strict=True):
        assert trace.x[0] == pytest.approx(0)
        assert trace.y[0] == (~side.correct).sum()


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((3, 2, 4), "The other fixes 3 of the 7 mistakes of the one and adds 2 of its own."),
        ((1, 0, 0), "The other fixes the only mistake of the one and adds none."),
        ((0, 2, 1), "The other fixes none of the only mistake of the one and adds 2 of its own."),
        ((0, 2, 0), "The other makes 2 mistakes where the one makes none."),
        ((0, 0, 3), "The other and the one have the same 3 texts wrong."),
        ((0, 0, 0), "The other and the one have everything right."),
    ],
)
def test_the_headline_reads_as_a_sentence(counts, said):
    fixed, broken, both = counts
    num_items = sum(counts) + 5
    labels = np.zeros(num_items, int)
    answers = [np.zeros(num_items, int) for _ in range(2)]
    answers[0][: fixed + both] = 1
    answers[1][fixed : fixed + both + broken] = 1
    models = {
        name: made_predictions(10 * np.eye(2, dtype=np.float32)[codes][None], labels, name=name)
        for name, codes in zip(("one", "other"), answers, strict=True)
    }
    found = compare(made_study(models, labels, 2), "one", "other")
    assert sentences.headline(found, TITLES, TEXT) == said


def test_the_sentence_on_labels_says_how_many_it_allows_for(found):
    text = sentences.describe_classes(found.by_class, ("a", "b", "c", "d"), TITLES)
    assert "allowing for 4 labels by Holm’s correction" in text
