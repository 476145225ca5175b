import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.study.dataset import Noun
from ui.words import drawn, noun_of, plain, short


@given(st.text())
def test_every_mark_of_ascii_is_escaped_and_no_letter_is_lost(text):
    marked = plain(text)
    assert re.fullmatch(r"(?:[^!-/:-@\[-`{-~]|\\[!-/:-@\[-`{-~])*", marked)
    letters = re.sub(r"\\(.)", r"\1", marked).replace("\u2060", "")
    assert letters == " ".join(text.split()).replace("\u2060", "")


@pytest.mark.parametrize("text", ["é’–…", "Zahl ß", "数字", "😀"])
def test_letters_beyond_ascii_have_no_backslash_before_them(text):
    assert plain(text) == text


@pytest.mark.parametrize("text", [":smile:", ":material/check:", "a :red[x]: b"])
def test_no_icon_and_no_emoji_is_made_of_a_name(text):
    assert not re.search(r":[a-z+-][\w+/-]*:", plain(text).replace("\\", ""))


ADDRESSES = (r"https?://|www(?=\.)", r"[-.\w+]+@[-\w]+(?:\.[-\w]+)+")
"""What GitHub's Markdown makes links of, wherever it stands in a text."""


@pytest.mark.parametrize(
    "text",
    ["http://a.example", "HTTPS://a.example/b", "www.a.example", "ada@a.example", "a@2x.jpg"],
)
def test_no_link_is_made_of_a_name(text):
    shown = plain(text).replace("\\", "")
    assert not any(re.search(pattern, shown, re.IGNORECASE) for pattern in ADDRESSES)
    assert shown.replace("\u2060", "") == text


def test_a_figure_reads_no_name_as_html():
    assert drawn("<b>&") == "&lt;b&gt;&amp;"


@given(st.text(max_size=200))
def test_a_short_name_is_the_beginning_of_the_name(text):
    found = short(text, 20)
    assert len(found) <= 20
    assert found == text or (found[-1] == "…" and text.startswith(found[:-1]))


def test_a_noun_is_letters_or_else_an_item():
    assert noun_of(Noun("x-ray", "x-rays")) == ("x-ray", "x-rays")
    assert noun_of(Noun("<b>cat</b>", "$cats_")) == ("bcatb", "cats")
    assert noun_of(Noun("$", "**")) == ("item", "items")
