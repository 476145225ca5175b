"""What the pages say of the digits that ship, recomputed from the committed files by other means.

NumPy, SciPy and scikit-learn, from logits and labels alone.
"""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax
from scipy.stats import binomtest, entropy, spearmanr
from sklearn.metrics import log_loss, roc_auc_score
from streamlit.testing.v1 import AppTest

from examples.mnist_artifacts import load_artifacts
from tests import readability
from tests.patience import SECONDS

ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "The ensemble": "ensemble", "The article’s CNN": "article", "The Bayesian CNN": "bayesian",
}  # fmt: skip


class Numbers:
    """One model's answers from its committed logits."""

    def __init__(self, name):
        files = load_artifacts(name)
        temperature = files.card["temperature"]
        self.members = softmax(files.test_logits.astype(float) / temperature, axis=-1)
        held_out = softmax(files.calibration_logits.astype(float) / temperature, axis=-1)
        self.held_out, self.held_labels = held_out.mean(0), files.calibration_labels
        with np.load(ROOT / "data" / "mnist.npz") as mnist:
            self.labels = mnist["y_test"]
        self.probs = self.members.mean(0)
        self.prediction, self.confidence = self.probs.argmax(1), self.probs.max(1)
        self.correct = self.prediction == self.labels


numbers = cache(Numbers)


@cache
def text_of(page, **link):
    """All that a page says, without Markdown's marks; one line for each text."""
    app = AppTest.from_file(str(ROOT / "navigation.py"), default_timeout=SECONDS)
    app.switch_page(f"pages/{page}.py")
    for key, value in link.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    texts = [*app.header, *app.markdown, *app.caption, *app.info]
    lines = [text.value.replace("\\", "").replace("**", "") for text in texts]
    return "\n".join([*lines, *(f"{m.label}: {m.value}" for m in app.metric)])


def said(page, pattern, **link):
    """The numbers at the groups of a pattern, where commas part thousands."""
    found = re.search(pattern, text_of(page, **link))
    assert found, f"{page} does not say {pattern}"
    return [float(group.replace(",", "")) for group in found.groups()]


def rounds_to(value, text, digits=2):
    assert round(value, digits) == pytest.approx(text, abs=10.0 ** -(digits + 3))


def exact_interval(right, number):
    return binomtest(right, number).proportion_ci(0.95, "exact")


@pytest.mark.parametrize("title", NAMES)
def test_confidence_accuracy_and_its_interval_are_the_logits_own(title):
    model = numbers(NAMES[title])
    confidence, right, low, high = said(
        "trust",
        rf"{title} averages ([\d.]+) % confidence and is right ([\d.]+) % of the time"
        r" \(([\d.]+) % to ([\d.]+) %\)",
    )
    rounds_to(100 * model.confidence.mean(), confidence)
    rounds_to(100 * model.correct.mean(), right)
    interval = exact_interval(int(model.correct.sum()), len(model.labels))
    rounds_to(100 * interval.low, low)
    rounds_to(100 * interval.high, high)
    lies_in = interval.low <= model.confidence.mean() <= interval.high
    verdict = re.search(rf"{title} averages.*?%\): ([a-z ]+) \(", text_of("trust"))[1]
    assert (verdict == "no miscalibration detected on average") == lies_in


@pytest.mark.parametrize("title", NAMES)
def test_what_is_said_of_sure_answers_is_so(title):
    model = numbers(NAMES[title])
    sure = model.confidence >= 0.99
    number, confidence, right = said(
        "trust",
        rf"{title} averages.*?99 % or more \(([\d,]+) digits, ([\d.]+) % on average\), it is right"
        r" ([\d.]+) %",
    )
    assert sure.sum() == number
    rounds_to(100 * model.confidence[sure].mean(), confidence)
    rounds_to(100 * model.correct[sure].mean(), right)


def chance_of_at_most(confidence, right):
    """P(X <= right) and P(X >= right) of a sum of Bernoullis, by its characteristic function."""
    count = len(confidence)
    turns = np.exp(2j * np.pi * np.arange(count + 1) / (count + 1))
    logs = np.log(1 - confidence + confidence * turns[:, None]).sum(1)
    shares = np.fft.fft(np.exp(logs)).real / (count + 1)
    return shares[: right + 1].sum(), shares[right:].sum()


