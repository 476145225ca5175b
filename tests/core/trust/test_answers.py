"""The questions of trust, asked of the article's network as it ships."""

import json
import re

import numpy as np
import pytest
from scipy.stats import betabinom

from core.figures.report import report_html, save_report
from core.measures.filters import Filter
from core.measures.streamed_probs import whole
from core.measures.uncertainty import measure_logits
from core.trust import answers as trust
from core.trust import conformal, metrics, set_answers
from core.trust.answers_as_numbers import numbers
from core.trust.choosing import best_temperature
from core.trust.evaluation import evaluate_predictions
from core.trust.examined import examine
from core.trust.judged import judge
from core.trust.notes import sample_note
from core.trust.selective import decide
from core.trust.set_coverage import coverage
from examples.mnist import load_study
from tests.core.measures.filtered import filtered


@pytest.fixture(scope="module")
def study():
    return load_study()


@pytest.fixture(scope="module")
def article(study):
    return study.models["article"]


@pytest.fixture(scope="module")
def images(article):
    return judge(article)


@pytest.fixture(scope="module")
def examined(study):
    return examine(study, "article")


def test_the_table_and_its_logits_are_judged_alike(article, images):
    again = measure_logits(article.values, article.temperature)
    assert np.allclose(again["mean_probs"], whole(images.probs), atol=1e-6)
    for name, values in images.measures.items():
        assert np.allclose(again[name], values, atol=1e-5)


def test_one_network_has_no_measures_of_disagreement(images):
    assert set(images.measures) == {"confidence", "margin", "predictive_entropy"}


def test_filtered_images_keep_their_own_rows(article, images):
    kept = filtered(article.scores, Filter(labels=(4, 9)))
    some = images.only(kept.index.to_numpy())
    assert some.rows.tolist() == kept.index.tolist()
    assert set(some.labels) == {4, 9}
    assert some.measures["confidence"] == pytest.approx(kept["confidence"].to_numpy())


def test_every_number_of_the_command_equals_the_metric(article, examined):
    found = json.loads(json.dumps(numbers(examined), allow_nan=False))
    plain = evaluate_predictions(article)
    for name in ("accuracy", "nll", "brier", "ece"):
        number = found["calibration"][name]
        assert number["value"] == pytest.approx(plain[name], abs=1e-9)
        assert number["low"] <= number["value"] <= number["high"]
    everything, sure = found["claims"]
    assert everything["right"]["value"] == pytest.approx(plain["accuracy"])
    assert sure["num_items"] == (examined.judged.confidence >= 0.99).sum()
    assert found["temperature"]["at_untouched"]["nll"] == found["calibration"]["nll"]
    confidence = found["declining"]["confidence"]
    assert confidence["aurc"]["value"] == pytest.approx(
        metrics.aurc(examined.judged.confidence, examined.judged.correct)
    )
    assert sum(found["calibration"]["bins"]["count"]) == plain["num_items"]
    marginal = found["prediction_sets"]["marginal"]["lac"]
    assert sum(marginal["set_sizes"]) == plain["num_items"]


def test_the_cheapest_threshold_comes_from_the_calibration_split_alone(study, examined):
    split = judge(study.held_out["article"])
    for name, decision in examined.decisions.items():
        assert decision.threshold in split.measures[name]
        assert decision == decide(examined.curves[name], decision.threshold)


def test_the_fitted_temperature_has_the_lowest_nll_on_the_calibration_split(study):
    best, split = best_temperature(study, "article"), study.held_out["article"]

    def nll(temperature):
        judged = judge(split, factor=temperature / split.temperature)
        return metrics.nll(whole(judged.probs), judged.labels)

    assert nll(best) <= min(nll(best * 0.98), nll(best * 1.02), nll(1.0))


@pytest.mark.parametrize("method", conformal.METHODS)
def test_random_splits_of_the_test_images_hold_the_promise(images, method):
    alpha, half, count = 0.05, 5_000, len(images.labels)
    scores = conformal.nonconformity(whole(images.probs), method, conformal.uniform_draws(count))
    place = int(np.ceil((half + 1) * (1 - alpha)))
    exact = betabinom(count - half, place, half + 1 - place)
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(200):
        order = rng.permutation(count)
        fit, judge = order[:half], order[half:]
        threshold = conformal.fit_threshold(scores[fit], images.labels[fit], alpha)
        sets = conformal.prediction_sets(scores[judge], threshold)
        covered.append(coverage(sets, images.labels[judge]).covered)
    # The splits share their images, so that their mean is surer than 200 fresh ones would be.
    assert np.mean(covered) == pytest.approx(exact.mean(), abs=0.25 * exact.std())
    outside = np.mean((np.array(covered) < exact.ppf(0.025)) | (covered > exact.ppf(0.975)))
    assert outside < 0.12


def test_a_split_in_the_order_of_the_file_breaks_it(images):
    scores = conformal.nonconformity(whole(images.probs))
    easy, hard = slice(5_000, None), slice(0, 5_000)
    threshold = conformal.fit_threshold(scores[easy], images.labels[easy], 0.05)
    found = coverage(conformal.prediction_sets(scores[hard], threshold), images.labels[hard])
    assert found.high < 0.95


def test_ten_images_one_class_no_error_and_no_right_answer_are_named(images):
    assert "No item" in sample_note(images.only(np.array([], int)))
    right, wrong = images.rows[images.correct], images.rows[~images.correct]
    few = sample_note(images.only(right[:10]))
    assert "only 10 items" in few
    assert "no error" in few
    assert "no correct answer" in sample_note(images.only(wrong))
    one = sample_note(images.only(images.rows[images.labels == 1]))
    assert "only one class" in one
    assert sample_note(images) == ""


@pytest.mark.parametrize("kind", ["empty", "right", "wrong", "ten", "one class"])
def test_every_answer_survives_a_sample_that_cannot_tell(images, kind):
    rows = {
        "empty": images.rows[:0],
        "right": images.rows[images.correct][:50],
        "wrong": images.rows[~images.correct],
        "ten": images.rows[:10],
        "one class": images.rows[images.labels == 3],
    }
    some = images.only(rows[kind])
    trust.calibrate(some)
    for found in trust.detections(some).values():
        unknown = kind in {"empty", "right", "wrong", "ten"}
        assert bool(found.reason) == unknown
        assert np.isnan(found.auroc.value) == unknown
    sets = set_answers.conform(some, np.full(some.num_classes, 0.5), 0.1, "lac")
    assert sets.overall.num_items == len(rows[kind])


def test_the_report_needs_nothing_from_outside_and_says_its_numbers(examined):
    page = report_html(examined)
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page)
    assert page.count('<figure role="group" aria-label="') == 7
    accuracy = f"{examined.calibration.metrics['accuracy'].value:.4f}"
    assert accuracy in page
    assert page.index('class="short"') < page.index("<h2>")
    assert "nan" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_a_title_with_angle_brackets_is_shown_as_text(examined):
    page = report_html(examined._replace(title="<b>CNN</b>"))
    assert "<h1>Can &lt;b&gt;CNN&lt;/b&gt; be trusted?</h1>" in page


def test_a_report_is_written_whole_or_not_at_all(examined, tmp_path):
    with pytest.raises(ValueError, match=r"must end in \.html"):
        save_report(examined, tmp_path / "report.txt")
    save_report(examined, tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text().endswith("</html>\n")


def test_atypicality_can_decide_too_where_the_classifier_knows_it(study):
    for name, network in study.networks.items():
        parts = judge(study.models[name]), judge(study.held_out[name])
        known = ["atypicality" in part.measures for part in parts]
        assert known == [network.knows_atypicality] * 2
