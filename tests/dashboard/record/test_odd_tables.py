"""Odd CSV files, as the own table of a pipeline and as an upload: taken, or refused in a line that names the file."""

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.record.predictions import read_rows
from pipeline.safety.errors import UserError
from pipeline.tables import reading

GOOD = "rooms,age\n" + "".join(f"{row}.5,{row % 7}\n" for row in range(14))
Read = Callable[[bytes], pd.DataFrame]

TAKEN = {
    "a byte order mark": GOOD.encode("utf-8-sig"),
    "CRLF": GOOD.replace("\n", "\r\n").encode(),
    "CR": GOOD.replace("\n", "\r").encode(),
    "quotes": GOOD.replace("rooms,age", '"rooms","age"').encode(),
    "blanks": GOOD.replace(",", " , ").encode(),
    "empty lines": GOOD.replace("\n", "\n\n").encode(),
}
REFUSED = {
    "UTF-16": GOOD.encode("utf-16"),
    "UTF-16 without a mark": GOOD.encode("utf-16-le"),
    "UTF-32": GOOD.encode("utf-32"),
    "Latin-1": GOOD.replace("rooms", "größe").encode("latin-1"),
    "semicolons": GOOD.replace(",", ";").encode(),
    "semicolons and decimal commas": GOOD.replace(",", ";").replace(".", ",").encode(),
    "decimal commas": GOOD.replace(".", ",").encode(),
    "tabs": GOOD.replace(",", "\t").encode(),
    "nothing": b"",
    "blank lines": b" \n \n",
    "a header": b"rooms,age\n",
    "a name twice": GOOD.replace("rooms", "age").encode(),
    "1e308": GOOD.encode() + b"1e308,1\n",
    "1e309": GOOD.encode() + b"1e309,1\n",
    "400 digits": GOOD.encode() + b"9" * 400 + b",1\n",
    "5,000 digits": GOOD.encode() + b"9" * 5_000 + b",1\n",
    "200,000 digits": GOOD.encode() + b"9" * 200_000 + b",1\n",
    "a formula": GOOD.encode() + b"=cmd(),1\n",
    "NaN": GOOD.encode() + b"nan,1\n",
    "NUL in a cell": GOOD.encode() + b"1\x002,1\n",
    "NUL in a name": GOOD.replace("rooms", "ro\0oms").encode(),
    "NUL only": b"\0" * 5_000,
    "a colour code in a name": GOOD.replace("rooms", "r\x1b[31m").encode(),
    "a line break in a name": GOOD.replace("rooms", '"ro\noms"').encode(),
    "a giant line": b"1," * 400_000,
    "a giant cell": b"a" * 900_000,
    "a giant name": ("x" * 100_000 + GOOD[5:]).encode(),
    "100,000 columns": ",".join(f"c{index}" for index in range(100_000)).encode(),
    "an open quote": GOOD.encode() + b'"1,2\n' + GOOD.encode(),
    "an archive": b"PK\x03\x04" + bytes(range(256)) * 10,
    "a web page": b"<html><body>Log in</body></html>",
}


def own(content: bytes) -> pd.DataFrame:
    """Read a table of one's own, as the stage download does."""
    return reading.parse(content, "mine.csv")


def upload(content: bytes) -> pd.DataFrame:
    """Read a file of rows to predict."""
    return read_rows(content, "mine.csv", ("rooms", "age")).features


@pytest.mark.parametrize("read", [own, upload])
@pytest.mark.parametrize("what", TAKEN)
def test_what_spreadsheets_write_is_read(read: Read, what: str) -> None:
    table = read(TAKEN[what])
    assert list(table.columns) == ["rooms", "age"]
    assert table["rooms"].tolist() == [row + 0.5 for row in range(14)]


@pytest.mark.parametrize("read", [own, upload])
@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_table_is_refused_in_a_line_that_names_it(read: Read, what: str) -> None:
    with pytest.raises(UserError) as refusal:
        read(REFUSED[what])
    said = str(refusal.value)
    assert said.startswith("mine.csv")
    assert said.isprintable()
    assert len(said) < 500


@given(st.data())
def test_whatever_becomes_of_a_table_it_is_read_or_refused_in_a_line(data: st.DataObject) -> None:
    content = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=4) | st.just(b'"') | st.just(b"\r,")
        )
    for read in (own, upload):
        try:
            read(bytes(content))
            said = "fine"
        except UserError as error:
            said = str(error)
        assert said.isprintable()
