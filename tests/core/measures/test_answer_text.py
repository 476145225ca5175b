import numpy as np

from core.measures.answer_text import describe_answer

NAMES = tuple("0123456789")


def test_one_class_in_play_is_read():
    probs = np.full(10, 0.001)
    probs[7] = 0.991
    assert "reads 7 (99.1 %)" in describe_answer(probs, NAMES)


def test_two_classes_in_play_are_named():
    probs = np.zeros(10)
    probs[4], probs[9] = 0.6, 0.4
    assert describe_answer(probs, NAMES) == "The model is torn between 4 (60.0 %) and 9 (40.0 %)."
