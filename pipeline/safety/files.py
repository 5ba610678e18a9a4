"""Whole files or none: atomic writes below one folder, and reads that say what is wrong with a file."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from pipeline.safety.atomic import Content, draft
from pipeline.safety.errors import UserError, unwritable
from pipeline.safety.seen import Seen
from pipeline.safety.stage import stop_if_edited, stop_if_orphaned

Noun = TypeVar("Noun")

OTHER_KEYS: Final = {"missing", "extra_forbidden", "unexpected_keyword_argument"}
"""The faults, as pydantic calls them, of a file that another version of the project wrote."""


class MissingFileError(UserError):
    """A file of data/ that is not there (yet)."""


class BrokenFileError(UserError):
    """A file of data/ that does not hold what it should."""


class Files:
    """The files below `root`, by their names relative to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen: dict[Path, Seen] = {}

    def read(self, name: str) -> bytes:
        """Read a file. Raises `MissingFileError` or `BrokenFileError`, as all that read here do."""
        with _explained(name):
            return self.read_as_it_is(name)

    def see(self, name: str) -> Seen:
        """Note what a file holds that is then read by its path, in pieces."""
        with _explained(name):
            return self.see_as_it_is(name)

    def read_as_it_is(self, name: str) -> bytes:
        """Read a file, and note what it held for the writing that follows. Raises `OSError`."""
        path = self.root / name
        content, seen = Seen.holding(path)
        self._seen.setdefault(path, seen)
        return content

    def see_as_it_is(self, name: str) -> Seen:
        """Note what a file holds for the writing that follows. Raises `OSError`."""
        path = self.root / name
        seen = self._seen.get(path)
        if seen is None or not seen.is_still(path):
            seen = Seen.of(path)
        self._seen.setdefault(path, seen)
        return seen

    def read_json(self, name: str, noun: type[Noun]) -> Noun:
        """Read a JSON object as the `noun` it holds, a pydantic model or a dataclass with pydantic's annotations."""
        content = self.read(name)
        try:
            from_json(content, allow_inf_nan=False)  # which validation allows where a figure may be undefined
            return TypeAdapter(noun).validate_json(content)
        except ValidationError as error:
            if error.errors()[0]["type"] in OTHER_KEYS:
                raise BrokenFileError(
                    f"{name} was recorded by another version of this project: run `dvc repro`"
                ) from None
            raise broken(name, f"has invalid content ({first_fault(error)})") from None
        except ValueError as error:
            raise broken(name, f"is not valid JSON ({error})") from None

    def read_csv(self, name: str, columns: Mapping[str, str]) -> pd.DataFrame:
        """Read these columns of a CSV file, each with its pandas dtype."""
        try:
            return pd.read_csv(io.BytesIO(self.read(name)), usecols=list(columns), dtype=dict(columns))
        except (ValueError, OverflowError) as error:
            raise broken(name, f"is not a CSV file with numbers where they should be ({error})") from None

    def read_parquet(
        self, name: str, columns: Mapping[str, pa.DataType], others: Mapping[str, pa.DataType] | None = None
    ) -> pa.Table:
        """Read a Parquet file that has exactly these columns, or the `others` too, each of its type, in one piece."""
        try:
            table = pq.ParquetFile(pa.BufferReader(self.read(name))).read(use_threads=False).combine_chunks()
            table.validate(full=True)
        except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
            raise broken(name, f"is not a Parquet file ({error})") from None
        found = dict(zip(table.column_names, table.schema.types, strict=True))
        if found not in (dict(columns), {**columns, **(others or {})}):
            raise broken(name, f"does not have the columns {', '.join(columns)}")
        return table

    def path(self, name: str) -> Path:
        """Where a file lies that is read piece by piece; what the file system says of it now is noted."""
        path = self.root / name
        with _explained(name):
            self._seen.setdefault(path, Seen.at_a_glance(path))
        return path

    def write(self, files: Mapping[str, Content]) -> None:
        """Write every file beside its place, then move all of them in: a reader never meets a half-written one.

        What is large is given as a function that writes it to a path. They are written in the order of the mapping.

        Raises `UserError`, and changes nothing, when what was read here before or a module is no longer as it was.
        """
        try:
            with ExitStack() as drafts:
                moves = []
                for name, content in files.items():
                    path = self.root / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    moves.append((drafts.enter_context(draft(path, content)), path))
                replaced = {path for _, path in moves}
                stop_if_edited({path: seen for path, seen in self._seen.items() if path not in replaced})
                stop_if_orphaned()
                for place, path in moves:
                    place.replace(path)
                    self._seen.pop(path, None)
        except OSError as error:
            raise unwritable(", ".join(files), error) from None


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Say in a sentence why a file cannot be read."""
    try:
        yield
    except FileNotFoundError:
        raise _missing(name) from None
    except OSError as error:
        raise BrokenFileError(
            f"{name} cannot be read ({error.strerror}); check that it is a file that you may read"
        ) from None


def _missing(name: str) -> MissingFileError:
    return MissingFileError(f"{name} does not exist yet; run `dvc repro` to create it")


def first_fault(error: ValidationError) -> str:
    """Say the first thing that is wrong with what a file holds: where, what is there, and what should be."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or "the whole"
    found = "" if first["type"] == "missing" else f" is {repr(first['input'])[:40]}"
    return f"{place}{found}: {first['msg'].lower()}"


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def short(digest: str) -> str:
    """The beginning of a hash, which is enough to tell runs apart."""
    return digest[:7]


def broken(name: str, problem: str) -> BrokenFileError:
    """Say what is wrong with a file, and that the pipeline makes it again."""
    return BrokenFileError(f"{name} {problem}; delete it and run `dvc repro` to make it again")


def json_bytes(noun: object) -> bytes:
    """Write a pydantic model or a dataclass as JSON that every reader takes: no NaN, no Infinity."""
    value = TypeAdapter(type(noun)).dump_python(noun, mode="json", by_alias=True)
    return (json.dumps(value, indent=1, allow_nan=False) + "\n").encode()


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Write a table as CSV; what is missing becomes an empty cell."""
    content: str = table.to_csv(index=False, lineterminator="\n")
    return content.encode()


def parquet_bytes(table: pa.Table) -> bytes:
    """Write without compression or dictionaries, whose bytes depend on the library's version and the processor."""
    out = io.BytesIO()
    pq.write_table(table, out, compression="none", use_dictionary=False)
    return out.getvalue()
