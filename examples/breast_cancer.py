"""Breast tumours, malignant or benign: two classes, a table's rows in place of pictures.

`python -m examples.breast_cancer` saves them as a study with two models that the dashboard lists.
"""

from __future__ import annotations

from typing import Any

from sklearn.base import ClassifierMixin
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import penumbra

MODELS: dict[str, ClassifierMixin] = {
    "logistic regression": make_pipeline(StandardScaler(), LogisticRegression()),
    "random forest": RandomForestClassifier(random_state=0),
}


def predictions() -> dict[str, Any]:
    """What `penumbra.show` and `penumbra.save` take; no row is judged by a model fitted on it."""
    cancer = load_breast_cancer(as_frame=True)
    probs = {
        name: cross_val_predict(model, cancer.data, cancer.target, cv=5, method="predict_proba")
        for name, model in MODELS.items()
    }
    names = cancer.target_names.tolist()
    return {"probs": probs, "labels": cancer.target, "class_names": names, "columns": cancer.data,
            "noun": "tumour"}  # fmt: skip


if __name__ == "__main__":
    print(penumbra.save("breast-cancer", title="Breast cancer", **predictions()))
