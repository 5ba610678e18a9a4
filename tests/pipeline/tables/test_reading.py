"""The one canonical form of a table, and what is said of columns that cannot be used."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.safety.errors import UserError
from pipeline.tables import reading
from tests.pipeline.conftest import BUNDLED, TABLE
from tests.tables import canonical

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
columns: dict[str, st.SearchStrategy[Any]] = {
    "float64": st.none() | st.floats(-1e100, 1e100),
    "boolean": st.none() | st.booleans(),
    "datetime64[us]": st.none() | st.datetimes(),
    "str": st.none() | texts,
}


@st.composite
def any_table(draw: st.DrawFn) -> pd.DataFrame:
    """Any table of columns of all kinds, with gaps; the first column has none, so that every row has a value."""
    names = draw(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), unique=True, max_size=4))
    kinds = ["float64", *(draw(st.sampled_from(list(columns))) for _ in names)]
    rows = draw(st.integers(reading.MIN_ROWS, reading.MIN_ROWS + 3))
    table = {}
    for place, (name, kind) in enumerate(zip(["the first", *names], kinds, strict=True)):
        cells = columns[kind] if place else st.floats(-1e100, 1e100)
        table[name] = pd.Series(draw(st.lists(cells, min_size=rows, max_size=rows)), dtype=kind)
    return pd.DataFrame({**table, "the last": range(rows)})


def read_canonical(raw: bytes, name: str) -> pd.DataFrame:
    return reading.open_raw(raw, name).read().table


@settings(max_examples=50)
@given(any_table())
def test_what_was_read_and_written_reads_back_as_the_same_table_and_bytes(table: pd.DataFrame) -> None:
    read = read_canonical(canonical(table), "table")
    written = canonical(read)
    again = read_canonical(written, "table")
    pd.testing.assert_frame_equal(again, read, check_exact=True)
    assert canonical(again) == written
    for name, kind in table.dtypes.items():
        if kind == "float64":
            pd.testing.assert_series_equal(read[name], table[name], check_exact=True)


def test_the_bundled_table_is_in_canonical_form() -> None:
    assert canonical(TABLE) == BUNDLED
    assert canonical(read_canonical(BUNDLED, "table")) == BUNDLED


def test_the_canonical_form_writes_every_kind_of_cell_in_one_way() -> None:
    rows = ['2.50,Yes,13.10.2014 00:00,"New York, NY"', "1e2,No,13.10.2014 10:11,NA", '-,?,n/a,"the ""x"""']
    raw = "\n".join(['"size",new,sold,"town, state"', *rows * 4]).encode()
    written = ['2.5,true,2014-10-13,"New York, NY"', "100,false,2014-10-13 10:11:00,", ',,,"the ""x"""']
    table = reading.parse(raw, "table")
    assert canonical(table).decode().splitlines() == ['size,new,sold,"town, state"', *written * 4]


def test_a_column_that_the_table_lacks_is_named_with_its_key() -> None:
    reading.check_columns(["a", "b", "c"], "c", ["b", "a"])
    with pytest.raises(UserError, match=r"normalize\.target names the column 'd'; the table has a, b, c"):
        reading.check_columns(["a", "b", "c"], "d", ["a"])
    with pytest.raises(UserError, match=r"normalize\.features names the column 'e'"):
        reading.check_columns(["a", "b", "c"], "c", ["a", "e"])
