"""Numbers are written as people write them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.text.numbers import format_number, format_range, format_signed, summarize


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (0.0, "0"),
        (-0.0, "0"),
        (-20.0, "−20"),
        (1_499.6, "1,500"),
        (0.16742, "0.167"),
        (24.80044, "24.8"),
        (999_999_999.0, "10⁹"),
        (1.0923e9, "1.09\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁹"),
        (-1.5e14, "−1.5\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10¹⁴"),
        (4.9e-6, "4.9\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁻⁶"),
        (1e-5, "10⁻⁵"),
        (3.9e300, "3.9\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10³⁰⁰"),
    ],
)
def test_a_number_has_three_digits_that_count(value: float | None, text: str) -> None:
    assert format_number(value) == text


@given(st.floats(), st.integers(1, 9))
def test_no_number_is_written_as_computers_do(value: float, digits: int) -> None:
    text = format_number(value, digits)
    assert "e" not in text
    assert "-" not in text
    assert len(text) <= 22


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (1908.0, 2008.0, ("1908", "2008")),
        (0.00632, 88.9762, ("0.006", "89")),
        (187.0, 711.0, ("187", "711")),
        (99_999.0, 100_001.0, ("99,999", "100,001")),
        (7.0, 7.0, ("7", "7")),
    ],
)
def test_the_ends_of_a_range_are_not_rounded_to_others(low: float, high: float, text: tuple[str, str]) -> None:
    written = format_range(low, high)
    for end, one in zip((low, high), written, strict=True):
        assert abs(float(one.replace(",", "")) - end) <= (high - low) / 1000
    assert low == 0.00632 or written == text


def test_a_signed_number_has_a_plus_or_a_minus() -> None:
    assert [format_signed(value) for value in (0.737, -0.737)] == ["+0.737", "−0.737"]


def test_values_are_one_number_a_short_list_or_a_range() -> None:
    assert summarize(np.array([392_588.0])) == "392,600"
    assert summarize(np.array([1.0, -2.0])) == "[1, −2]"
    assert summarize(np.arange(50.0)) == "0 … 49"
    assert summarize(np.zeros(50)) == "all 0"