@pytest.mark.parametrize("title", NAMES)
def test_the_classes_that_are_called_off_are_off_beyond_a_fair_share_of_chance(title):
    model = numbers(NAMES[title])
    too_sure, too_unsure = set(), set()
    for k in range(10):
        mine = model.prediction == k
        below, above = chance_of_at_most(model.confidence[mine], int(model.correct[mine].sum()))
        too_sure |= {k} if below < 0.05 / 10 / 2 else set()
        too_unsure |= {k} if above < 0.05 / 10 / 2 else set()
    line = re.search(rf"{title} averages.*", text_of("trust"))[0]
    for words, found in (("too sure of", too_sure), ("too unsure of", too_unsure)):
        named = re.search(rf"{words} ([\d, and]+)", line)
        assert set(map(int, re.findall(r"\d", named[1] if named else ""))) == found


@pytest.mark.parametrize("title", NAMES)
def test_the_ece_and_what_chance_gives_are_so(title):
    model = numbers(NAMES[title])
    bins = np.minimum((15 * model.confidence).astype(int), 14)

    def ece(correct):
        return np.abs(np.bincount(bins, correct - model.confidence, 15)).sum() / len(correct)

    value, low, high = said(
        "trust", rf"{title}: ECE ([\d.]+) %, within what chance.*?\(([\d.]+) % to ([\d.]+) %"
    )
    rounds_to(100 * ece(model.correct), value)
    rng = np.random.default_rng(1)
    drawn = [ece(rng.random(len(bins)) < model.confidence) for _ in range(2_000)]
    assert np.quantile(drawn, [0.025, 0.975]) * 100 == pytest.approx([low, high], abs=0.015)


@pytest.mark.parametrize("title", NAMES)
def test_what_a_threshold_refers_catches_and_leaves_is_so(title):
    model = numbers(NAMES[title])
    threshold = said("trust", r"Confidence under ([\d.]+)", section="declining")[0]
    kept = model.confidence.astype(np.float32) >= np.float32(threshold)
    referred, caught, mistakes, decided, wrong, bound = said(
        "trust",
        rf"{title}, at [^:]*: ([\d,]+) of 10,000 digits .*? catches (\d+) of the (\d+) mistakes. Of"
        r" the ([\d,]+) decided by the model, (\d+) (?:is|are) wrong.*?fewer than ([\d.]+) %",
        section="declining",
    )
    assert ((~kept).sum(), kept.sum()) == (referred, decided)
    assert ((~kept & ~model.correct).sum(), (~model.correct).sum()) == (caught, mistakes)
    assert (kept & ~model.correct).sum() == wrong
    exact = binomtest(int(wrong), int(decided), alternative="less").proportion_ci(0.95).high
    assert 100 * exact <= bound < 100 * exact + 0.01


def test_at_equal_coverage_each_model_leaves_as_many_mistakes_as_is_said():
    for title, name in NAMES.items():
        model = numbers(name)
        referred, caught = said(
            "trust",
            rf"threshold of its own\..*?{title}: ([\d,]+) of 10,000.*?catches (\d+) of",
            section="declining",
        )
        least = np.argsort(model.confidence, kind="stable")[: int(referred)]
        assert (~model.correct[least]).sum() == caught


@pytest.mark.parametrize("title", NAMES)
def test_the_measure_that_is_said_to_find_errors_best_does(title):
    model = numbers(NAMES[title])
    two = np.sort(model.probs, axis=1)[:, -2:]
    each = entropy(model.members, axis=-1).mean(0)
    doubts = {
        "confidence": 1 - model.confidence,
        "margin": two[:, 0] - two[:, 1],
        "predictive entropy": entropy(model.probs, axis=1),
        "expected entropy": each,
        "mutual information": entropy(model.probs, axis=1) - each,
    }
    areas = {name: roc_auc_score(~model.correct, doubt) for name, doubt in doubts.items()}
    text = text_of("trust", section="declining")
    best, area = re.search(rf"{title}: ([a-z ]+) finds errors best, AUROC ([\d.]+)", text).groups()
    rounds_to(areas[best], float(area), 4)
    assert areas[best] >= max(areas.values()) - 5e-5


