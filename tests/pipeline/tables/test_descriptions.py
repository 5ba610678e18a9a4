"""Tests of the description beside a table: what is written is read back, and what is something else is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.safety.errors import UserError
from pipeline.tables.datasets import Column
from pipeline.tables.descriptions import place_beside, read, text_of

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(str.strip)
COLUMNS = st.builds(Column, TEXTS, TEXTS, TEXTS, TEXTS.filter(bool))


@pytest.mark.parametrize(
    ("csv", "place"),
    [
        ("data/houses.csv", "data/houses.yaml"),
        ("my tables/houses.2024.csv.gz", "my tables/houses.yaml"),
        ("houses.parquet", "houses.yaml"),
    ],
)
def test_it_lies_beside_the_table(csv: str, place: str) -> None:
    assert place_beside(csv) == place


@given(st.lists(COLUMNS, max_size=3, unique_by=lambda column: column.name))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, columns: list[Column]) -> None:
    root = tmp_path_factory.mktemp("described")
    (root / "a.yaml").write_text(text_of(columns), encoding="utf-8")
    assert read(root, "a.csv") == tuple(columns)


def test_nothing_is_said_where_there_is_no_file_or_no_word(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv") == ()
    (tmp_path / "a.yaml").write_text(text_of([Column("x", "", "", "")]), encoding="utf-8")
    assert read(tmp_path, "a.csv") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: {x: {units: m}}", "a.yaml: columns.x.units: extra inputs"),
        ("columns: {x: {unit: 5}}", "a.yaml: columns.x.unit: input should be a valid string"),
        ("x: 5", "a.yaml: columns: field required; expected for example columns: {area"),
        ("columns: [", "a.yaml, line 1 is not valid YAML"),
        ("", "a.yaml: the whole"),
    ],
)
def test_what_says_something_else_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as error:
        read(tmp_path, "a.csv")
    assert said in str(error.value)
