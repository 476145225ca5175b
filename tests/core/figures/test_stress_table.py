import numpy as np
import pandas as pd
import pytest

from core.corruptions.kind import SEVERITIES
from core.corruptions.kinds import BENCHMARK
from core.figures import palette
from core.figures.stress_table import (
    METRICS,
    OVERCONFIDENCE,
    by_severity,
    cell_colours,
    describe_table,
    describe_worst,
    kind_figure,
    knowing_figure,
    shown_in,
    summary_rows,
    values_of,
)
from core.stress.cells import CLEAN
from core.study.dataset import Noun

THING = Noun("thing", "things")


def table(confidence=0.9, slope=0.1):
    """Accuracy falls by `slope` a severity, and the confidence by a tenth of that."""
    cells = [(CLEAN, 0), *((kind, severity) for kind in BENCHMARK for severity in SEVERITIES)]
    rows = []
    for kind, severity in cells:
        values = {
            "accuracy": 0.99 - slope * severity, "confidence": confidence - slope * severity / 10,
            "nll": 0.1 * severity, "ece": 0.02, "referred": 0.05 + 0.1 * severity,
        }  # fmt: skip
        row = {"kind": kind, "severity": severity, "num_items": 100}
        for name, value in values.items():
            row |= {name: value, f"{name}_low": value - 0.01, f"{name}_high": value + 0.01}
        rows.append(row)
    return pd.DataFrame(rows)


def test_accuracy_and_confidence_are_means_over_kinds():
    figure = knowing_figure({"A": table(), "B": table(slope=0.05)})
    means = by_severity(table())
    np.testing.assert_allclose(figure.data[0].y, means["accuracy"])
    np.testing.assert_allclose(figure.data[1].y, means["confidence"])
    assert list(figure.data[0].x) == [0, 1, 2, 3, 4, 5]
    assert len(figure.data) == 4


def test_a_kinds_curve_has_its_cells_and_their_intervals():
    found = table()
    figure = kind_figure({"A": found}, "fog", "accuracy")
    rows = found[found["kind"].isin([CLEAN, "fog"])]
    np.testing.assert_allclose(figure.data[0].y, rows["accuracy"])
    np.testing.assert_allclose(figure.data[0].error_y.array, 0.01)
    assert figure.layout.yaxis.title.text == "Accuracy"
    bare = kind_figure({"A": found}, "fog", OVERCONFIDENCE)
    np.testing.assert_allclose(bare.data[0].y, rows["confidence"] - rows["accuracy"])
    assert bare.data[0].error_y.array is None


def test_a_model_without_a_measure_has_no_curve_of_it():
    more = table().assign(atypicality=0.5, atypicality_low=0.4, atypicality_high=0.6)
    figure = kind_figure({"A": table(), "B": more}, "fog", "atypicality")
    assert [trace.name for trace in figure.data] == ["B"]
    assert set(shown_in(more)) == {*METRICS, "confidence", "atypicality"}


def test_bad_cells_lie_in_the_shadow_and_letters_stand_out_on_every_ground():
    good, middle, bad = cell_colours(np.array([1.0, 0.5, 0.0]), METRICS["accuracy"])
    first, last = (rgb(palette.CELLS[place]) for place in (0, -1))
    assert good == (first, "#000000") and bad == (last, "#ffffff")
    for share in np.linspace(0, 1, 101):
        ground, letters = cell_colours(np.array([0.0, share, 1.0]), METRICS["nll"])[1]
        assert contrast(ground, letters) >= 4.5
    assert cell_colours(np.array([0.3, 0.3]), METRICS["nll"])[0][0] == first
    assert middle not in (good, bad)


def rgb(colour):
    return "rgb({}, {}, {})".format(*palette.channels(colour))


def contrast(ground, letters):
    """WCAG 2.2's contrast ratio."""

    def luminance(channels):
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (channel / 255 for channel in channels)
        ]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    one = luminance([int(part) for part in ground[4:-1].split(",")])
    other = luminance([0, 0, 0] if letters == "#000000" else [255, 255, 255])
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


@pytest.mark.parametrize(
    ("confidence", "words"), [(0.99, "overconfident"), (0.2, "underconfident")]
)
def test_the_answer_says_how_far_accuracy_and_confidence_fall(confidence, words):
    said = describe_table("A", table(confidence), THING)
    assert "accuracy falls from 99.00 % to 49.0 %" in said and words in said
    assert "rises from 5.0 % to 55.0 %" in said


@pytest.mark.parametrize(
    ("confidence", "words"), [(0.99, "overconfident"), (0.2, "underconfident")]
)
def test_the_page_opens_with_the_strongest_damage(confidence, words):
    found = table(confidence)
    said = describe_worst("A", found, THING)
    assert "A still reads 49.0 % of 100 things right at severity 5" in said and words in said
    assert f"the mean of {len(BENCHMARK)} kinds" in said
    only = found[(found["severity"] == 1) & (found["kind"] == "fog")]
    said = describe_worst("A", only, THING)
    assert "89.0 % of 100 things right at severity 1. " in said


def test_confidence_that_falls_with_accuracy_keeps_up():
    assert "keeps up" in describe_table(
        "A", table(0.99).assign(confidence=table()["accuracy"]), THING
    )


def test_the_best_known_numbers_stand_beside_each_other():
    rows = summary_rows({"A": table(), "B": table(slope=0.05)})
    assert rows["A"]["error as they are"] == "1.00 %"
    assert rows["A"]["mean corruption error"] == "31.0 %"
    assert rows["A"]["mCE if A is 100 %"] == "100.0 %"
    assert rows["B"]["mCE if A is 100 %"] == "51.6 %"  # 16 of 31
    assert values_of(table(), OVERCONFIDENCE).iloc[0] == pytest.approx(0.9 - 0.99)
