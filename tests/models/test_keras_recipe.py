"""What Keras and TensorFlow give is shown as it is."""

import numpy as np
import tensorflow as tf

from penumbra.arrays import as_array
from tests.examples.test_recipes import RECIPES, run


def test_the_recipe_for_keras_gives_an_ensemble(tmp_path, monkeypatch):
    (study,) = run(RECIPES["Keras"], tmp_path, monkeypatch)
    (model,) = study.models.values()
    assert (model.kind, model.num_members, len(study.dataset)) == ("logits", 3, 897)
    assert model.scores["correct"].mean() > 0.8
    assert (model.scores["mutual_information"] > 0).any()


def test_a_tensor_of_tensorflow_is_an_array():
    numbers = np.arange(6, dtype=np.float32).reshape(3, 2)
    assert np.array_equal(as_array(tf.constant(numbers), "probs"), numbers)
