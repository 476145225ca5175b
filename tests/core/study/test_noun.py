"""What an item is called inside a sentence."""

import pytest

from core.study.dataset import Noun


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ("digit", "a digit"), ("item", "an item"), ("image", "an image"), ("user", "a user"),
        ("utterance", "an utterance"), ("unit", "a unit"), ("euro note", "a euro note"),
        ("Event", "an Event"),
        ("hour", "an hour"), ("house", "a house"), ("one-pager", "a one-pager"),
    ],
)  # fmt: skip
def test_the_article_is_the_one_that_is_spoken(one, said):
    assert Noun(one, f"{one}s").with_article == said
