import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.study.rounding import half_step, on_half_grid, to_bits, to_grid

FLOATS = hnp.arrays(
    np.float32, hnp.array_shapes(max_dims=3, max_side=6), elements=st.floats(-60, 60, width=32)
)


@given(FLOATS)
def test_a_grid_moves_no_value_by_more_than_half_a_step(values):
    found = to_grid(values, 2**-14)
    assert found.dtype == np.float32
    assert (found * 2.0**14 == np.round(found * 2.0**14)).all()
    assert (np.abs(found.astype(float) - values) <= 2**-15).all()
    np.testing.assert_array_equal(to_grid(found, 2**-14), found)
    assert not np.signbit(found[found == 0]).any()


@given(FLOATS, st.integers(3, 20))
def test_bits_are_counted_from_each_value_s_first(values, bits):
    found = to_bits(values, bits)
    mantissa, _ = np.frexp(found.astype(float))
    assert (mantissa * 2.0**bits == np.round(mantissa * 2.0**bits)).all()
    smallest = np.finfo(np.float32).smallest_subnormal
    assert (np.abs(found.astype(float) - values) <= 2.0**-bits * np.abs(values) + smallest).all()


@given(FLOATS)
def test_sixteen_bits_hold_every_value_of_their_grid(values):
    found, step = on_half_grid(values), half_step(values)
    assert found.dtype == np.float16
    assert (np.abs(found.astype(float) - values) <= step / 2).all()
    assert (found / step == np.round(found / step)).all()


@pytest.mark.parametrize(
    ("largest", "step"), [(55.1, 2**-5), (64, 2**-5), (0.9, 2**-11), (1e-9, 2**-24), (0, 2**-24)]
)
def test_the_step_follows_from_the_largest_value(largest, step):
    assert half_step(np.array([[0.0, -largest]])) == step
