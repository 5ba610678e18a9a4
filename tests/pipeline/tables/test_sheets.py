"""One table reads as the same, however it is written, and how it is written is said."""

import gzip
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.tables import reading
from pipeline.tables.cells import clean
from tests.pipeline.tables.houses import HOUSES, TABLE

LINES = HOUSES.splitlines()
SEMICOLONS = HOUSES.replace(",", ";")
HEADER, ROWS = LINES[0], LINES[1:]
NO_HEADER = "no header (columns named column_1, column_2 ...)"


def text(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


def numbered(first: int = 0) -> list[str]:
    """The rows with their number in front."""
    return [f"{number},{row}" for number, row in enumerate(ROWS, first)]


def parquet() -> bytes:
    out = io.BytesIO()
    TABLE.astype({"age": "int64"}).to_parquet(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "notes"),
    [
        (HOUSES.encode(), []),
        (HOUSES.removesuffix("\n").encode(), []),
        (HOUSES.replace("\n", "\r\n").encode(), []),
        (HOUSES.replace("\n", "\r").encode(), []),
        (HOUSES.replace("\n", "\n\n").encode(), []),
        (b"\n\n" + HOUSES.encode(), []),
        (HOUSES.encode() + b"   \n", []),
        (HOUSES.encode() + b",,\n,,\n", []),
        (HOUSES.encode() + b"\x1a", []),
        (b"\xef\xbb\xbf" + HOUSES.encode(), []),
        (b"\xef\xbb\xbf\xef\xbb\xbf" + HOUSES.encode(), []),
        (HOUSES.encode("utf-16"), ["in UTF-16"]),
        (HOUSES.encode("utf-16-le"), ["in UTF-16LE"]),
        (HOUSES.encode("utf-16-be"), ["in UTF-16BE"]),
        (gzip.compress(HOUSES.encode(), mtime=0), []),
        (parquet(), ["Parquet"]),
        (HOUSES.replace(",", "\t").encode(), ["separated by tabs"]),
        (HOUSES.replace(",", "|").encode(), ["separated by bars"]),
        (SEMICOLONS.encode(), ["separated by semicolons"]),
        (SEMICOLONS.replace(".", ",").encode(), ["separated by semicolons", "decimal comma"]),
        (HOUSES.replace(",", "\t").replace(".", ",").encode(), ["separated by tabs", "decimal comma"]),
        (HOUSES.replace(",", "   ").encode(), ["separated by spaces"]),
        (text(*(f"  {line.replace(',', '  ')} " for line in LINES)), ["separated by spaces"]),
        (b"sep=,\n" + HOUSES.encode(), []),
        (b"sep=;\n" + SEMICOLONS.encode(), ["separated by semicolons"]),
        (text("# exported 2024-01-05", *LINES), ["1 line above the table skipped"]),
        (text("# Source: registry, 2024", *LINES), ["1 line above the table skipped"]),
        (text("House prices", "", "of 2024", *LINES), ["2 lines above the table skipped"]),
        (text("House prices,,", *LINES), ["1 line above the table skipped"]),
        (text("House prices, 2024", *LINES), ["1 line above the table skipped"]),
        (text(f"# {HEADER}", *ROWS), []),
        (text('"area"," age ","price"', *ROWS), []),
        (text(" area , age,price ", *ROWS), []),
        (text("a\u200brea,\u00a0age,pri\u00adce", *ROWS), []),
        (text(*(f"{line}," for line in LINES)), []),
        (text(HEADER, *(f"{row}," for row in ROWS)), []),
        (text(f"{HEADER},,", *ROWS), []),
        (text(*("'" + line.replace(",", "','") + "'" for line in LINES)), []),
        (text(*('"' + line.replace(",", '" , "') + '"' for line in LINES)), []),
    ],
)
def test_one_table_is_read_however_it_is_written_and_what_is_unusual_is_said(raw: bytes, notes: list[str]) -> None:
    found = reading.read(raw, "houses")
    pd.testing.assert_frame_equal(found.table, TABLE, check_exact=True)
    assert list(found.notes) == notes


