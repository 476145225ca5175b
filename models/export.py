"""A trained network -> its folder of artifacts, from which everything else opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
from sklearn.manifold import TSNE

from core.measures.table import build_table
from core.measures.uncertainty import PATH, measure_logits
from core.networks.atypicality import save_atypicality
from core.networks.foreign import save_foreign
from core.study.rounding import on_half_grid, to_bits, to_grid
from core.study.tight_arrays import save_loose, save_tight
from core.trust.evaluation import evaluate_predictions
from core.trust.temperature import fit_temperature
from examples.mnist import on_test
from examples.mnist_artifacts import ARTIFACTS, Artifacts
from examples.mnist_data import CLASS_NAMES, Mnist, Split
from models import article, bayesian, ensemble
from models.assemble import assemble
from models.atypicality import fit_atypicality
from models.compile import compile_network
from models.exposure import learn_head
from models.foreign import fit_foreign
from models.train import Advance, load_checkpoint
from models.training_data import TrainingData, load_training_data
from models.uncertainty import compile_measures
from models.weight_samples import as_one_network, draw_weights, mean_weights
from models.written import NUM_FEATURES, describe_article, save_scores, write_card

NUM_SAMPLES = 30  # of the Bayesian CNN's weights
LOGIT_STEP = 2**-14
"""Processors agree on a network's logits to some 1e-4: finer digits are noise."""
HALF_LOGIT_BITS = 8
"""Significant bits of a logit where many draws are kept."""
MAP_STEP = 2**-7
"""Of places on a map that is some 200 wide."""
NUM_FITTED = 10_000  # training images the principal directions are fitted on


def export_named(
    name: str, labels: Path | None = None, advance: Advance = lambda done, total: None
) -> None:
    """Write the artifacts of that name, of the network that learnt `labels` if they are given.

    Args:
        name: uncertainty, article, ensemble, bayesian, atypicality or foreign.
        labels: A file of corrected labels of the training images.
        advance: Told of every step of what takes minutes.

    Raises:
        ValueError: no such artifacts, or a labels file of other data.
        FileNotFoundError: the network was not trained here, or there is no such labels file.
    """
    exports: dict[str, Callable[[TrainingData], None]] = {
        "uncertainty": export_uncertainty,
        "article": export_article,
        "ensemble": lambda data: export_ensemble(data, advance),
        "bayesian": export_bayesian,
        "atypicality": lambda data: export_atypicality(data, advance),
        "foreign": lambda data: export_foreign(data, advance),
    }
    if name not in exports:
        raise ValueError(f"There is nothing to export as {name!r}; there is {', '.join(exports)}")
    exports[name](load_training_data(labels))


def export_uncertainty(data: TrainingData | None = None) -> None:
    """Compile the measures, which depend on no data; every other export runs them."""
    PATH.parent.mkdir(parents=True, exist_ok=True)
    compile_measures(PATH)


def export_article(data: TrainingData) -> None:
    """Write the artifacts of the article's network.

    Raises:
        FileNotFoundError: it was not trained here.
    """
    mnist, split = data.mnist, data.split
    epochs, network = load_checkpoint(data.checkpoints / "article")
    if network is None:
        raise FileNotFoundError("No checkpoint: run `python cli.py train article` first")
    described = describe_article(network, mnist.x_train[split.fit[:NUM_FITTED]])
    facts = {
        "title": "The article’s CNN",
        "num_parameters": network.count_params(),
        "seed": article.SEED,
        "epochs": epochs,
    }
    classifier = compile_classifier("article", described, mnist, facts)
    score_classifier(classifier, mnist, split)


def export_ensemble(data: TrainingData, advance: Advance) -> None:
    """Write the artifacts of the ensemble: as the article's, its temperature and atypicality.

    Raises:
        FileNotFoundError: a member was not trained here.
    """
    mnist, split = data.mnist, data.split
    members = load_members(data.checkpoints / "ensemble")
    network = assemble(members, mnist.x_train[split.fit[:NUM_FITTED]], NUM_FEATURES)
    facts = {
        "title": "The ensemble",
        "num_members": len(members),
        "num_parameters": sum(member.count_params() for member in members),
        "seed": [member.seed for member in ensemble.MEMBERS],
        "norm": [member.norm for member in ensemble.MEMBERS],
        "epochs": ensemble.EPOCHS + ensemble.FINISH_EPOCHS,
    }
    classifier = compile_classifier("ensemble", network, mnist, facts, quantise=True)
    fit_and_save_atypicality(classifier, mnist, split, advance)
    export_foreign(data, advance)
    score_classifier(classifier, mnist, split, fit=True)


def export_bayesian(data: TrainingData) -> None:
    """Write the artifacts of the Bayesian CNN: draws from its posterior, and their temperature.

    Raises:
        FileNotFoundError: it was not trained here to its end.
    """
    mnist, split, recipe = data.mnist, data.split, bayesian.RECIPE
    network = bayesian.build(mnist.x_test.shape[1:], len(CLASS_NAMES))
    if bayesian.load_state(network.variables, data.checkpoints / "bayesian") < recipe.epochs:
        raise FileNotFoundError("No checkpoint: run `python cli.py train bayesian` first")
    drawn = draw_weights(network, NUM_SAMPLES, recipe.seed)
    images = mnist.x_train[split.fit[:NUM_FITTED]]
    facts = {
        "title": "The Bayesian CNN",
        "num_members": NUM_SAMPLES,
        "num_parameters": sum(int(np.prod(v.shape)) for v in network.trainable_variables),
    } | asdict(recipe)
    described = as_one_network(drawn, mean_weights(network), images, NUM_FEATURES)
    classifier = compile_classifier("bayesian", described, mnist, facts, half=True)
    score_classifier(classifier, mnist, split, fit=True, half=True)


