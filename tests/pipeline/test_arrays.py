"""Rounding to significant digits, as a decimal."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arrays import rounded


@pytest.mark.parametrize("digits", [6, 9, 12])
@given(values=st.lists(st.floats(), max_size=50))
def test_a_number_is_rounded_as_its_written_digits_are(digits: int, values: list[float]) -> None:
    written = np.array([float(f"{value:.{digits}g}") for value in values])
    np.testing.assert_array_equal(rounded(np.array(values), digits), written)


def test_numbers_halfway_between_two_and_powers_of_ten_are_rounded_to_the_last_bit() -> None:
    halves = (np.arange(1_000) + 0.5)[:, np.newaxis] * 10.0 ** np.arange(-12, 12)
    values = np.concatenate([halves.ravel(), 10.0 ** np.arange(-30, 30), 1 / np.arange(1, 5_000)])
    for digits in (3, 6, 12):
        written = np.array([float(f"{value:.{digits}g}") for value in values])
        np.testing.assert_array_equal(rounded(values, digits).view(np.int64), written.view(np.int64))
