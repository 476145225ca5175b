"""Words that ten people each called negative, neutral or positive, read by their letters alone.

The ratings are those of VADER's lexicon (Hutto and Gilbert, ICWSM 2014; MIT licence), from -4 to 4,
of which the sign is taken. `python -m examples.words` makes `examples/words.npz` anew, for which it
needs the package vaderSentiment; the People page opens that file.
"""

from __future__ import annotations

import ast
from importlib.resources import files
from pathlib import Path

import numpy as np

CLASSES = ("negative", "neutral", "positive")
MEMBERS, FOLDS, STEM = 5, 5, 5
FILE = Path(__file__).with_suffix(".npz")


def ratings(lexicon: str) -> tuple[list[str], np.ndarray]:
    """The words of a lexicon and how many people called each negative, neutral, positive (N, 3).

    Args:
        lexicon: Lines of word, mean, deviation and the list of ratings, between tabs. Emoticons
            and abbreviations with signs or digits are left out.
    """
    lines = [line.split("\t") for line in lexicon.splitlines()]
    kept = {word: marks for word, _, _, marks in lines if word.isascii() and word.isalpha()}
    signs = np.sign(np.array([ast.literal_eval(marks) for marks in kept.values()]))
    return list(kept), np.stack([(signs == sign).sum(1) for sign in (-1, 0, 1)], axis=1)


def predictions(words: list[str], counts: np.ndarray) -> np.ndarray:
    """Probabilities (S, N, 3) by logistic regressions on groups of letters.

    Words with the same first letters stay in one fold, so none is judged by a model that knows its
    relatives. Each member learns from its own draw of the other folds' words, and from all ten
    people: a word counts for each class as often as people chose it.
    """
    from sklearn.model_selection import GroupKFold  # noqa: PLC0415 - the file needs none of it

    stems = [word.lower()[:STEM] for word in words]
    probs = np.zeros((MEMBERS, *counts.shape))
    for train, test in GroupKFold(FOLDS).split(words, groups=stems):
        for member in range(MEMBERS):
            drawn = np.random.default_rng(member).choice(train, len(train))
            probs[member, test] = _fitted(words, counts, drawn, test)
    return probs


def _fitted(
    words: list[str], counts: np.ndarray, train: np.ndarray, test: np.ndarray
) -> np.ndarray:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2)
    rows = letters.fit_transform([words[row] for row in np.repeat(train, len(CLASSES))])
    classes = np.tile(np.arange(len(CLASSES)), len(train))
    model = LogisticRegression(max_iter=300).fit(rows, classes, counts[train].ravel() / 10)
    found: np.ndarray = model.predict_proba(letters.transform([words[row] for row in test]))
    return found


def main() -> None:
    """Write the file."""
    lexicon = (files("vaderSentiment") / "vader_lexicon.txt").read_text(encoding="utf-8")
    words, counts = ratings(lexicon)
    np.savez_compressed(
        FILE,
        ids=np.array(words),
        label_counts=counts.astype(np.uint8),
        probs=predictions(words, counts).astype(np.float16),
        class_names=np.array(CLASSES),
    )


if __name__ == "__main__":
    main()
