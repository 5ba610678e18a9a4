"""Tests of where a table is kept: inside the project, in no place of another file or of the pipeline's own."""

from pathlib import Path

import pytest

from pipeline.safety.errors import UserError
from pipeline.suggestion.files import keep, place_of, place_of_upload, tables_in


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "project" / "data").mkdir(parents=True)
    return tmp_path / "project"


def a_file(path: Path, content: str = "a,b\n1,2\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def keep_it(root: Path, table: Path, place: str) -> bool:
    return keep(root, place, table.read_bytes())


def test_a_table_inside_stays_where_it_is(root: Path) -> None:
    table = a_file(root / "my tables" / "houses.csv")
    assert place_of(root, table) == "my tables/houses.csv"
    assert not keep_it(root, table, "my tables/houses.csv")


def test_a_table_outside_is_copied_once(root: Path) -> None:
    table = a_file(root.parent / "houses.csv")
    assert place_of(root, table) == "data/houses.csv"
    assert keep_it(root, table, "data/houses.csv")
    assert (root / "data" / "houses.csv").read_bytes() == table.read_bytes()
    assert place_of(root, table) == "data/houses.csv"
    assert not keep_it(root, table, "data/houses.csv")


def test_another_file_of_that_name_is_not_overwritten(root: Path) -> None:
    a_file(root / "data" / "houses.csv", "other")
    with pytest.raises(UserError, match=r"data/houses\.csv is another file"):
        place_of(root, a_file(root.parent / "houses.csv"))


@pytest.mark.parametrize("name", ["data/raw.csv", "data/run/history.csv"])
def test_what_the_pipeline_writes_is_no_table_of_ones_own(root: Path, name: str) -> None:
    with pytest.raises(UserError, match=f"{name} is written by the pipeline"):
        place_of(root, a_file(root / name))


def test_what_is_no_file_is_said_so(root: Path) -> None:
    for path in (root / "data", root / "nowhere.csv"):
        with pytest.raises(UserError, match="is not a file; expected a table"):
            place_of(root, path)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("houses.csv", "data/houses.csv"),
        ("Häuser 2024 (neu).CSV", "data/Häuser_2024_neu_.CSV"),
        ("../../etc/passwd.csv", "data/passwd.csv"),
        ("..\\..\\boot.csv", "data/boot.csv"),
        (".csv", "data/table.csv"),
        ("--queue.csv", "data/queue.csv"),
        ("raw.csv", "data/raw-2.csv"),
        ("x" * 300 + ".csv.gz", f"data/{'x' * 93}.csv.gz"),
        ("a.parquet", "data/a.parquet"),
        ("a\n; rm.csv", "data/a_rm.csv"),
    ],
)
def test_an_upload_gets_a_plain_name_in_data(root: Path, name: str, place: str) -> None:
    assert place_of_upload(root, name, b"a,b") == place


def test_an_upload_replaces_no_other_file_and_is_kept_once(root: Path) -> None:
    a_file(root / "data" / "houses.csv", "other")
    (root / "data" / "houses-2.csv").symlink_to("/nowhere")
    place = place_of_upload(root, "houses.csv", b"a,b")
    assert place == "data/houses-3.csv"
    assert keep(root, place, b"a,b")
    assert place_of_upload(root, "houses.csv", b"a,b") == place
    assert not keep(root, place, b"a,b")
    assert tables_in(root) == ["data/houses-3.csv", "data/houses.csv"]


def test_where_nothing_can_be_written_that_is_said(root: Path) -> None:
    (root / "data" / "a.csv").mkdir()
    with pytest.raises(UserError, match=r"cannot write data/a.csv: Is a directory; is the disk full or read-only\?"):
        keep(root, "data/a.csv", b"a,b")


@pytest.mark.parametrize("name", ["houses.xlsx", "csv", "a.csv/b", ""])
def test_an_upload_that_is_not_named_as_a_table_is_refused(root: Path, name: str) -> None:
    with pytest.raises(UserError, match="is not named as a table"):
        place_of_upload(root, name, b"a,b")


def test_what_the_pipeline_writes_is_not_among_the_tables(root: Path) -> None:
    for name in ("raw.csv", "normalized.parquet", "b.tsv", "a.CSV", "notes.md"):
        a_file(root / "data" / name)
    assert tables_in(root) == ["data/a.CSV", "data/b.tsv"]
