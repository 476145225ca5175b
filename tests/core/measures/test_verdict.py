import cv2
import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from core.measures.verdict import (
    KINDS,
    UNLIKE,
    UNSURE,
    Thresholds,
    judge,
    reason,
    sentence,
)
from core.networks.scoring import score_images
from core.pictures.segments import find_digits
from examples.mnist import load_study
from examples.mnist_artifacts import load_artifacts
from tests.core.drawn_ink import drawn_ink
from tests.shipped import NOUN, scorer, thresholds

NAMES = tuple("0123456789")
AT = Thresholds(unsure=0.05, disputed=0.2, unlike=0.96, far=0.99, foreign=0.97)


def probs_of(given):
    """The probabilities among a row's measures, (10,)."""
    return None if given is None else np.array([given[f"p_{k}"] for k in range(10)])


def row(**changes):
    """A sure 7, with changes."""
    probs = dict.fromkeys([f"p_{k}" for k in range(10)], 0.0) | {"p_7": 1.0}
    usual = {"least_confidence": 0.0, "mutual_information": 0.0, "predictive_entropy": 0.5}
    return probs | usual | {"variation_ratio": 0.0, "atypicality": 0.5} | changes


TORN = {"p_7": 0.0, "p_4": 0.55, "p_9": 0.45, "least_confidence": 0.45}
OPPOSED = {"mutual_information": 0.4, "variation_ratio": 0.4}


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (row(), "sure", "Sure: 7."),
        (row(p_7=0.0, p_8=1.0), "sure", "Sure: 8."),
        (row(least_confidence=0.05, atypicality=0.96), "sure", "Sure: 7."),
        (row(**TORN), "ambiguous", "Ambiguous: 4 or 9."),
        (row(**TORN, p_1=0.06), "ambiguous", "Ambiguous: 4 or 9 or 1."),
        (row(**TORN, **OPPOSED), "disagree", "The members disagree: 4 or 9."),
        (row(**TORN, mutual_information=0.4), "ambiguous", "Ambiguous: 4 or 9."),
        (row(**TORN, variation_ratio=0.4), "ambiguous", "Ambiguous: 4 or 9."),
        (row(atypicality=0.97), "unlike", "Unlike most digits: if it is one, 7."),
        (row(**TORN, atypicality=0.97), "ambiguous", "Ambiguous: 4 or 9."),
        (
            row(**TORN, **OPPOSED, atypicality=0.995),
            "unlike",
            "Unlike most digits: if it is one, 4.",
        ),
        (row(foreign=0.97), "sure", "Sure: 7."),
        (row(foreign=0.98), "unlike", "Unlike most digits: if it is one, 7."),
        (row(**TORN, foreign=0.999), "ambiguous", "Ambiguous: 4 or 9."),
        (row(atypicality=np.nan), "confident", "Confident: 7; cannot tell non-digits."),
        (row(**TORN, atypicality=np.nan), "ambiguous", "Ambiguous: 4 or 9."),
        (None, "blank", "Blank: there is no ink."),
    ],
)
def test_every_kind_has_its_rule_and_its_sentence(given, kind, said):
    assert judge(given, AT) == kind
    assert sentence(kind, probs_of(given), NAMES, NOUN) == said


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(ValueError, match=r"kind must be one of sure, .* got 'certain'"):
        sentence("certain", probs_of(row()), NAMES, NOUN)


@pytest.mark.parametrize(
    ("given", "num_members", "said"),
    [
        (row(), 5, "Confidence > 99.9 %."),
        (row(**TORN), 5, "4 (55.0 %), then 9 (45.0 %). The members share this doubt (aleatoric)"),
        (row(**TORN), 1, "one network alone cannot tell"),
        (row(**TORN, **OPPOSED), 5, "2 of 5 members name another class (epistemic)"),
        (row(atypicality=0.982), 5, "98.2 % of the digits held out of training are closer"),
        (row(atypicality=1.0), 5, "More than 99.9 % of the digits held out"),
        (row(atypicality=0.982), 5, "here 7 (> 99.9 %)."),
        (
            row(foreign=0.973),
            5,
            "97.3 % of the digits held out of training look less like a letter",
        ),
        (row(foreign=0.999, atypicality=0.982), 5, "98.2 % of the digits held out of training are"),
        (
            row(doubt="perhaps two digits touch"),
            5,
            "it would be 7 (> 99.9 %): that says little.",
        ),
        (None, 5, "There is nothing to read."),
    ],
)
def test_the_reason_fits_the_verdict(given, num_members, said):
    kind = judge(given, AT)
    assert said in reason(kind, given, probs_of(given), NAMES, NOUN, num_members)


def test_the_draws_of_one_network_are_not_called_its_members():
    torn = row(**TORN, **OPPOSED)
    draw = load_study().models["bayesian"].member
    said = reason("disagree", torn, probs_of(torn), NAMES, NOUN, 30, draw)
    assert "12 of 30 draws name another class (epistemic): each draw has learned" in said
    assert "member" not in said


