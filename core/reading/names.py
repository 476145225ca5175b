"""The names that columns and arrays go by, in the files of many projects."""

from __future__ import annotations

import re
from collections.abc import Sequence


def words_in(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


def _in_order(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SCORES = words_in(
    """
    scored_probabilities rawprediction raw_prediction
    pred_probs probs probabilities predictions logits smx softmax scores y_score
    y_pred_proba prob pred_prob pyx proba probas probability predicted_probs
    predicted_probabilities y_prob y_probs y_proba y_pred y_scores log_probs logprobs
    log_probabilities log_softmax logp logit outputs output softmax_scores preds pred score
    posterior posteriors votes counts yhat y_hat y_logits predicted_logits model_output
    model_outputs decision_function decision_values decision_scores raw_scores raw_score
    """
)
LABELS = words_in(
    """
    obs observed reference
    label labels y target targets truth ground_truth y_true true label_ids dx actual gt
    true_label true_labels groundtruth ground_truths gold gold_label actual_label actuals
    y_test true_class true_class_name true_class_index true_class_idx true_class_id true_name
    true_index true_idx true_label_name true_label_id label_name label_numeric gt_label gt_class
    ground_truth_label given_label given_labels label_id label_idx onehot one_hot
    """
)
ANSWERS = words_in(
    """
    predict scored_labels scored_label response object_response
    pred prediction predictions yhat y_hat predicted preds y_pred predicted_label pred_label
    predicted_labels pred_labels predicted_class pred_class answer answers argmax top1
    class_pred label_pred pred_class_name pred_class_index pred_class_idx pred_class_id pred_name
    pred_index pred_idx predicted_class_name predicted_class_index predicted_class_idx
    predicted_class_id predicted_name predicted_index pred_label_name predicted_label_name
    """
)
CONFIDENCE = words_in(
    """
    confidence confidences conf prob probability score scores max_prob max_probs msp
    pred_prob proba probs y_score pred_confidence max_confidence max_softmax top1_prob p
    y_prob y_pred_proba y_proba p_pred prediction_score predicted_probability probabilities
    """
)
IDS = _in_order(
    """
    id image_id item_id sample_id example_id row_id uid uuid guid key isic_id img_id imageid
    image_name filename file_name file filepath file_path path image img image_path img_path
    name index idx index_level_0 unnamed:_0 sample item row rowid rowindex row_number passengerid
    """
)
WEAK_IDS = words_in(
    """
    name index idx row rowindex row_number sample item file image img path
    """
)
FEATURES = words_in(
    """
    features embeddings embedding feature feats feat emb latent latents penultimate
    """
)
PREDICTED = words_in("index class class_id class_idx class_name category category_id cls")
"""What a prediction beside its confidence may be called, if nothing else is."""
CLASS_NAMES = words_in(
    """
    class_names classes names categories label_names labels_names target_names class_labels
    """
)
SHARES = words_in(
    """
    label_shares soft_labels soft_label human_labels human_probs annotators annotations
    annotator_labels label_counts label_distribution human_counts crowd_labels
    """
)
TEXTS = ("text", "sentence", "review", "content", "prompt", "document", "question", "title", "body")
PICTURES = ("image", "image_path", "img_path", "path", "filepath", "file_path", "filename",
            "file_name", "file", "img", "picture", "image_id", "image_name")  # fmt: skip
HELD_OUT = words_in(
    """
    val valid validation cal calib calibration dev holdout heldout
    """
)
TEST = words_in(
    """
    test tst eval evaluation
    """
)
TRAIN = frozenset({"train", "training", "trn"})
KNOWN = SCORES | LABELS | ANSWERS | CONFIDENCE | set(IDS) | FEATURES | SHARES | set(TEXTS)
_PREFIXES = words_in(
    """
    confidence conf score_for p_of
    p prob probs proba probability pred score scores logit logits class c cls softmax smx
    output y_prob y_pred y_score prediction predictions probabilities logp log_prob
    log_probs vote votes count counts col column k out prob_class p_class class_prob
    pred_prob label_prob
    """
)
_NUMBERED = re.compile(r"^(.*?)[_\-. \[(]*(\d+)[\])]?$")


def normal(name: str) -> str:
    """A name in lower case, blanks and dashes as underscores: "Y-True" is "y_true"."""
    return re.sub(r"[\s\-./]+", "_", name.strip().lower()).strip("_") if name else ""


def tokens(name: str) -> set[str]:
    """The words of a name: "cifar10_test_labels" has three."""
    return set(re.split(r"[^a-z0-9]+", name.strip().lower()))


def bare(name: str) -> str:
    """A name without what tells its part of the data: "logits_val" is "logits"."""
    words = [word for word in normal(name).split("_") if word not in HELD_OUT | TEST | TRAIN]
    return "_".join(words)


def loosely(name: str, known: frozenset[str]) -> bool:
    """Whether an array's or a file's name is, begins or ends with one of the known names."""
    plain, short = normal(name), bare(name)
    return any(
        form == word or form.endswith(f"_{word}") or form.startswith(f"{word}_")
        for form in (plain, short)
        for word in known
        if len(word) > 1 or form == word
    )


def numbered(name: str) -> tuple[str, int] | None:
    """A numbered name's prefix and number: "class_1" gives "class" and 1; None for others."""
    match = _NUMBERED.match(name.strip())
    return (normal(match[1]), int(match[2])) if match else None


def is_score_prefix(prefix: str) -> bool:
    """Whether what stands before a class's number or name says nothing but "score"."""
    return not prefix or prefix in _PREFIXES or loosely(prefix, SCORES)


def framed(names: Sequence[str]) -> tuple[str, ...]:
    """What names hold that all frame it alike: "P (kind=cat)" and "P (kind=dog)", cat and dog."""
    cut = max(_shared_start(names).rfind(sign) for sign in '(=["') + 1
    if len(names) < 2 or not cut:
        return tuple(names)
    held = [name[cut:] for name in names]
    shared = _shared_start([name[::-1] for name in held])
    closing = len(shared) - len(shared.lstrip(')]"'))
    return tuple(name[: len(name) - closing] for name in held)


def _shared_start(names: Sequence[str]) -> str:
    low, high = min(names), max(names)
    pairs = enumerate(zip(low, high, strict=False))
    return low[: next((place for place, (one, other) in pairs if one != other), len(low))]


def before_bracket(name: str) -> str:
    """A name in lower case without what follows in brackets: "Prediction (kind)", prediction."""
    return normal(name.partition("(")[0])