def export_atypicality(data: TrainingData, advance: Advance) -> None:
    """Fit anew what the ensemble's atypicality is measured with; the network stays as it is."""
    mnist, split = data.mnist, data.split
    classifier = Artifacts("ensemble", ARTIFACTS / "ensemble")
    fit_and_save_atypicality(classifier, mnist, split, advance)
    calibration, test = (
        np.asarray(classifier.network.predict(images).atypicality)
        for images in (mnist.x_train[split.calibration], mnist.x_test)
    )
    save_tight(
        classifier.folder / "calibration.npz",
        logits=classifier.calibration_logits,
        labels=classifier.calibration_labels,
        atypicality=calibration,
    )
    scores = classifier.scores.assign(atypicality=test)
    save_scores(scores, classifier.folder / "scores.parquet")


def export_foreign(data: TrainingData, advance: Advance) -> None:
    """Teach anew what else people draw; the ensemble's network stays as it is."""
    images, split = data.mnist.x_train, data.split
    classifier = Artifacts("ensemble", ARTIFACTS / "ensemble")
    order = np.random.default_rng(split.fit[0]).permutation(split.fit)
    fitted = fit_foreign(classifier, images[order], images[split.calibration], advance)
    save_foreign(fitted, classifier.folder / "foreign.npz")


def load_members(checkpoints: Path) -> list[keras.Model]:
    """The trained members in order.

    Raises:
        FileNotFoundError: one is missing or not trained to its end.
    """
    members = []
    for member in ensemble.MEMBERS:
        folder = checkpoints / ensemble.folder_name(member) / ensemble.FINISH
        epochs, network = load_checkpoint(folder)
        if network is None or epochs < ensemble.FINISH_EPOCHS:
            raise FileNotFoundError("A member is missing: run `python cli.py train ensemble` first")
        members.append(network)
    return members


def fit_and_save_atypicality(
    classifier: Artifacts, mnist: Mnist, split: Split, advance: Advance
) -> None:
    """Fit on training digits, scale on the calibration split, as the compiled file sees both."""
    order = np.random.default_rng(split.fit[0]).permutation(split.fit)
    fit = order[: 2 * NUM_FITTED]
    seen = classifier.network.describe(mnist.x_train[fit])
    held_out = classifier.network.describe(mnist.x_train[split.calibration])
    head = learn_head(classifier, mnist.x_train[order], advance)
    fitted = fit_atypicality(
        seen["pooled"],
        seen["features"],
        mnist.y_train[fit],
        head,
        (held_out["pooled"], held_out["features"], held_out["logits"]),
    )
    save_atypicality(fitted, classifier.folder / "atypicality.npz")


def compile_classifier(
    name: str,
    network: keras.Model,
    mnist: Mnist,
    facts: dict[str, Any],
    quantise: bool = False,
    half: bool = False,
) -> Artifacts:
    """Compile the network and write what is known of it before it has scored anything."""
    folder = ARTIFACTS / name
    folder.mkdir(parents=True, exist_ok=True)
    compile_network(network, folder / "model.tflite", quantise, half)
    write_card(folder, mnist, facts, temperature=1.0, metrics={})
    return Artifacts(name, folder)


def score_classifier(
    classifier: Artifacts, mnist: Mnist, split: Split, fit: bool = False, half: bool = False
) -> None:
    """Let the compiled file, not Keras, make every number that stands beside it.

    Args:
        classifier: Just compiled.
        mnist: What it is scored on.
        split: Its calibration part is scored too.
        fit: Whether to fit the temperature there.
        half: Whether to keep `HALF_LOGIT_BITS` of the logits, in 16, instead of `LOGIT_STEP`.

    Whatever is made of logits is made of those that are kept.
    """
    folder, labels = classifier.folder, mnist.y_train[split.calibration]
    calibration = classifier.network.predict(mnist.x_train[split.calibration])
    known = calibration.atypicality
    kept = {} if known is None else {"atypicality": known}
    held_out = kept_logits(calibration.logits, half)
    save_tight(folder / "calibration.npz", logits=held_out, labels=labels, **kept)
    temperature = fit_temperature(held_out.astype(np.float32), labels) if fit else 1.0
    test = classifier.network.predict(mnist.x_test)
    features, logits = np.asarray(test.features), kept_logits(test.logits, half)
    save = save_loose if classifier.opens_first else save_tight
    save(folder / "test.npz", logits=logits, features=on_half_grid(features))
    measures = measure_logits(logits.astype(np.float32), temperature, mnist.y_test)
    if test.atypicality is not None:
        measures["atypicality"] = test.atypicality
    scores = build_table(measures, mnist.y_test, feature_map(features))
    save_scores(scores, folder / "scores.parquet")
    write_card(folder, mnist, classifier.card, temperature, metrics={})
    again = Artifacts(classifier.name, folder)
    metrics = evaluate_predictions(on_test(again))
    write_card(folder, mnist, classifier.card, temperature, metrics)


def kept_logits(logits: np.ndarray, half: bool) -> np.ndarray:
    """Logits (S, N, K) as they ship."""
    if half:
        return to_bits(logits.astype(np.float16), HALF_LOGIT_BITS)
    return to_grid(logits, LOGIT_STEP)


def feature_map(features: np.ndarray) -> np.ndarray:
    """A place on a plane for each image: t-SNE of its features, float32 (N, 2).

    van der Maaten and Hinton, JMLR 9, 2008. Neighbours mean something, distances do not.
    """
    placed = TSNE(init="pca", perplexity=30, random_state=0, n_jobs=-1).fit_transform(features)
    return to_grid(placed.astype(np.float32), MAP_STEP)
