"""Five views of the Stress page for a lesson, on MNIST."""

from __future__ import annotations

from core.study.study import TourStop

TOUR = (
    TourStop(
        "A 4 becomes a 9",
        "The ink of a 4 moves until it is a 9, over shapes that are honestly both. Watch the"
        " aleatoric estimate rise in the middle and fall again: the doubt is in the digit, and"
        " the members share most of it.",
        {"model": "ensemble", "kind": "morph", "id": "19", "into": "12", "at": "0.6"},
    ),
    TourStop(
        "A 6 turns into a 9",
        "Half a turn makes a 6 a 9, and the ensemble reads one with 98 %. In between the answers"
        " change quickly, and atypicality says that such digits were never seen, whatever the"
        " probabilities say.",
        {"model": "ensemble", "kind": "rotate", "id": "100", "at": "180"},
    ),
    TourStop(
        "Noise it is sure about",
        "Under more and more noise the article's CNN leaves the 1 for a 2, and then grows surer"
        " of it the less there is to see. High confidence is no sign that there is a digit.",
        {"model": "article", "kind": "gaussian_noise", "id": "2", "at": "1"},
    ),
    TourStop(
        "A grey background",
        "A little grey behind a 1, which no person would mind, and the article's CNN reads an 8."
        " Choose the ensemble at the top: it goes on reading a 1, and its atypicality notices the"
        " grey.",
        {"model": "article", "kind": "brightness", "id": "5", "at": "0.3"},
    ),
    TourStop(
        "The members quarrel",
        "Three members read this 8 as a 5, one of them with 99 %, and two as an 8. Shear it: the"
        " epistemic estimate is highest where the faint lines lie furthest apart.",
        {"model": "ensemble", "kind": "shear", "id": "8408", "at": "0"},
    ),
)