@pytest.mark.parametrize(
    ("raw", "names", "notes"),
    [
        (text(*ROWS), ["column_1", "column_2", "column_3"], [NO_HEADER]),
        (text(",8,171.13", *ROWS), ["column_1", "column_2", "column_3"], [NO_HEADER]),
        (text(*(f"M,{row}" for row in ROWS)), ["column_1", "column_2", "column_3", "column_4"], [NO_HEADER]),
        (text(*(f"3,?,audi,{row}" for row in ROWS)), [f"column_{n}" for n in range(1, 7)], [NO_HEADER]),
        (
            text(*(row.replace(",", "  ") for row in ROWS)),
            ["column_1", "column_2", "column_3"],
            ["separated by spaces", NO_HEADER],
        ),
        (text(f",{HEADER}", *numbered()), ["index", "area", "age", "price"], ["column 1 has no name (named index)"]),
        (text(HEADER, *numbered(1)), ["index", "area", "age", "price"], ["column 1 has no name (named index)"]),
        (
            text('"area" "age" "price"', *(f'"{number}" {row.replace(",", " ")}' for number, row in enumerate(ROWS))),
            ["index", "area", "age", "price"],
            ["separated by spaces", "column 1 has no name (named index)"],
        ),
        (text(f"Unnamed: 0,{HEADER}", *numbered()), ["Unnamed: 0", "area", "age", "price"], []),
        (text("area,,price", *ROWS), ["area", "column_2", "price"], ["column 2 has no name (named column_2)"]),
        (text("2018,2019,price", *ROWS), ["2018", "2019", "price"], []),
        (text("2018,2019,2020", *ROWS), ["2018", "2019", "2020"], []),
        (text("yes,null,1e5", *ROWS), ["yes", "null", "1e5"], []),
        (text("Area,area,price", *ROWS), ["Area", "area", "price"], []),
        (text('"area\n(m2)",age,price', *ROWS), ["area (m2)", "age", "price"], []),
        (text("living\u00a0 area,age,price", *ROWS), ["living area", "age", "price"], []),
        (text("fla\u0308che,age,price", *ROWS), ["fl\u00e4che", "age", "price"], []),
        (
            text("fl\u00e4che,age,price", *ROWS).decode().encode("latin-1"),
            ["fl\u00e4che", "age", "price"],
            ["in Windows-1252 (Latin-1)"],
        ),
        (
            text("preis in \u20ac,age,price", *ROWS).decode().encode("cp1252"),
            ["preis in \u20ac", "age", "price"],
            ["in Windows-1252 (Latin-1)"],
        ),
        (
            text("area;age, years;price", *(row.replace(",", ";") for row in ROWS)),
            ["area", "age, years", "price"],
            ["separated by semicolons"],
        ),
        (text('"bob\'s area","the ""age""",-price', *ROWS), ["bob's area", 'the "age"', "-price"], []),
        (text("*area*,[age](x),<b>price</b>", *ROWS), ["*area*", "[age](x)", "<b>price</b>"], []),
        (text('"${train.seed}",age $HOME,Area m\u00b2', *ROWS), ["${train.seed}", "age $HOME", "Area m\u00b2"], []),
    ],
)
def test_the_names_are_those_that_a_person_would_type(raw: bytes, names: list[str], notes: list[str]) -> None:
    found = reading.read(raw, "houses")
    assert list(found.table) == names
    assert list(found.notes) == notes
    numbers = found.table.iloc[-len(ROWS) :, -3:].reset_index(drop=True)
    pd.testing.assert_frame_equal(numbers.set_axis(list(TABLE), axis=1), TABLE, check_exact=True)


def test_a_row_is_found_in_its_file() -> None:
    raw = text("House prices", "", HEADER, *ROWS[:3], "", ",,", "NA,?,-", *ROWS[3:])
    found = reading.read(raw, "houses.csv")
    assert [found.place(row) for row in (0, 2, 3, 11)] == [f"houses.csv, line {line}" for line in (4, 6, 10, 18)]


@pytest.mark.parametrize("name", ["t*.csv", "t?.csv", "[t]1.csv", "houses [1].csv"])
@pytest.mark.parametrize("raw", [HOUSES.encode(), parquet()], ids=["CSV", "Parquet"])
def test_a_file_whose_name_looks_like_a_pattern_is_read_and_no_other(tmp_path: Path, name: str, raw: bytes) -> None:
    for other in (tmp_path / "t1.csv", tmp_path / "houses 1.csv", tmp_path / "tx.csv"):
        other.write_bytes(HOUSES.replace("64.2", "0.1").encode())
    (tmp_path / name).write_bytes(raw)
    found = reading.open_table(tmp_path / name, name).read()
    pd.testing.assert_frame_equal(found.table, TABLE, check_exact=True)


cells = st.text(st.characters(categories=["L", "Nd", "P", "S"]), min_size=1, max_size=8).map(lambda cell: f"x{cell}")


@settings(max_examples=30)
@given(
    numbers=st.lists(st.floats(-1e9, 1e9).map(lambda number: round(number, 3)), min_size=12, max_size=12),
    towns=st.lists(cells, min_size=12, max_size=12),
    separator=st.sampled_from(",;\t|"),
    decimal=st.sampled_from(".,"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_table_in_any_dialect_reads_back_as_the_same(
    numbers: list[float], towns: list[str], separator: str, decimal: str, end: str, encoding: str
) -> None:
    table = TABLE.assign(number=numbers, town=pd.Series(towns, dtype="str"))
    written = table.to_csv(index=False, sep=separator, decimal=decimal, lineterminator=end)
    read = reading.parse(written.encode(encoding), "houses")
    shown = table["town"].map(clean)
    pd.testing.assert_frame_equal(read, table.assign(town=shown), check_exact=True)
