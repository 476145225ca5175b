"""What is kept between reruns: core's answers, by small keys."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.figures.place import PLACES, place_figure
from core.figures.scatter import View, scatter_figure
from core.measures import filters, similar
from core.measures.table import percentiles
from core.measures.uncertainty import measure_logits
from core.review.audit import Audit, load_audit
from core.study.classifiers import Classifier, load_classifier
from core.study.packed import PackedImages
from examples import mnist_data as mnist
from ui.components.sprite import own_sprite


@st.cache_resource
def classifier(name: str) -> Classifier:
    """One classifier a name, its files read and found whole; shared by all sessions, read only."""
    found = load_classifier(name)
    found.check()
    return found


@st.cache_resource
def check_test_images() -> None:
    """Read the test images once and keep none, so that what is wrong with them is known at once.

    Raises:
        ArtifactError: their file is missing, truncated or foreign.
    """
    for _ in mnist.read_images("test"):
        pass


@st.cache_resource
def images_of(split: str) -> PackedImages:
    """The images of a split, "test" or "train", to be read by row numbers; shared."""
    return PackedImages(mnist.read_images(split))


@st.cache_resource(max_entries=64)
def filtered(name: str, wanted: filters.Filter) -> pd.DataFrame:
    """The rows of a classifier's table that pass a filter: shared, read only."""
    return filters.apply(classifier(name).scores, wanted)


@st.cache_resource(max_entries=32)
def scatter(name: str, wanted: filters.Filter, view: View, colour: str) -> go.Figure:
    """The scatter of the filtered digits: shared, read only."""
    model = classifier(name)
    return scatter_figure(filtered(name, wanted), view, colour, model.class_names)


@st.cache_resource(max_entries=16)
def place(name: str, place: str) -> go.Figure:
    """The test digits among which one's own are marked: shared, read only."""
    model = classifier(name)
    return place_figure(model.scores, PLACES[place], model.class_names, model.num_members)


@st.cache_resource(max_entries=64)
def ranks(name: str, column: str) -> pd.Series:
    """Each test image's percentile by a measure."""
    return percentiles(classifier(name).scores, column)


@st.cache_data(max_entries=1_000)
def member_probs(name: str, index: int) -> np.ndarray:
    """The members' probabilities (S, K) for one test image."""
    model = classifier(name)
    as_images = model.test_logits[np.newaxis, :, index]  # each member's answer as its own image
    return measure_logits(as_images, model.temperature)["mean_probs"]


@st.cache_data(max_entries=1_000)
def similar_digits(name: str, index: int, count: int) -> list[int]:
    """The test images most like one of them, the most similar first."""
    return similar.most_similar_to_row(classifier(name).test_features, index, count).tolist()


@st.cache_resource(max_entries=4)
def audit(name: str, split: str, method: str) -> Audit:
    """A split's labels as a classifier ranks them: shared, read only."""
    return load_audit(classifier(name), split, method, with_cleanlab=False)


@st.cache_data(max_entries=1_000)
def similar_to_audited(name: str, split: str, index: int, count: int) -> list[int]:
    """The test images most like an image of a split, the most similar first."""
    if split == "test":
        return similar_digits(name, index, count)
    model = classifier(name)
    features = model.predict(images_of(split)[[index]]).features[0]
    return similar.most_similar(model.test_features, features, count).tolist()


@st.cache_data(max_entries=200)
def sheet(name: str, split: str, indices: tuple[int, ...]) -> dict:
    """A sheet of some images of a split, for the tiles: see `ui.components.sprite`."""
    return own_sprite(images_of(split)[list(indices)])
