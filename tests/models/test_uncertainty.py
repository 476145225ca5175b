import numpy as np
import pytest
import tensorflow as tf
import tensorflow_probability as tfp
from ai_edge_litert.interpreter import Interpreter

from core.measures.runtime import Graph
from core.measures.uncertainty import PATH, measure_logits
from examples.mnist_artifacts import artifact_names, load_artifacts
from models.uncertainty import compile_measures

tfd = tfp.distributions


@pytest.mark.parametrize("name", artifact_names())
def test_the_compiled_measures_are_eager_tfp_s_on_every_test_image(name):
    classifier = load_artifacts(name)
    labels = classifier.scores["label"].to_numpy(np.int32)
    found = measure_logits(classifier.test_logits, classifier.temperature, labels)
    members = tfd.Categorical(logits=classifier.test_logits / np.float32(classifier.temperature))
    mean = tfd.Categorical(probs=tf.reduce_mean(members.probs_parameter(), axis=0))
    total, aleatoric = mean.entropy(), tf.reduce_mean(members.entropy(), axis=0)
    expected = {
        "mean_probs": mean.probs_parameter(),
        "confidence": tf.reduce_max(mean.probs_parameter(), axis=1),
        "predictive_entropy": total,
        "expected_entropy": aleatoric,
        "mutual_information": tf.maximum(total - aleatoric, 0),
        "log_likelihood": mean.log_prob(labels),
    }
    for column, eager in expected.items():
        np.testing.assert_allclose(found[column], eager, atol=5e-6, rtol=1e-5, err_msg=column)


def test_mutual_information_is_the_mean_divergence_of_the_members_from_their_mean():
    logits = np.random.default_rng(0).normal(0, 3, (5, 200, 10)).astype(np.float32)
    members = tfd.Categorical(logits=logits)
    mean = tfd.Categorical(probs=tf.reduce_mean(members.probs_parameter(), axis=0))
    divergence = tf.reduce_mean(tfd.kl_divergence(members, mean), axis=0)
    found = measure_logits(logits)["mutual_information"]
    np.testing.assert_allclose(found, divergence, atol=2e-6)


def test_the_committed_file_is_what_the_committed_code_compiles_to(tmp_path):
    compile_measures(tmp_path / "again.tflite")
    paths = PATH, tmp_path / "again.tflite"
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 5, (3, 50, 10)).astype(np.float32)
    labels = rng.integers(10, size=50).astype(np.int32)
    committed, again = ([*steps(path), *run_all(path, logits, labels)] for path in paths)
    assert committed == again


def steps(path):
    """The kinds of a file's operations, in any order: the converter names and orders them anew."""
    return sorted(step["op_name"] for step in Interpreter(model_path=str(path))._get_ops_details())


def run_all(path, logits, labels):
    graph = Graph(path, "export uncertainty")
    found = graph.run("measure", logits=logits, temperature=np.array(0.8, np.float32))
    likelihood = {"log_mean_probs": found["log_mean_probs"], "labels": labels}
    found |= graph.run("log_likelihood", **likelihood)
    return [(name, values.tolist()) for name, values in sorted(found.items())]
