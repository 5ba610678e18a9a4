"""The files that a suggestion concerns: the table, which is kept inside the project, params.yaml and start.json."""

import difflib
import filecmp
import itertools
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pipeline.params.editing import PARAMS, Value, changed
from pipeline.record.start import START
from pipeline.safety.atomic import Content, exchange, put
from pipeline.safety.errors import UserError, unreadable, unwritable
from pipeline.safety.git import git
from pipeline.tables import descriptions
from pipeline.tables.datasets import Column
from pipeline.tables.store import NORMALIZED, RAW

SUFFIXES: Final = (".csv", ".tsv", ".txt", ".data", ".csv.gz", ".parquet")
"""What the names of tables end with."""

WHY_IN_GIT: Final = (
    "a queued experiment runs on the files that git knows, and `dvc exp apply` may replace one that it does not know"
)

_FOLDER: Final = "data"
_WRITTEN: Final = (RAW, NORMALIZED)
_MAX_NAME: Final = 100


def place_of(root: Path, table: Path) -> str:
    """The path below `root` that a table has, or will have as a copy in data/ where it is outside.

    Raises `UserError` for what is no file, for a file that the pipeline writes, and where another file has that name.
    """
    if not table.is_file():
        raise UserError(f"{table} is not a file; expected a table, such as data/houses.csv")
    inside = table.resolve().is_relative_to(root.resolve())
    name = table.resolve().relative_to(root.resolve()).as_posix() if inside else f"{_FOLDER}/{table.name}"
    if name in _WRITTEN or name.startswith("data/run/"):
        raise UserError(f"{name} is written by the pipeline; give the table another name")
    there = root / name
    if not inside and there.exists() and not filecmp.cmp(there, table, shallow=False):
        raise UserError(
            f"{table} is outside the project, and {name} is another file: rename one of them, or copy it over"
        )
    return name


def texts(root: Path, wanted: Mapping[str, Value], start: str | None) -> dict[str, tuple[str, str]]:
    """The texts of params.yaml and start.json as they are and as they are to be, by their names. Raises `UserError`.

    `wanted` are the values to change in params.yaml, `start` is the text of start.json, or `None` where it stays.
    """
    try:
        begins = (root / START).read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(START, error) from None
    return {PARAMS: changed(root, wanted), START: (begins, begins if start is None else start)}


def differences(contents: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """The lines that change in each file."""
    for name, (before, after) in contents.items():
        lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))
        changes = [line for line in lines[2:] if not line.startswith("@@")]
        if changes:
            yield from ("", f"{name}:", *changes)


def write(root: Path, contents: Mapping[str, tuple[str, str]]) -> None:
    """Replace what `texts` gave. Raises `UserError`, and changes nothing, where a file has changed meanwhile."""
    try:
        exchange({root / name: (before.encode(), after.encode()) for name, (before, after) in contents.items()})
    except OSError as error:
        raise unwritable(" and ".join(contents), error) from None


def is_untracked(root: Path, name: str) -> bool:
    """Whether the project is in git, and a file of it is not."""
    try:
        return bool(git(root, "ls-files", "--others", "--", name).strip())
    except UserError:
        return False


def tables_in(root: Path) -> list[str]:
    """The tables in data/ by their paths below `root`, without those that the pipeline writes."""
    names = sorted(path.relative_to(root).as_posix() for path in (root / _FOLDER).glob("*") if path.is_file())
    return [name for name in names if name.lower().endswith(SUFFIXES) and name not in _WRITTEN]


def place_of_upload(root: Path, name: str, content: bytes) -> str:
    """The path below `root`, in data/, at which an uploaded file is kept, whatever name it was given.

    Where another file has its name it gets a number. Raises `UserError` for the name of another kind of file.
    """
    plain = re.sub(r"[^\w.-]+", "_", Path(name.replace("\\", "/")).name)[-_MAX_NAME:]
    plain = re.sub(r"^[._-]+(?=[^.]*\.)", "", plain)  # no hidden file, and none that looks like an option
    suffix = next((suffix for suffix in SUFFIXES if plain.lower().endswith(suffix)), None)
    if suffix is None:
        raise UserError(f"{name[-_MAX_NAME:]!r} is not named as a table; expected {', '.join(SUFFIXES)}")
    stem, end = plain[: -len(suffix)] or "table", plain[-len(suffix) :]
    places = (f"{_FOLDER}/{stem}{f'-{number}' if number > 1 else ''}{end}" for number in itertools.count(1))
    return next(place for place in places if place not in _WRITTEN and _is_free(root / place, content))


def describe(root: Path, place: str, columns: Iterable[Column]) -> None:
    """Write what is said of the columns of a table into the file beside it, unless that says it already."""
    columns = tuple(column for column in columns if column.noun or column.meaning or column.unit)
    if columns != descriptions.read(root, place):
        beside = descriptions.place_beside(place)
        put(root / beside, descriptions.text_of(columns).encode(), beside)


def keep(root: Path, place: str, content: Content) -> bool:
    """Write a table to its place below `root`, unless it is there already; say whether that was needed."""
    if (root / place).is_file():
        return False
    put(root / place, content, place)
    return True


def _is_free(path: Path, content: bytes) -> bool:
    """Whether a file can be kept here: nothing is there, a dangling link neither, or that very file."""
    return not os.path.lexists(path) or (path.is_file() and path.read_bytes() == content)
