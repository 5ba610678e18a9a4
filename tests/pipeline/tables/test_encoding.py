"""From columns to inputs: one for a number, several for a category, one for gaps; learned from the given rows alone."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.params import Missing
from pipeline.safety.errors import UserError
from pipeline.tables.encoding import MAX_INPUTS, MAX_VALUES, Encoding
from pipeline.tables.kinds import feature_kinds, kinds_of

ROWS = pd.DataFrame(
    {
        "area": [50.0, 70.0, np.nan, 60.0],
        "river": pd.array([True, False, True, pd.NA], dtype="boolean"),
        "town": pd.Series(["Ulm", "Bonn", None, "Ulm"], dtype="str"),
        "sold": pd.to_datetime(["1970-01-02", "1970-01-01T12:00", "1969-12-31", "NaT"], format="ISO8601"),
        "zone": [10.0, 2.0, 2.0, 10.0],
        "price": [1.0, 2.0, 3.0, 4.0],
    }
)
FEATURES = ("area", "river", "town", "sold", "zone")


def fitted(table: pd.DataFrame, missing: Missing = "mean", categories: tuple[str, ...] = ("town", "zone")) -> Encoding:
    """Fit on all rows of a table whose target is price and whose other columns are features."""
    features = [str(name) for name in table.columns if name != "price"]
    used = [name for name in categories if name in features]
    kinds = feature_kinds(kinds_of(table), "price", features, used, lambda: table)
    return Encoding.fit([table], kinds, missing, "price")


def test_each_kind_becomes_its_inputs_and_a_gap_its_mean_and_a_sign() -> None:
    encoding = fitted(ROWS)
    expected = {
        "area": [50, 70, 60, 60],
        "area is missing": [0, 0, 1, 0],
        "river": [1, 0, 1, 0.666666666667],
        "river is missing": [0, 0, 0, 1],
        "town=Bonn": [0, 1, 0, 0],
        "town=Ulm": [1, 0, 0, 1],
        "town is missing": [0, 0, 1, 0],
        "sold": [1, 0.5, -1, 0.166666666667],
        "sold is missing": [0, 0, 0, 1],
        "zone=2": [0, 1, 1, 0],
        "zone=10": [1, 0, 0, 1],
    }
    assert encoding.names == tuple(expected)
    np.testing.assert_array_equal(encoding.apply(ROWS), np.array(list(expected.values())).T)
    assert encoding.places["town"] == slice(4, 7)
    assert not encoding.is_plain


def test_numbers_without_gaps_are_inputs_as_they_are() -> None:
    table = ROWS[["zone", "price"]].assign(lot=[1.5, 2.5, -3.0, 0.0])
    encoding = fitted(table, "refuse", ())
    assert encoding.names == ("zone", "lot")
    assert encoding.is_plain
    np.testing.assert_array_equal(encoding.apply(table), table[["zone", "lot"]])


def test_a_value_that_was_not_seen_is_none_of_the_values() -> None:
    others = ROWS.assign(town="Köln", zone=3.0)
    inputs = pd.DataFrame(fitted(ROWS).apply(others), columns=fitted(ROWS).names)
    assert not inputs.filter(like="=").to_numpy().any()
    assert not inputs["town is missing"].any()


def test_a_gap_where_none_was_allowed_is_not_a_number() -> None:
    encoding = fitted(ROWS.iloc[:2], "refuse")
    inputs = pd.DataFrame(encoding.apply(ROWS), columns=encoding.names)
    assert inputs.isna().any().to_dict() == {
        name: any(name.startswith(feature) for feature in ("area", "river", "town", "sold")) for name in encoding.names
    }


def test_where_training_rows_have_no_gap_a_later_one_is_filled_without_a_sign() -> None:
    encoding = fitted(ROWS[["area", "price"]].iloc[:2], "mean")
    assert encoding.names == ("area",)
    assert encoding.apply(ROWS)[2].tolist() == [60]


names = st.sampled_from(["a", "a=b", "a is missing", "b=c", "a=b=c", "a=b (input)", "price is missing", "a=price"])


@given(st.lists(names, min_size=1, max_size=6, unique=True), st.data())
def test_no_two_inputs_have_the_same_name_whatever_columns_and_values_are_called(
    columns: list[str], data: st.DataObject
) -> None:
    values = st.lists(st.sampled_from(["b", "c", "b=c", "b (input)", "rice"]), min_size=4, max_size=4)
    table = pd.DataFrame({name: pd.Series([*data.draw(values), "z", None], dtype="str") for name in columns})
    table["price"] = 1.0
    encoding = fitted(table, "mean", tuple(columns))
    assert len({*encoding.names, "price"}) == len(encoding.names) + 1
    assert encoding.apply(table).shape == (6, len(encoding.names))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"lot": [np.nan] * 3, "age": [np.nan] * 3}, "no training row has a value in 'lot', 'age': take"),
        ({"town": ["Ulm"] * 3}, "the column 'town' is 'Ulm' in every training row and tells nothing: take it out"),
        (
            {"town": [f"t{row}" for row in range(MAX_VALUES + 1)]},
            f"'town' has {MAX_VALUES + 1} in the training rows, and at most {MAX_VALUES} are handled: take it out",
        ),
        (
            {f"t{at}": [f"v{row}" for row in range(MAX_VALUES)] for at in range(11)},
            f"the features make 550 inputs of the model, and at most {MAX_INPUTS} are handled: take some out of",
        ),
    ],
)
def test_what_cannot_be_encoded_is_refused_by_name(table: dict[str, Any], message: str) -> None:
    rows = pd.DataFrame(table)
    with pytest.raises(UserError) as refusal:
        fitted(rows.assign(price=1.0), "mean", tuple(rows.select_dtypes("str").columns))
    assert message in str(refusal.value)


def test_as_many_values_as_are_allowed_are_taken() -> None:
    table = pd.DataFrame({"town": [f"t{row:02}" for row in range(MAX_VALUES)], "price": 1.0})
    assert len(fitted(table).names) == MAX_VALUES


def test_all_columns_that_cannot_be_used_are_named_at_once_with_a_cell_and_what_to_do() -> None:
    table = pd.DataFrame(
        {
            "street": pd.Series(["High", "Low"], dtype="str"),
            "size": pd.Series(["12", "12 m"], dtype="str"),
            "day": pd.to_datetime(["2024-02-29"] * 2),
            "x": [1.0, 2.0],
        }
    )
    with pytest.raises(UserError) as refusal:
        feature_kinds(
            kinds_of(table), "day", ["street", "x", "size"], [], lambda: table, lambda row: f"a.csv, line {row + 2}"
        )
    assert str(refusal.value).split("; ") == [
        "a.csv, line 3, column 'size' is '12 m'",
        "expected a number such as 12.5: correct it, or leave the row out",
        "the column 'street' is text (a.csv, line 2 has 'High'): add it to normalize.categories, or take it out of "
        "normalize.features",
        "the column 'day' is a date (a.csv, line 2 has '2024-02-29'), but the target has to be a number: choose "
        "another",
    ]
