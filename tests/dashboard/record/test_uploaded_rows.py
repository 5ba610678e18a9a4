"""A file of rows to predict: what is taken, and the sentence for what is not."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.record.uploads import MAX_BYTES, read_rows
from pipeline.safety.errors import UserError
from pipeline.tables import reading
from pipeline.tables.preparation import prepare
from tests.tables import mixed, mixed_settings, of_numbers

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
    upload = read_rows(text.encode(), "houses.csv", of_numbers(*features))
    assert tuple(upload.rows) == features
    np.testing.assert_array_equal(upload.rows.to_numpy(), values)
    assert upload.ignored == tuple(ignored)
    assert not upload.notes


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
        read_rows(content, "houses.csv", of_numbers(*FEATURES))
    assert "houses.csv" in str(refusal.value)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_as_many_rows_as_are_allowed_are_taken() -> None:
    assert len(read_rows(b"rooms,age\n" + b"6,10\n" * 1_000, "houses.csv", of_numbers(*FEATURES)).rows) == 1_000


def test_of_many_missing_columns_the_first_few_are_named() -> None:
    with pytest.raises(UserError, match=r"of f0, f1, .*, f9 and 290 more"):
        read_rows(b"a,b\n1,2\n", "houses.csv", of_numbers(*[f"f{index}" for index in range(300)]))


@given(st.data())
def test_whatever_becomes_of_a_table_it_is_read_or_refused_in_a_line(data: st.DataObject) -> None:
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        odd = st.binary(max_size=4) | st.just(b'"') | st.just(b"\r,")
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(odd)
    for read in (reading.parse, lambda content, name: read_rows(content, name, of_numbers(*FEATURES))):
        try:
            read(bytes(content), "mine.csv")
            said = "fine"
        except UserError as error:
            said = str(error)
        assert said.isprintable()


KINDS = b"zip;remark;sold;river;area;town;;remark\n102;x;29.02.2020;yes;84,5;Bonn;1;\n103;;;no;n/a;Berlin;;\n"


def test_a_file_of_mixed_kinds_in_another_dialect_is_taken_as_in_training() -> None:
    encoding = prepare(mixed(), mixed_settings(), ()).encoding
    upload = read_rows(KINDS, "houses.csv", encoding)
    assert upload.notes == (
        "1 row has gaps in area, sold, treated as in training.",
        "Not among the training rows, so none of the values to the model: town 'Berlin'.",
    )
    assert upload.ignored == ("remark", "remark")
    first, second = (dict(zip(encoding.names, row, strict=True)) for row in encoding.apply(upload.rows))
    assert (first["area"], first["river"], first["sold"], first["town=Bonn"], first["zip=102"]) == (
        84.5,
        1,
        18321,
        1,
        1,
    )
    assert not any(value for name, value in first.items() if name.endswith("is missing"))
    assert (second["area is missing"], second["sold is missing"], second["river"], second["zip=103"]) == (1, 1, 0, 1)
    assert not any(value for name, value in second.items() if name.startswith("town"))


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ("maybe,2020-02-29", "line 3, column 'river' is 'maybe'; expected yes or no"),
        ("yes,soon", "line 3, column 'sold' is 'soon'; expected a date such as 2024-12-31"),
        (",2020-02-29", "line 3, column 'river' is empty, but the model was trained without gaps: fill it in, or"),
    ],
)
def test_a_cell_of_another_kind_and_a_gap_that_was_not_trained_are_refused(cells: str, sentence: str) -> None:
    encoding = prepare(mixed(), mixed_settings(missing="drop_rows"), ()).encoding
    text = f"area,town,zip,river,sold\n50,Bonn,101,yes,2021-03-04\n50,Bonn,101,{cells}\n"
    with pytest.raises(UserError) as refusal:
        read_rows(text.encode(), "houses.csv", encoding)
    assert sentence in str(refusal.value)


def test_words_of_a_category_are_texts_where_training_rows_have_others_too() -> None:
    table = mixed().assign(town=lambda table: table["town"].replace({"Bonn": "yes", "St. Goar": "no"}))
    encoding = prepare(table, mixed_settings(), ()).encoding
    upload = read_rows(b"area,town,zip,river,sold\n50,yes,101.0,no,2021-03-04\n", "houses.csv", encoding)
    inputs = dict(zip(encoding.names, encoding.apply(upload.rows)[0], strict=True))
    assert (inputs["town=yes"], inputs["zip=101"]) == (1, 1)
    assert not upload.notes
