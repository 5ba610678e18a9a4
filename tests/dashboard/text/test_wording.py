"""Numbers and names as people read them."""

import pytest

from dashboard.text.wording import Words, plain, verbatim
from pipeline.tables.datasets import DATASETS

BOSTON = Words("medv", DATASETS["boston_housing"])
OWN = Words("yield", None)


@pytest.mark.parametrize(
    ("value", "told"),
    [(22.6612, "$22,700"), (-3.929, "-$3,930"), (0.0321, "$32"), (0.0, "$0"), (1e97, "1e+97")],
)
def test_an_amount_in_thousands_of_dollars_is_told_in_dollars(value: float, told: str) -> None:
    assert BOSTON.amount(value) == told


@pytest.mark.parametrize(
    ("value", "told"), [(22.6612, "22.66"), (981_801.9, "981,800"), (-18_214.0, "-18,210"), (2e30, "2e+30")]
)
def test_an_amount_of_no_known_unit_is_told_in_digits_as_long_as_they_can_be_counted(value: float, told: str) -> None:
    assert OWN.amount(value) == told


def test_a_change_has_its_sign() -> None:
    assert (BOSTON.change(2.5), BOSTON.change(-2.5), OWN.change(0.5)) == ("+$2,500", "-$2,500", "+0.5")


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, "–"), (float("nan"), "–"), (0.0, "0"), (1_499.6, "1,500"), (0.16742, "0.167"), (4.9e-6, "4.9e-06")],
)
def test_a_plain_number_has_three_digits_that_count(value: float | None, told: str) -> None:
    assert plain(value) == told


def test_what_would_be_markdown_is_shown_as_it_is() -> None:
    assert verbatim("$1 to $2, *a_b* [x](y) <b>") == r"\$1 to \$2, \*a\_b\* \[x\](y) \<b\>"
