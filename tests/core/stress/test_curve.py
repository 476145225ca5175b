import numpy as np
import pytest

from core.corruptions.kinds import corrupt_by
from core.figures.stress_curve import curve_figure, lines_of, pictured
from core.figures.stress_curve_text import describe_curve
from core.measures.verdict import FOREIGN, fit_thresholds
from core.measures.verdict import KINDS as ANSWERS
from core.networks.scoring import score_images, scorer_of
from core.stress.curve import NUM_STEPS, WAYS, Curve, Layer, curve_along, steps_of
from core.study.dataset import Noun
from examples.mnist import load_study

STUDY = load_study()
IMAGE, OTHER = (STUDY.dataset.images.image(row) for row in (0, 11))
NAMES = STUDY.dataset.class_names


@pytest.fixture(scope="module")
def curve():
    thresholds = fit_thresholds(STUDY.held_out["ensemble"].scores)
    layers = (Layer("gaussian_noise", 0.05),)
    return curve_along(scorer_of(STUDY, "ensemble"), thresholds, IMAGE, "rotate", layers)


@pytest.mark.parametrize("way", WAYS)
def test_a_way_has_61_steps_and_meets_the_image_where_nothing_is_changed(way):
    amounts, images = steps_of(IMAGE, way, target=OTHER)
    assert len(amounts) == len(images) == NUM_STEPS == 61
    np.testing.assert_array_equal(images[np.abs(amounts - WAYS[way].neutral).argmin()], IMAGE)
    if way in ("morph", "fade"):
        np.testing.assert_array_equal(images[-1], OTHER)


def test_layers_lie_on_every_step_alike():
    _, plain = steps_of(IMAGE, "fade", target=IMAGE)
    _, noisy = steps_of(IMAGE, "fade", [Layer("gaussian_noise", 0.2)], IMAGE)
    assert (noisy == noisy[0]).all() and (noisy[0] != plain[0]).any()
    _, turned = steps_of(IMAGE, "contrast", [Layer("rotate", 90)])
    np.testing.assert_array_equal(turned[-1], np.rot90(IMAGE))


def test_a_curve_is_what_score_says_of_its_images(curve):
    table = score_images(scorer_of(STUDY, "ensemble"), curve.images)
    for name in ("confidence", "mutual_information", "atypicality"):
        np.testing.assert_allclose(curve.measures[name], table[name], atol=1e-5)
    np.testing.assert_allclose(curve.member_probs.mean(1), curve.mean_probs, atol=1e-5)
    assert set(curve.kinds) <= set(ANSWERS) and len(curve.kinds) == 61
    foreign = scorer_of(STUDY, "ensemble").predict(curve.images).foreign
    np.testing.assert_allclose([curve.row(t)["foreign"] for t in range(61)], foreign, atol=1e-3)
    strange = np.flatnonzero(foreign > 1 - FOREIGN)
    assert "sure" not in {curve.kinds[t] for t in strange}


def made(answers):
    """A curve of one network that gives these answers at steps 0, 1, 2 …"""
    answers = np.array(answers)
    probs = np.full((len(answers), 3), 0.1, np.float32)
    probs[np.arange(len(answers)), answers] = 0.8
    amounts = np.linspace(-1, 1, len(answers))
    images = np.zeros((len(answers), 4, 4), np.uint8)
    measures = {"predictive_entropy": np.zeros(len(answers))}
    return Curve(WAYS["shift_right"], amounts, images, probs, probs[:, None], measures, ())


def test_changes_are_where_one_answer_follows_another_and_are_said_outward():
    found = made([2, 2, 0, 0, 0, 1, 0])
    changes = [(c.step, c.before, c.after) for c in found.changes()]
    assert changes == [(2, 2, 0), (5, 0, 1), (6, 1, 0)]
    text = describe_curve(found, ("a", "b", "c"), Noun("thing", "things"))
    assert "Unchanged, the thing is read as a with 80.0 %." in text
    assert "It becomes b at 66.7 % of the side (with 80.0 %), then a at 100 %" in text
    assert "The other way it becomes c at −66.7 %" in text
    same = describe_curve(made([1] * 5), ("a", "b", "c"), Noun("thing", "things"))
    assert "stays the same all the way" in same


def test_a_figure_has_the_curves_values_over_one_axis(curve):
    figure = curve_figure(curve, NAMES, "data:image/png;base64,")
    lines = [t for t in figure.data if t.yaxis == "y2" and t.showlegend is not False]
    assert [t.name for t in lines] == [NAMES[code] for code in lines_of(curve)]
    for trace, code in zip(lines, lines_of(curve), strict=True):
        np.testing.assert_array_equal(trace.y, curve.mean_probs[:, code])
        np.testing.assert_array_equal(trace.x, curve.amounts)
    doubts = {t.name: t.y for t in figure.data if t.yaxis in ("y3", "y4")}
    np.testing.assert_array_equal(doubts["epistemic"], curve.measures["mutual_information"])
    np.testing.assert_array_equal(doubts["atypicality"], curve.measures["atypicality"])
    assert len(figure.layout.shapes) == len(curve.changes())
    strip, places = figure.layout.images[0], curve.amounts[pictured(61)]
    width = strip.sizex / len(places)
    np.testing.assert_allclose(strip.x + width * (np.arange(len(places)) + 0.5), places)


def test_many_members_are_one_faint_line_a_class(curve):
    figure = curve_figure(curve, NAMES, "data:image/png;base64,")
    faint = [t for t in figure.data if t.showlegend is False]
    assert len(faint) == len(lines_of(curve))
    breaks = np.isnan(np.asarray(faint[0].y, float)).sum()
    assert breaks == curve.num_members


def test_a_morph_without_an_end_and_an_unknown_way_are_refused():
    with pytest.raises(ValueError, match="second picture"):
        steps_of(IMAGE, "morph")
    with pytest.raises(ValueError, match="there is no way 'melt'"):
        steps_of(IMAGE, "melt")


def test_a_layer_changes_an_image_as_corrupt_does():
    _, images = steps_of(IMAGE, "rotate", [Layer("brightness", 0.5)])
    turned = corrupt_by(np.repeat(IMAGE[None], 61, 0), "rotate", WAYS["rotate"].grid(61))
    np.testing.assert_array_equal(images, corrupt_by(turned, "brightness", 0.5))
