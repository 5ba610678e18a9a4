"""What the cells of a column are, all together: numbers, yes and no, dates, or else text; and what a gap is."""

import math
from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from pipeline.tables import reading

GAPS = ("", " ", "NA", "n/a", "N/A", "nan", "NaN", "null", "NULL", "None", "?", "-", ".", "#N/A", "<NA>", "\u00a0")


def column(*cells: str, separator: str = ",", beside: str = "1") -> "pd.Series[Any]":
    """The column of these cells, repeated to twelve rows, beside another one."""
    rows = [f'"{cells[row % len(cells)]}"{separator}{beside}' for row in range(12)]
    return reading.parse("\n".join([f"x{separator}y", *rows]).encode(), "table")["x"]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1", "2.5", "-3", "+4", ".5", "6."], [1, 2.5, -3, 4, 0.5, 6]),
        (["6.42e+01", "8e0", "1E-200"], [64.2, 8, 1e-200]),
        ([" 1 ", "2\u00a0"], [1, 2]),
        (["$171.13", "$99"], [171.13, 99]),
        (["-$5", "$ 6"], [-5, 6]),
        (["5 \u20ac", "6\u20ac"], [5, 6]),
        (["8%", "63 %"], [8, 63]),
        (["1,770.0", "569.0", "1,234,567"], [1770, 569, 1234567]),
        (["$1,770", "$569"], [1770, 569]),
        (["1\u00a0064.2", "64.2"], [1064.2, 64.2]),
        (["1'064.2", "64.2"], [1064.2, 64.2]),
        (["\uff11\uff18", "\uff16"], [18, 6]),
        (["\u221264.2", "8"], [-64.2, 8]),
        (["64,2", "1.064,2"], [64.2, 1064.2]),
        (["1600000000000000000", "1600086400000000000"], [1.6e18, 1.6000864e18]),
    ],
)
def test_numbers_are_read_in_any_dress_that_the_whole_column_wears(cells: list[str], numbers: list[float]) -> None:
    assert column(*cells).head(len(cells)).tolist() == numbers


@pytest.mark.parametrize(
    "cells",
    [
        ["01234", "98765"],
        ["-01", "5"],
        ["1_000", "2"],
        ["$5", "6"],
        ["$5", "6%"],
        ["12,34", "1.5"],
        ["1,23,456", "7"],
        ["inf", "1"],
        ["1e101", "1"],
        ["5 m2", "6 m2"],
        ["1", "Total"],
        ["1 2", "3"],
        ["0x10", "1"],
        ["12:30", "13:45"],
        ["2014-13-01", "2014-12-01"],
        ["01/02/2024", "03/04/2024"],
        ["0000-01-01", "2014-12-01"],
        ["epoch", "2014-12-01"],
        ["N", "N"],
        ["yes", "true"],
        ["yes", "no", "maybe"],
        ["yes", "1"],
    ],
)
def test_what_is_not_all_of_one_kind_is_text_as_it_is(cells: list[str]) -> None:
    read = column(*cells)
    assert str(read.dtype) == "str"
    assert read.head(len(cells)).tolist() == cells


@pytest.mark.parametrize(
    ("yes", "no"), [("True", "False"), ("true", "false"), ("TRUE", "FALSE"), ("Yes", "No"), ("Y", "N"), ("t", "f")]
)
def test_yes_and_no_are_read_by_any_usual_name(yes: str, no: str) -> None:
    read = column(yes, "NA", no)
    assert str(read.dtype) == "boolean"
    assert read.head(3).tolist() == [True, pd.NA, False]


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2014-10-13", "2015-01-02"], datetime(2014, 10, 13)),
        (["2014-10-13 10:11", "2014-10-13"], datetime(2014, 10, 13, 10, 11)),
        (["2014-10-13T10:11:12.5Z"], datetime(2014, 10, 13, 10, 11, 12, 500_000)),
        (["2014-10-13 10:11:12+02:00", "1960-01-01T00:00:00Z"], datetime(2014, 10, 13, 8, 11, 12)),
        (["2014-10-13T22:11-0530", "2014-10-13 22:11:00+00"], datetime(2014, 10, 14, 3, 41)),
        (["2014/10/13"], datetime(2014, 10, 13)),
        (["20141013T000000"], datetime(2014, 10, 13)),
        (["13.10.2014", "1.2.2014"], datetime(2014, 10, 13)),
        (["13/10/2014", "01/02/2014"], datetime(2014, 10, 13)),
        (["10/13/14", "01/02/14"], datetime(2014, 10, 13)),
        (["1/13/2014 3:05 PM", "1/2/2014 3:05 AM"], datetime(2014, 1, 13, 15, 5)),
        (["13 Oct 2014"], datetime(2014, 10, 13)),
        (["5 May 2014", "6 May 2014"], datetime(2014, 5, 5)),
        (["October 13, 2014"], datetime(2014, 10, 13)),
        (["13-Oct-14"], datetime(2014, 10, 13)),
    ],
)
def test_dates_are_read_where_the_column_leaves_no_doubt(cells: list[str], first: datetime) -> None:
    read = column(*cells, "NA")
    assert str(read.dtype) == "datetime64[us]"
    assert read[0] == first
    assert read[len(cells)] is pd.NaT


@pytest.mark.parametrize("cell", ["1.5", "$5", "True", "2014-10-13", "Salem"])
def test_a_gap_is_a_gap_by_any_usual_name_in_a_column_of_any_kind(cell: str) -> None:
    names = ["whole", *(f"x{at}" for at in range(len(GAPS)))]
    rows = [[cell] * len(names), [cell, *GAPS]]
    lines = (",".join(f'"{each}"' for each in row) for row in (names, *rows * 6))
    read = reading.parse("\n".join(lines).encode(), "table")
    whole = read.pop("whole")
    for gap, (_, column) in zip(GAPS, read.items(), strict=True):
        assert column.dtype == whole.dtype
        assert column.isna().tolist() == [False, True] * 6, gap
        assert column[0] == whole[0]


def test_a_column_of_gaps_has_no_number() -> None:
    assert column("NA", "?").map(math.isnan).all()


@pytest.mark.parametrize(
    ("cell", "beside", "separator", "number"),
    [
        ("1,234", "1.5", ";", 1234),
        ("1,234", "1,5", ";", 1.234),
        ("1,234", "1", ";", 1.234),
        ("1,234", "1", "\t", 1234),
        ("1.234", "1,5", ";", 1234),
        ("1.234", "1", ";", 1.234),
        ("1.234", "1,5", "\t", 1234),
        ("1.2345", "1,5", ";", 1.2345),
    ],
)
def test_the_other_columns_tell_a_decimal_comma_from_a_mark_of_thousands(
    cell: str, beside: str, separator: str, number: float
) -> None:
    assert column(cell, separator=separator, beside=beside)[0] == number


def test_text_is_cleaned_of_what_nobody_sees() -> None:
    assert column(" Sa\u200blem ", "New\u00a0 \tYork", "Zu\u0308rich", "=1+1")[:4].tolist() == [
        "Salem",
        "New York",
        "Z\u00fcrich",
        "=1+1",
    ]
