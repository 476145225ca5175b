"""A rounded number never says more than the number."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trust.wording import at_most, beside, level, percent

SHARES = st.floats(0, 1, allow_nan=False)


def number(text):
    return float(text.removesuffix(" %").removeprefix("under ").removeprefix("over "))


@given(SHARES, st.integers(0, 3))
def test_what_is_not_none_and_not_all_is_never_written_so(share, digits):
    text = percent(share, digits)
    assert (number(text) == 0) == (share == 0)
    assert (text == percent(1, digits)) == (share == 1)
    if text[0].isdigit():
        assert number(text) == pytest.approx(100 * share, abs=0.51 * 10**-digits)


@given(SHARES, st.integers(0, 3))
def test_an_upper_bound_is_rounded_up_by_less_than_a_digit(share, digits):
    bound = number(at_most(share, digits))
    assert -1e-9 <= bound - 100 * share < 1.001 * 10**-digits


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_share_beside_a_limit_lies_on_the_side_where_it_lies(share, limit):
    text = number(beside(share / 100_000, limit / 100_000, 1))
    line = limit / 1_000
    assert (text > line) == (share > limit)
    assert (text < line) == (share < limit)


def test_the_percentages_that_once_misled():
    assert at_most(0.0035) == "0.35 %"
    assert at_most(0.0035, 1) == "0.4 %"
    assert beside(0.9897, 0.99, 1) == "98.97 %"
    assert beside(0.9999, 0.99) == "99.99 %"
    assert percent(0.00001) == "under 0.01 %"
    assert percent(0.99999) == "over 99.99 %"
    assert (level(0.99), level(1 - 0.005)) == ("99 %", "99.5 %")
    assert percent(math.nan) == "–"
