"""Numbers and names as people read them."""

import pytest

from dashboard.text.target import TargetFormat
from pipeline.tables.datasets import DATASETS

BOSTON = TargetFormat("medv", DATASETS["boston_housing"])
OWN = TargetFormat("yield", None)


@pytest.mark.parametrize(
    ("value", "text"),
    [(22.6612, "$22,700"), (-3.929, "−$3,930"), (0.0321, "$32"), (0.0, "$0"), (1e97, "$10¹⁰⁰")],
)
def test_an_amount_in_thousands_of_dollars_is_given_in_dollars(value: float, text: str) -> None:
    assert BOSTON.amount(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (22.6612, "22.66"),
        (981_801.9, "981,800"),
        (-18_214.0, "−18,210"),
        (2e30, "2\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10³⁰"),
    ],
)
def test_an_amount_of_no_known_unit_is_given_in_digits_as_long_as_they_can_be_counted(value: float, text: str) -> None:
    assert OWN.amount(value) == text


def test_a_change_has_its_sign() -> None:
    assert (BOSTON.change(2.512), BOSTON.change(-2.5), OWN.change(0.5)) == ("+$2,510", "−$2,500", "+0.5")
