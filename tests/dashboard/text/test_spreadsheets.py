"""Tables that a spreadsheet opens: no text in them runs as a formula, and numbers stay numbers."""

import csv as reader
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.record.uploads import read_rows
from dashboard.text.spreadsheets import csv, unguarded
from tests.tables import of_numbers

FORMULAS = (
    '=HYPERLINK("http://x")',
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\uff1d1",
    "=cmd|' /C calc'!A0",
)


def cells(content: bytes) -> list[list[str]]:
    """What a spreadsheet finds in the cells."""
    return list(reader.reader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_guarded_in_names_and_in_cells(text: str) -> None:
    table = pd.DataFrame(
        {text: [1.5, -2.5], "name": [text, "plain"], "mixed": [text, -3]}, columns=[text, "name", "mixed"]
    )
    assert cells(csv(table)) == [
        [f"'{text}", "name", "mixed"],
        ["1.5", f"'{text}", f"'{text}"],
        ["-2.5", "plain", "-3"],
    ]


def test_numbers_stay_as_they_are_the_negative_ones_too() -> None:
    table = pd.DataFrame({"a": [-1, 2], "b": [-0.5, float("nan")], "c": pd.Series([-1.5, None], dtype=object)})
    assert cells(csv(table)) == [["a", "b", "c"], ["-1", "-0.5", "-1.5"], ["2", "", ""]]


def test_two_columns_of_one_name_are_both_kept() -> None:
    table = pd.DataFrame([["=1", -1]], columns=["part", "part"])
    assert cells(csv(table)) == [["part", "part"], ["'=1", "-1"]]


@given(st.text())
def test_no_text_begins_as_a_formula_and_every_name_is_found_again(text: str) -> None:
    guarded = cells(csv(pd.DataFrame({"name": [text], "number": [-1]})))[1:]
    assert not guarded or not guarded[0][0].lstrip().startswith(("=", "+", "-", "@"))
    (header,) = cells(csv(pd.DataFrame(columns=[text, "number"])))
    assert header[0] == text or unguarded(header[0]) == text


@pytest.mark.parametrize("name", ["=left_over", "+x", "@y", "'quoted", "'=already", "plain"])
def test_a_filled_in_example_is_read_back_whatever_its_columns_are_called(name: str) -> None:
    example = pd.DataFrame({name: [1.5], "age": [-2.0]})
    houses = read_rows(csv(example), "houses.csv", of_numbers(name, "age")).rows
    pd.testing.assert_frame_equal(houses, example)
