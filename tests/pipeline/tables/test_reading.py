"""Reading a CSV: what is taken, what is refused and how it is said, and the one canonical form."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.safety.errors import UserError
from pipeline.tables import reading
from tests.pipeline.conftest import BUNDLED, TABLE

ROWS = [f"{row},{row / 2}" for row in range(12)]

names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1).filter(lambda name: not is_number(name))
numbers = st.floats(min_value=-1e100, max_value=1e100)


def is_number(name: str) -> bool:
    """Whether a header may not hold the name: a row of numbers is none."""
    try:
        float(name)
    except ValueError:
        return False
    return True


def csv(*rows: str, header: str = "a,b") -> bytes:
    """A table of the twelve good rows, the given ones after them."""
    return "\n".join([header, *ROWS, *rows, ""]).encode()


@st.composite
def any_table(draw: st.DrawFn) -> pd.DataFrame:
    """Any table of finite numbers with distinct names."""
    header = draw(st.lists(names, min_size=2, max_size=5, unique=True))
    rows = draw(st.integers(reading.MIN_ROWS, reading.MIN_ROWS + 5))
    return pd.DataFrame(draw(arrays(np.float64, (rows, len(header)), elements=numbers)), columns=header)


@given(any_table())
def test_a_table_written_in_canonical_form_reads_back_as_the_same_numbers(table: pd.DataFrame) -> None:
    again = reading.parse(reading.canonical(table), "table")
    pd.testing.assert_frame_equal(again, table, check_exact=True)
    assert reading.canonical(again) == reading.canonical(table)


def test_the_bundled_table_is_in_canonical_form() -> None:
    assert reading.canonical(TABLE) == BUNDLED


@pytest.mark.parametrize(
    "raw",
    [
        csv().replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + csv(),
        csv(header='"a", b '),
        csv().replace(b"\n", b"\n\n"),
        csv().removesuffix(b"\n"),
        csv().replace(b"3,1.5", b' 3.0 ,"1.50e0"'),
    ],
    ids=["CRLF", "byte order mark", "quotes and spaces", "empty lines", "no last newline", "other digits"],
)
def test_one_table_has_one_canonical_form_however_it_was_written(raw: bytes) -> None:
    assert reading.canonical(reading.parse(raw, "table")) == reading.canonical(reading.parse(csv(), "table"))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "empty; expected a header"),
        (csv("13,\xe9").decode().encode("latin-1"), r"not text in UTF-8 \(byte"),
        (csv("1" * 200_000 + ",2"), "not a CSV file .*commas"),
        (csv(header="a;b"), "separated by ';'; save it with commas"),
        (csv(header="a"), "one column; expected a target and at least one feature"),
        (csv(header=",".join(f"c{n}" for n in range(501))), "501 columns; at most 500"),
        (csv(header="a,"), "column 2 has no name"),
        (csv(header="a,a"), "two columns named 'a'"),
        (csv(header="1,2.5"), "begins with numbers .* first line must name the columns"),
        (b"a,b\n1,2\n", "1 rows of data; at least 10 are needed"),
        (csv("1,"), "line 14, column 'b' is empty; every cell needs a number"),
        (csv("1,NA"), "line 14, column 'b' is 'NA'; expected a number such as 12.5"),
        (csv("nan,1"), "line 14, column 'a' is nan; expected a finite number"),
        (csv("1e101,1"), "line 14, column 'a' is 1e101; .* at most 1e100"),
        (csv("1"), "line 14 has 1 cells; the header names 2 columns"),
        (csv("1,234,5"), "line 14 has 3 cells; .* comma inside a number"),
        (csv("1_000,2"), "line 14, column 'a' is '1_000'"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused_with_place_and_cause(raw: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        reading.parse(raw, "mine.csv")
    assert str(caught.value).startswith("mine.csv")
    assert "\n" not in str(caught.value)


def test_a_column_that_the_table_lacks_is_named_with_its_key() -> None:
    reading.check_columns(["a", "b", "c"], "c", ["b", "a"])
    with pytest.raises(UserError, match=r"normalize\.target names the column 'd'; the table has a, b, c"):
        reading.check_columns(["a", "b", "c"], "d", ["a"])
    with pytest.raises(UserError, match=r"normalize\.features names the column 'e'"):
        reading.check_columns(["a", "b", "c"], "c", ["a", "e"])
