"""Whole files or none, and what is said of a file that is missing or broken."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from pydantic import BaseModel, ConfigDict

from pipeline.record.store import ROOT
from pipeline.safety.atomic import draft
from pipeline.safety.errors import UserError
from pipeline.safety.files import BrokenFileError, Files, MissingFileError, csv_bytes, json_bytes, parquet_bytes

TABLE = pd.DataFrame({"a": [1, 2], "b": [0.5, None]})


class Pair(BaseModel):
    """What a JSON file is expected to hold here."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)
    a: int
    b: float | None


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """An empty folder."""
    return Files(tmp_path)


def listed(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_is_written_is_read_back(files: Files) -> None:
    files.write(
        {
            "data/a.json": json_bytes(Pair(a=1, b=None)),
            "data/run/b.csv": csv_bytes(TABLE),
            "c.parquet": parquet_bytes(pa.table({"n": [1, 2]})),
        }
    )
    assert files.read_json("data/a.json", Pair) == Pair(a=1, b=None)
    pd.testing.assert_frame_equal(files.read_csv("data/run/b.csv", {"a": "int64", "b": "float64"}), TABLE)
    assert files.read_parquet("c.parquet", {"n": pa.int64()})["n"].to_pylist() == [1, 2]
    assert listed(files.root) == ["c.parquet", "data/a.json", "data/run/b.csv"]


def test_when_one_of_several_files_does_not_fit_the_former_ones_all_stay(files: Files) -> None:
    files.write({"one": b"former", "other": b"former"})
    on_a_full_disk = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from pipeline.safety.files import Files\n"
        "from pipeline.safety.stage import safe_stage\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "with safe_stage():\n"
        "    Files(Path(sys.argv[1])).write({'one': b'latter', 'other': b'1' * 2000})\n"
    )
    command = [sys.executable, "-c", on_a_full_disk, str(files.root)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert re.fullmatch(r"error: cannot write one, other: .*; is the disk full or read-only\?\n", done.stderr)
    assert done.returncode == 1
    assert (files.read("one"), files.read("other")) == (b"former", b"former")
    assert listed(files.root) == ["one", "other"]


def test_a_place_that_cannot_be_written_is_named(files: Files) -> None:
    files.write({"data": b"a file, not a folder"})
    with pytest.raises(UserError, match=r"cannot write data/a\.csv: "):
        files.write({"data/a.csv": b""})


def test_what_was_read_may_be_written_anew_and_read_again(files: Files) -> None:
    files.write({"a": b"1"})
    for content in (b"2", b"3"):
        files.read("a")
        files.write({"a": content})
    files.write({"b": files.read("a")})
    assert files.read("b") == b"3"


def test_a_missing_file_is_named_with_the_command_that_makes_it(files: Files) -> None:
    with pytest.raises(MissingFileError, match=r"data/x\.csv does not exist yet; run `dvc repro`"):
        files.read("data/x.csv")


def test_a_folder_where_a_file_should_be_is_said(files: Files) -> None:
    (files.root / "x").mkdir()
    with pytest.raises(BrokenFileError, match="x cannot be read"):
        files.read("x")


def read_json(files: Files) -> object:
    """Read x as a pair."""
    return files.read_json("x", Pair)


def read_csv(files: Files) -> object:
    """Read x as a table of two columns."""
    return files.read_csv("x", {"a": "int64", "b": "float64"})


def read_parquet(files: Files) -> pa.Table:
    """Read x as a table of two columns."""
    return files.read_parquet("x", {"a": pa.int64(), "b": pa.list_(pa.float32(), 2)})


def parquet(a: object, b: object, kind: pa.DataType | None = None) -> bytes:
    """A Parquet file with two columns."""
    return parquet_bytes(pa.table({"a": a, "b": pa.array(b, kind or pa.list_(pa.float32(), 2))}))


@pytest.mark.parametrize(
    ("read", "content", "problem"),
    [
        (read_json, b"{", "is not valid JSON"),
        (read_json, b'{"a": NaN, "b": 1}', "is not valid JSON"),
        (read_json, b"[" * 100_000, "is not valid JSON"),
        (read_json, b"\xff\xfe", "is not valid JSON"),
        (read_json, b"[1]", r"the whole is \[1\]"),
        (read_json, b'{"a": 1}', "was recorded by another version of this project"),
        (read_json, b'{"a": "1", "b": 1}', "a is '1': .*valid integer"),
        (read_csv, b"", "is not a CSV file"),
        (read_csv, b"a,c\n1,2\n", "is not a CSV file with numbers where they should be .*b"),
        (read_csv, b"a,b\n1,two\n", "is not a CSV file with numbers where they should be"),
        (read_parquet, parquet([1], [[1, 2]])[:-20], "is not a Parquet file"),
        (read_parquet, parquet_bytes(pa.table({"a": [1]})), "does not have the columns a, b"),
        (read_parquet, parquet([1.5], [[1, 2]]), "does not have the columns a, b"),
        (read_parquet, parquet([1], [[1, 2, 3]], pa.list_(pa.float32(), 3)), "does not have the columns a, b"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong_and_what_to_do(
    files: Files, read: Callable[[Files], object], content: bytes, problem: str
) -> None:
    files.write({"x": content})
    with pytest.raises(BrokenFileError, match=f"x .*(?:{problem}).*(?:; delete it and|:) run `dvc repro`"):
        read(files)


def test_json_that_not_every_reader_takes_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_bytes(Pair.model_construct(a=1, b=float("nan")))


def test_what_is_missing_becomes_an_empty_cell() -> None:
    assert csv_bytes(TABLE) == b"a,b\n1,0.5\n2,\n"


def test_a_draft_that_is_not_moved_in_is_removed(tmp_path: Path) -> None:
    def give_up() -> None:
        with draft(tmp_path / "result.csv", b"new") as place:
            assert place.read_bytes() == b"new"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    assert list(tmp_path.iterdir()) == []


def test_the_draft_of_a_killed_process_is_swept_by_the_next_and_nothing_else_is(tmp_path: Path) -> None:
    path = tmp_path / "result.csv"
    others = [".result.csv.backup", ".result.csv.2024", ".result.csv.swp", "result.csv.2024.draft"]
    for name in (*others, ".result.csv.2024.draft"):
        (tmp_path / name).touch()
    with draft(path, b"whole") as place:
        place.replace(path)
    assert path.read_bytes() == b"whole"
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([*others, "result.csv"])


def test_a_draft_that_another_process_has_swept_away_is_not_taken_for_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    def write(path: Path) -> None:
        path.write_bytes(b"whole")
        path.unlink()

    with pytest.raises(UserError, match=r"cannot write data/a\.bin"):
        Files(tmp_path).write({"data/a.bin": write})
    assert list((tmp_path / "data").iterdir()) == []
