"""A file of rows to predict: what is taken, and the sentence for what is not."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.record.predictions import MAX_BYTES, read_rows
from pipeline.safety.errors import UserError
from pipeline.tables import reading

FEATURES = ("rooms", "age")
GOOD = b"rooms,age\n" + b"".join(b"%d.5,%d\n" % (row, row % 7) for row in range(14))


@pytest.mark.parametrize(
    ("text", "values", "ignored"),
    [
        ("age,rooms\n10,6.5\n20,7\n", [[6.5, 10], [7, 20]], []),
        (
            'street,rooms,price,age\n"High Street, 5",6.5,,10\n\n=cmd(),7,n/a,20\n',
            [[6.5, 10], [7, 20]],
            ["street", "price"],
        ),
        ("\ufeff rooms , age\r\n6.5,10\r\n", [[6.5, 10]], []),
        ("rooms\n6\n7\n", [[6], [7]], []),
        ("rooms;price;age\n6,5;;10\n", [[6.5, 10]], ["price"]),
        (",x,rooms,x,age,\n1,a,6.5,b,10,\n", [[6.5, 10]], ["x", "x"]),
    ],
    ids=["in any order", "among others", "from a spreadsheet", "a single feature", "semicolons", "beside odd columns"],
)
def test_columns_are_known_by_name_and_others_are_ignored(
    text: str, values: list[list[float]], ignored: list[str]
) -> None:
    features = FEATURES[: len(values[0])]
    houses, others = read_rows(text.encode(), "houses.csv", features)
    assert tuple(houses) == features
    np.testing.assert_array_equal(houses.to_numpy(), values)
    assert others == ignored


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"rooms,age\n6,ten\n", "line 2, column 'age' is 'ten'"),
        (b"rooms,street,age\n6,a,10\n\n7,b,\n", "line 4, column 'age' is empty"),
        (b"rooms,age\n6,inf\n", "line 2, column 'age' is 'inf'"),
        (b"rooms,age\n6,10,3\n", "line 2 has 3 cells"),
        (b"rooms,years\n6,10\n", "it has none or several of age"),
        (b"rooms,age,age\n6,10,11\n", "it has none or several of age"),
        (b"6,10\n7,20\n", "it has none or several of rooms, age"),
        (b"rooms,age\n", "no rows below it"),
        (b"", "is empty"),
        (b"rooms,age\n6,10\xff\n", "column 'age' is '10\xff'"),
        (gzip.compress(GOOD, mtime=0), "compressed or a Parquet file"),
        (b"rooms,age\n" + b"6,10\n" * 1_001, "1,001 rows; at most 1,000"),
        (b"rooms,age\n" + b" " * MAX_BYTES, "1.0 MB; at most 1 MB"),
    ],
)
def test_a_file_that_cannot_be_predicted_is_refused_with_its_name_and_the_fault(content: bytes, sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        read_rows(content, "houses.csv", FEATURES)
    assert "houses.csv" in str(refusal.value)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_as_many_rows_as_are_allowed_are_taken() -> None:
    assert len(read_rows(b"rooms,age\n" + b"6,10\n" * 1_000, "houses.csv", FEATURES)[0]) == 1_000


def test_of_many_missing_columns_the_first_few_are_named() -> None:
    with pytest.raises(UserError, match=r"of f0, f1, .*, f9 and 290 more"):
        read_rows(b"a,b\n1,2\n", "houses.csv", [f"f{index}" for index in range(300)])


@given(st.data())
def test_whatever_becomes_of_a_table_it_is_read_or_refused_in_a_line(data: st.DataObject) -> None:
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        odd = st.binary(max_size=4) | st.just(b'"') | st.just(b"\r,")
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(odd)
    for read in (reading.parse, lambda content, name: read_rows(content, name, FEATURES)):
        try:
            read(bytes(content), "mine.csv")
            said = "fine"
        except UserError as error:
            said = str(error)
        assert said.isprintable()
