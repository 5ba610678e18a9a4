"""What is no table is named for what it is, in a sentence that says what to do."""

import bz2
import gzip
import io
import zipfile

import pytest

from pipeline.safety.errors import UserError
from pipeline.tables import reading
from tests.pipeline.tables.houses import HOUSES

LINES = HOUSES.splitlines()


def zipped() -> bytes:
    """A table in an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("houses.csv"), HOUSES)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "is empty; expected a header and rows"),
        (b"\xef\xbb\xbf \n\n", "is empty; expected a header and rows"),
        (b"\n<!DOCTYPE html>\n<html><body>Sign in, please</body></html>", "is a web page, .* the button Raw"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n",
            "Git LFS pointer, .*`git lfs pull`",
        ),
        (b'{"area": 64.2, "price": 171.1}\n' * 20, "is JSON, not a table: save the table as CSV"),
        (b'[\n {"area": 64.2}\n]', "is JSON, not a table"),
        (zipped(), "is a ZIP archive or an Excel workbook, .* save the sheet as CSV"),
        (bz2.compress(HOUSES.encode()), "is compressed, not a table: unpack it, or compress it with gzip"),
        (gzip.compress(HOUSES.encode(), mtime=0)[:-9], "compressed with gzip and damaged"),
        (b"PAR1" + HOUSES.encode(), "is a damaged Parquet file"),
        (HOUSES.encode() + b"1,2,\0\0\0\1", "is not a text; expected a table as CSV"),
        ("\n".join([*LINES[:3], "<<<<<<< HEAD", *LINES[3:]]).encode(), "line 4 begins with <<<<<<< .* resolve"),
        ("\n".join([*LINES[:3], ">>>>>>> other", *LINES[3:]]).encode(), "line 4 begins with >>>>>>> "),
        ("\n".join(["area", *[str(row) for row in range(12)]]).encode(), "has one column; expected a target"),
        (b"Dear all,\nplease find the prices below.\n" * 6, "two columns named|rows of data|one column"),
        (
            ",".join(f"c{n}" for n in range(501)).encode() + b"\n" + (b"1," * 500 + b"1\n") * 12,
            "501 columns; at most 500",
        ),
        ("\n".join(["area,age,area", *LINES[1:]]).encode(), "two columns named 'area'; give each its own name"),
        ("\n".join(["area,age,a\u200brea", *LINES[1:]]).encode(), "two columns named 'area'"),
        ("\n".join(LINES[:10]).encode(), "has 9 rows of data; at least 10 are needed"),
        ("\n".join([*LINES, "1,234,5,6"]).encode(), "line 14 has 4 cells; the table has 3 .* comma inside a number"),
        ("\n".join(["House prices", *LINES, "1,2,3,4"]).encode(), "line 15 has 4 cells"),
        ("\n".join([*LINES, '1,"2,3', *LINES[1:]]).encode(), "line 14 has a text that begins with a quote"),
        ("\n".join(['"area,age,price', *LINES[1:]]).encode(), "line 1 has a text that begins with a quote"),
        ("\n".join(["area,price", *(["1,5,171"] * 12)]).encode(), "line 2 has 3 cells; the table has 2 columns"),
    ],
)
def test_what_is_no_table_is_refused_for_what_it_is(raw: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        reading.read(raw, "mine.csv")
    assert str(caught.value).startswith("mine.csv")


def test_as_many_rows_as_are_needed_are_enough() -> None:
    assert len(reading.parse("\n".join(LINES[: 1 + reading.MIN_ROWS]).encode(), "mine.csv")) == reading.MIN_ROWS