@pytest.mark.parametrize("title", NAMES)
def test_the_prediction_sets_are_those_of_the_held_out_digits_quantile(title):
    model = numbers(NAMES[title])
    miss = 1 - model.held_out[np.arange(len(model.held_labels)), model.held_labels]
    place = int(np.ceil((len(miss) + 1) * 0.99)) - 1
    sets = 1 - model.probs <= np.sort(miss)[place]
    one, more, none = said(
        "trust",
        rf"{title}: ([\d,]+) of 10,000 sets hold one class, ([\d,]+) hold more, ([\d,]+) are",
        section="sets",
    )
    sizes = sets.sum(1)
    assert [(sizes == 1).sum(), (sizes > 1).sum(), (sizes == 0).sum()] == [one, more, none]
    held = said("trust", rf"{title}: ([\d,]+) of 10,000 sets hold the label", section="sets")[0]
    assert sets[np.arange(10_000), model.labels].sum() == held


def test_sets_are_empty_because_the_model_errs_less_than_may_be_missed():
    model = numbers("ensemble")
    empty, errs = said(
        "trust", r"ensemble: (\d+) of 10,000 sets are empty. The model errs on ([\d.]+) %",
        section="sets",
    )  # fmt: skip
    rounds_to(100 * (~model.correct).mean(), errs)
    assert errs < 1
    assert empty > 0


def test_what_the_ensemble_fixes_and_breaks_is_so():
    old, new = numbers("article"), numbers("ensemble")
    fixes, mistakes, adds = said("compare", r"fixes (\d+) of the (\d+) mistakes .* adds (\d+)")
    assert ((~old.correct & new.correct).sum(), (~old.correct).sum()) == (fixes, mistakes)
    assert (old.correct & ~new.correct).sum() == adds
    gain = said("compare", r"accuracy goes from [\d.]+ % to [\d.]+ %: \+([\d.]+) points")[0]
    rounds_to(100 * (new.correct.mean() - old.correct.mean()), gain)
    assert "p < 0.0001" in text_of("compare")
    assert binomtest(int(fixes), int(fixes + adds)).pvalue < 0.0001


def test_the_labels_on_which_one_model_is_better_are_those_of_holms_test():
    old, new = numbers("article"), numbers("ensemble")
    chances = {}
    for k in range(10):
        of_label = old.labels == k
        fixed = int((of_label & ~old.correct & new.correct).sum())
        broken = int((of_label & old.correct & ~new.correct).sum())
        chances[k] = binomtest(fixed, fixed + broken).pvalue
    shown = set()
    for place, k in enumerate(sorted(chances, key=chances.get)):
        if chances[k] > 0.05 / (10 - place):
            break
        shown.add(k)
    named = re.search(r"more accurate on ([\d, and]+)", text_of("compare"))[1]
    assert set(map(int, re.findall(r"\d", named))) == shown


def test_by_what_the_ensemble_is_said_to_be_better_it_is():
    old, new = numbers("article"), numbers("ensemble")
    line = "The ensemble is better by accuracy, NLL, Brier score and AURC; no difference is shown"
    assert line in text_of("compare")
    one_hot = np.eye(10)[old.labels]
    for better, worse in (
        (log_loss(new.labels, new.probs), log_loss(old.labels, old.probs)),
        (((new.probs - one_hot) ** 2).sum(), ((old.probs - one_hot) ** 2).sum()),
    ):
        assert better < worse


def test_the_summary_of_explore_is_of_every_digit():
    accuracy = said("explore", r"Accuracy of these: ([\d.]+) %")[0]
    rounds_to(100 * numbers("ensemble").correct.mean(), accuracy)
    nats = said("explore", r"Mean predictive entropy: ([\d.]+) nats")[0]
    rounds_to(entropy(numbers("ensemble").probs, axis=1).mean(), nats, 4)
    for title in ("The article’s CNN", "The Bayesian CNN"):
        same = said("explore", rf"{title} on the same: ([\d.]+) %")[0]
        rounds_to(100 * numbers(NAMES[title]).correct.mean(), same)


