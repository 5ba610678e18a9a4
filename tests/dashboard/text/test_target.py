"""Numbers and names as people read them."""

import dataclasses

import pandas as pd
import pytest

from dashboard.text.target import TargetFormat, with_unit
from pipeline.tables.datasets import DATASETS, Column
from pipeline.tables.preparation import prepare
from tests.tables import mixed, mixed_settings

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


def test_a_column_is_read_as_people_call_it_and_by_its_name() -> None:
    assert (BOSTON.readable("rm"), BOSTON.readable("medv")) == ("rooms (rm)", "median price (medv)")
    assert BOSTON.titles(["rm", "bias"]) == {"rm": "rooms (rm)"}
    assert (BOSTON.axis("rm"), BOSTON.axis("tax")) == ("rooms (rm)", "property tax (tax), $ per $10,000")
    assert BOSTON.header("medv") == "medv ($1000)"
    assert BOSTON.description("lstat") == "lower status (lstat): residents counted as of lower status (%)"
    assert BOSTON.description("lstat", "normalized").endswith("lower status (normalized)")


@pytest.mark.parametrize("name", ["a|b", "$x", "<b>", "__proto__", "rm"])
def test_a_column_of_a_table_of_ones_own_has_its_name_alone(name: str) -> None:
    assert (OWN.readable(name), OWN.axis(name), OWN.header(name), OWN.description(name)) == (name,) * 4
    assert OWN.titles([name]) == {}


@pytest.mark.parametrize(
    ("name", "unit", "text"),
    [
        ("size", "MB", "size (MB)"),
        ("river (chas)", "1 or 0", "river (chas), 1 or 0"),
        ("rooms (rm)", "rooms", "rooms (rm)"),
    ],
)
def test_a_unit_stands_in_parentheses_unless_the_name_has_some_or_says_it(name: str, unit: str, text: str) -> None:
    assert (with_unit(name, unit), with_unit(name, "")) == (text, name)


def test_a_column_called_as_its_noun_is_not_named_twice() -> None:
    speed = Column("speed", "speed", "speed before braking", "mph")
    cars = TargetFormat("dist", dataclasses.replace(DATASETS["boston_housing"], columns=(speed,)))
    assert (cars.readable("speed"), cars.axis("speed")) == ("speed", "speed (mph)")


def test_inputs_that_a_feature_makes_read_as_what_they_say() -> None:
    words = TargetFormat("price", None, prepare(mixed(), mixed_settings(), ()).encoding)
    assert words.axis("town=Bonn") == "town=Bonn (1 if so, else 0)"
    assert words.description("town is missing") == "town is missing (1 if so, else 0)"
    assert words.axis("sold") == "sold (days since 1970-01-01)"
    assert words.axis("river") == "river (1 for yes, 0 for no)"
    assert words.axis("area") == "area"
    table = pd.DataFrame({"rad": [1.0, 2.0, 24.0] * 5, "medv": range(15)})
    settings = mixed_settings(target="medv", features=["rad"], categories=["rad"])
    boston = TargetFormat("medv", DATASETS["boston_housing"], prepare(table, settings, ()).encoding)
    assert boston.readable("rad=24") == "highways 24 (rad=24)"
    assert boston.description("rad=24") == "highways 24 (rad=24): highways (rad) is 24 (1 if so, else 0)"
    assert boston.readable("rad") == "highways (rad)"
