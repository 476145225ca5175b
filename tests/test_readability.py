"""Sentences of the interface and the documents are short, and the documents are easy to read."""

import re
import subprocess

import pytest

from tests import readability
from tests.test_style import ROOT, texts

MOST_WORDS = 25
LEAST_EASE = 55
CODE = ("</", "=>", "{ ", "<svg")
"""What a string holds that is a program, a style or a drawing."""


def test_no_sentence_of_the_interface_is_long():
    long = [
        f"{path.relative_to(ROOT)}:{line} has {len(found)} words: {sentence}"
        for path in texts()
        if path.suffix == ".py" and path.is_file()
        for line, text in readability.said_in(path.read_text())
        if not any(mark in text for mark in CODE)
        for sentence in readability.sentences(text)
        if len(found := readability.words(sentence)) > MOST_WORDS
        and re.search(r"[,.:;](\s|$)", sentence)
    ]
    assert not long


def documents():
    tracked = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in tracked.stdout.split() if (ROOT / name).is_file()]


@pytest.mark.parametrize("name", documents())
def test_no_sentence_of_a_document_is_long(name):
    found = readability.sentences(readability.prose((ROOT / name).read_text()))
    assert found
    assert not [each for each in found if len(readability.words(each)) > MOST_WORDS]


@pytest.mark.parametrize("name", documents())
def test_a_document_is_easy_to_read(name):
    ease = readability.reading_ease(readability.prose((ROOT / name).read_text()))
    assert ease >= LEAST_EASE, f"{name}: Flesch reading ease {ease:.1f}"


def test_long_sentences_are_found_across_strings_that_are_put_together():
    source = '"""A docstring."""\nsay("One two " f"{three} four. " + more)\nsay("Five.")'
    assert list(readability.said_in(source)) == [(2, "One two {x} four. {x}"), (3, "Five.")]
    assert readability.sentences("**Two** words. And 3.5 three! `X` more") == [
        "Two words.", "And 3.5 three!", "X more",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ease"),
    [
        # 206.835 - 1.015 words / sentences - 84.6 syllables / words
        ("The cat sat on the mat.", 206.835 - 1.015 * 6 - 84.6),
        ("This sentence is simple. It is short.", 206.835 - 1.015 * 7 / 2 - 84.6 * 9 / 7),
    ],
)
def test_the_reading_ease_is_fleschs(text, ease):
    assert readability.reading_ease(text) == pytest.approx(ease)


def test_code_tables_and_addresses_are_not_prose():
    text = "# Head\n\nA [link](http://x.y).\n\n    code here\n\n| a | b |\n\n```\nmore code\n```\n"
    assert readability.prose(text).split() == ["A", "[link]."]