def test_the_correlation_of_the_two_estimates_is_spearmans_of_all_and_of_the_least_sure():
    model = numbers("ensemble")
    total, each = entropy(model.probs, axis=1), entropy(model.members, axis=-1).mean(0)
    everything, number, among = said(
        "glossary", r"estimate is ([\d.]+). Among the ([\d,]+) of highest predictive entropy it is"
        r" ([\d.]+)\."
    )  # fmt: skip
    top = np.argsort(-total)[: int(number)]
    assert spearmanr(each, total - each)[0] == pytest.approx(everything, abs=0.002)
    assert spearmanr(each[top], (total - each)[top])[0] == pytest.approx(among, abs=0.01)


def test_the_label_that_the_audit_asks_of_first_is_the_least_probable_to_every_member():
    model = numbers("ensemble")
    number, label, reads = said("audit", r"Digit (\d+) · label (\d) · the model reads (\d)")
    of_label = model.members[:, np.arange(10_000), model.labels]
    log_odds = (np.log(of_label) - np.log1p(-of_label)).mean(0)
    worst = int(log_odds.argmin())
    assert [worst, model.labels[worst], model.prediction[worst]] == [number, label, reads]
    quality = said("audit", r"label quality ([\d.]+)")[0]
    assert 1 / (1 + np.exp(-log_odds[worst])) == pytest.approx(quality, abs=5e-5)


@pytest.mark.parametrize("title", NAMES)
def test_audit_opens_with_the_labels_that_the_model_contradicts(title):
    model = numbers(NAMES[title])
    contradicted, of, worst, label, reads = said(
        "audit",
        r"contradicts ([\d,]+) of ([\d,]+) labels\. It doubts digit (\d+) most: labelled (\d), but"
        r" read as (\d)\.",
        model=NAMES[title],
    )
    assert [contradicted, of] == [(~model.correct).sum(), 10_000]
    assert [label, reads] == [model.labels[int(worst)], model.prediction[int(worst)]]


@pytest.mark.parametrize("title", NAMES)
def test_draw_opens_with_how_often_the_model_is_right(title):
    right = said("draw", rf"{title} is right on ([\d.]+) % of 10,000 digits", model=NAMES[title])[0]
    rounds_to(100 * numbers(NAMES[title]).correct.mean(), right)


@pytest.mark.parametrize("title", NAMES)
def test_stress_opens_with_the_mean_of_the_strongest_damage(title):
    name = NAMES[title]
    table = pd.read_parquet(ROOT / "models" / "artifacts" / name / "stress.parquet")
    rows = table[table["severity"] == table["severity"].max()]
    right, severity, kinds, sure = said(
        "stress",
        rf"{title} still reads ([\d.]+) % of 10,000 digits right at severity (\d), the mean of"
        r" (\d+) kinds of damage\. Its confidence averages ([\d.]+) %",
        stress="data",
        model=name,
    )
    assert [severity, kinds] == [5, rows["kind"].nunique()]
    rounds_to(100 * rows["accuracy"].mean(), right, 1)
    rounds_to(100 * rows["confidence"].mean(), sure, 1)


def test_open_opens_with_what_is_here():
    assert "MNIST is open here. Drop a file" in text_of("open")


@pytest.mark.parametrize(
    "page",
    [("explore",), ("trust",), ("trust", "declining"), ("trust", "sets"), ("compare",), ("audit",),
     ("draw",), ("open",), ("stress",)],
    ids=" ".join,
)  # fmt: skip
def test_no_sentence_that_a_page_puts_together_is_long(page):
    name, *section = page
    text = text_of(name, **({"section": section[0]} if section else {}))
    found = [each for line in text.splitlines() for each in readability.sentences(line)]
    assert not [each for each in found if len(readability.words(each)) > 25]
