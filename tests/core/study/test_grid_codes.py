import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.study.grid_codes import from_codes, grid_exponent, to_codes

STEPS = hnp.arrays(np.int32, st.integers(1, 20), elements=st.integers(-(2**23), 2**23))


@given(STEPS, st.integers(-40, 40), st.sampled_from([np.float32, np.float64]))
def test_multiples_of_a_power_of_two_come_back_to_the_bit(steps, exponent, kind):
    values = np.ldexp(steps.astype(kind), exponent)
    found = grid_exponent(values)
    assert found is not None
    assert found >= exponent or not values.any()
    back = from_codes(to_codes(values, found), found, values.dtype)
    assert back.dtype == values.dtype
    assert back.tobytes() == values.tobytes()


@given(hnp.arrays(st.sampled_from([np.float16, np.float32, np.float64]), st.integers(0, 9)))
def test_whatever_has_codes_comes_back_to_the_bit(values):
    found = grid_exponent(values)
    if found is not None:
        assert (
            from_codes(to_codes(values, found), found, values.dtype).tobytes() == values.tobytes()
        )


def test_the_step_is_the_largest_that_fits():
    assert grid_exponent(np.array([0.75, -3.0, 0.0])) == -2
    assert grid_exponent(np.array([96.0, 32.0])) == 5
    assert to_codes(np.array([0.0, -0.5, 0.5, -1.0, 1.0]), -1).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("values", [[np.nan], [np.inf, 1.0], [-0.0], [2.0**31, 1.0], [1e-300, 1.0]])
def test_what_has_no_codes_is_left_alone(values):
    assert grid_exponent(np.array(values)) is None


def test_the_largest_code_is_kept():
    values = np.array([2.0**31 - 1, -(2.0**31 - 1), 1.0])
    assert from_codes(to_codes(values, 0), 0, values.dtype).tolist() == values.tolist()