def test_one_network_never_speaks_of_members():
    for kind in ("sure", "ambiguous"):
        torn, probs = row(**TORN), probs_of(row(**TORN))
        said = sentence(kind, probs, NAMES, NOUN) + reason(kind, torn, probs, NAMES, NOUN, 1)
        assert "member" not in said


@pytest.mark.parametrize("model", ["ensemble", "article"])
def test_nine_in_ten_test_digits_and_more_are_sure(model):
    ends = thresholds(model)
    kinds = [judge(row, ends) for _, row in load_artifacts(model).scores.iterrows()]
    assert set(kinds) <= set(KINDS)
    certain = {"ensemble": "sure", "article": "confident"}[model]
    assert np.mean(np.array(kinds) == certain) >= 0.92


def test_a_network_that_knows_no_atypicality_is_never_sure():
    scores, ends = load_artifacts("article").scores, thresholds("article")
    assert "sure" not in {judge(row, ends) for _, row in scores.iterrows()}


def test_each_model_calls_about_the_same_share_of_calibration_digits_sure():
    article = thresholds("article")
    logits = load_artifacts("article").calibration_logits
    assert article.unlike == article.far == float("inf")
    num_images = logits.shape[1]
    unsure = (UNSURE + UNLIKE) * num_images
    temperature = load_artifacts("article").temperature
    probs = np.exp(logits[0] / temperature)
    confidence = (probs / probs.sum(1, keepdims=True)).max(1)
    assert abs((1 - confidence > article.unsure).sum() - unsure) <= 1


def test_one_member_never_disagrees():
    scores, ends = load_artifacts("article").scores, thresholds("article")
    assert "disagree" not in {judge(row, ends) for _, row in scores.iterrows()}


def test_noise_is_unlike_a_digit():
    noise = np.random.default_rng(0).integers(0, 256, (20, 28, 28), dtype=np.uint8)
    table = score_images(scorer("ensemble"), noise)
    assert {judge(row, thresholds("ensemble")) for _, row in table.iterrows()} == {"unlike"}


LETTERS = {
    "A": ([(0, 2), (1, 0), (2, 2)], [(0.5, 1.2), (1.5, 1.2)]),
    "E": ([(2, 0), (0, 0), (0, 2), (2, 2)], [(0, 1), (1.6, 1)]),
    "F": ([(2, 0), (0, 0), (0, 2)], [(0, 1), (1.6, 1)]),
    "H": ([(0, 0), (0, 2)], [(2, 0), (2, 2)], [(0, 1), (2, 1)]),
    "K": ([(0, 0), (0, 2)], [(1.8, 0), (0, 1.1), (2, 2)]),
    "M": ([(0, 2), (0, 0), (1, 1.2), (2, 0), (2, 2)],),
    "N": ([(0, 2), (0, 0), (2, 2), (2, 0)],),
    "R": ([(0, 2), (0, 0), (1.2, 0), (1.8, 0.4), (1.2, 1), (0, 1)], [(0.8, 1), (2, 2)]),
    "W": ([(0, 0), (0.5, 2), (1, 0.6), (1.5, 2), (2, 0)],),
    "X": ([(0, 0), (2, 2)], [(2, 0), (0, 2)]),
}


def letter(name: str, rng: np.random.Generator) -> np.ndarray:
    """A letter's strokes, bent and slanted as a hand does, uint8 (300, 300)."""
    canvas = np.zeros((300, 300), np.uint8)
    slant = np.array([[1, 0], [rng.uniform(-0.3, 0.3), 1]])
    pen = int(rng.uniform(8, 20))
    for line in LETTERS[name]:
        points = (np.array(line) + rng.normal(0, 0.09, (len(line), 2)) - 1) @ slant * 70 + 150
        cv2.polylines(canvas, [points.astype(np.int32)], False, 255, pen, cv2.LINE_AA)
    return canvas


def scribble(rng: np.random.Generator) -> np.ndarray:
    """A smooth pen line through 8 to 15 random places, uint8 (300, 300)."""
    places = rng.uniform(40, 260, (rng.integers(8, 16), 2))
    line = CubicSpline(np.arange(len(places)), places)(np.linspace(0, len(places) - 1, 400))
    canvas = np.zeros((300, 300), np.uint8)
    cv2.polylines(canvas, [line.astype(np.int32)], False, 255, 10, cv2.LINE_AA)
    return canvas


def kinds_of(canvases: list[np.ndarray]) -> list[str]:
    drawings = [np.dstack([np.zeros((*ink.shape, 3), np.uint8), ink]) for ink in canvases]
    found = [find_digits(drawn_ink(drawing), (28, 28), several=False) for drawing in drawings]
    table = score_images(scorer("ensemble"), np.stack([one[0].image for one in found]))
    return [judge(row, thresholds("ensemble")) for _, row in table.iterrows()]


def test_letters_and_scribbles_are_rarely_called_sure():
    rng = np.random.default_rng(0)
    letters = kinds_of([letter(name, rng) for name in LETTERS for _ in range(20)])
    assert letters.count("sure") <= 0.05 * len(letters)
    scribbles = kinds_of([scribble(rng) for _ in range(100)])
    assert scribbles.count("sure") <= 0.05 * len(scribbles)
