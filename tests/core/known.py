"""Probabilities that are known already, as a classifier to MAPIE."""

import numpy as np


class Known:
    """A fitted classifier, as MAPIE wants one, that hands rows of probabilities through."""

    def __init__(self, num_classes):
        self.classes_ = np.arange(num_classes)

    def fit(self, X, y):  # noqa: N803
        return self

    def predict(self, X):  # noqa: N803
        return np.asarray(X).argmax(1)

    def predict_proba(self, X):  # noqa: N803
        return np.asarray(X)

    def __sklearn_is_fitted__(self):
        return True
