"""Whole files or none: atomic writes below one folder, and reads that say what is wrong with a file."""

import hashlib
import io
import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

from pipeline.safety.atomic import draft
from pipeline.safety.errors import UserError
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
        self._seen: dict[Path, bytes] = {}

    def read(self, name: str) -> bytes:
        """Read a file. Raises `MissingFileError` or `BrokenFileError`, as all that read here do."""
        try:
            return self.read_as_it_is(name)
        except FileNotFoundError:
            raise MissingFileError(f"{name} does not exist yet; run `dvc repro` to create it") from None
        except OSError as error:
            raise BrokenFileError(
                f"{name} cannot be read ({error.strerror}); check that it is a file that you may read"
            ) from None

    def read_as_it_is(self, name: str) -> bytes:
        """Read a file, and note what it held for the writing that follows. Raises `OSError`."""
        path = self.root / name
        content = path.read_bytes()
        self._seen.setdefault(path, content)
        return content

    def read_json(self, name: str, noun: type[Noun]) -> Noun:
        """Read a JSON object as the `noun` it holds, a pydantic model or a dataclass with pydantic's annotations."""
        content = self.read(name)
        try:
            from_json(content, allow_inf_nan=False)  # which validation allows where a figure may be undefined
            return TypeAdapter(noun).validate_json(content)
        except ValidationError as error:
            first = error.errors()[0]
            if first["type"] in OTHER_KEYS:
                raise BrokenFileError(
                    f"{name} was recorded by another version of this project ({_fault(first)}): run `dvc repro`"
                ) from None
            raise broken(name, f"has invalid content ({_fault(first)})") from None
        except ValueError as error:
            raise broken(name, f"is not valid JSON ({error})") from None

    def read_csv(self, name: str, columns: Mapping[str, str]) -> pd.DataFrame:
        """Read a CSV file that has exactly these columns, each with its pandas dtype; no number is infinite."""
        content = self.read(name)
        try:
            names = list(pd.read_csv(io.BytesIO(content), nrows=0).columns)
            if names != list(columns):
                raise broken(name, f"has the columns {', '.join(map(str, names))}, not {', '.join(columns)}")
            with np.errstate(invalid="ignore"):  # a number too large for an integer becomes one that fits nowhere
                table = pd.read_csv(io.BytesIO(content), dtype=dict(columns))
        except (ValueError, OverflowError) as error:
            raise broken(name, f"is not a CSV file with numbers where they should be ({error})") from None
        if not isinstance(table.index, pd.RangeIndex):
            raise broken(name, "has rows with more cells than the header")
        if table.empty or np.isinf(table.select_dtypes("number").to_numpy()).any():
            raise broken(name, "has no rows, or numbers that are not finite")
        return table

    def read_parquet(self, name: str, columns: Mapping[str, pa.DataType]) -> pa.Table:
        """Read a Parquet file that has exactly these columns, each of its type, in one piece and without gaps."""
        try:
            table = pq.ParquetFile(pa.BufferReader(self.read(name))).read(use_threads=False).combine_chunks()
            table.validate(full=True)
        except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
            raise broken(name, f"is not a Parquet file ({error})") from None
        found = dict(zip(table.column_names, table.schema.types, strict=True))
        if table.column_names != list(columns) or found != dict(columns):
            texts = [", ".join(f"{column} ({kind})" for column, kind in each.items()) for each in (found, columns)]
            raise broken(name, f"has the columns {texts[0]}, not {texts[1]}")
        if table.num_rows == 0 or any(column.null_count for column in table.columns):
            raise broken(name, "has no rows, or gaps in them")
        return table

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write every file beside its place, then move all of them in: a reader never meets a half-written one.

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
                stop_if_edited({path: content for path, content in self._seen.items() if path not in replaced})
                stop_if_orphaned()
                for place, path in moves:
                    place.replace(path)
                    self._seen.pop(path, None)
        except OSError as error:
            names = ", ".join(files)
            raise UserError(f"cannot write {names}: {error.strerror}; is the disk full or read-only?") from None


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def broken(name: str, problem: str) -> BrokenFileError:
    """Say what is wrong with a file, and that the pipeline makes it again."""
    return BrokenFileError(f"{name} {problem}; delete it and run `dvc repro` to make it again")


def _fault(first: ErrorDetails) -> str:
    """Say in a few words what is wrong."""
    place = ".".join(map(str, (*first["loc"], *first.get("ctx", {}).get("keys", ())))) or "the whole"
    if first["type"] == "missing":
        return f"it lacks {place}"
    if first["type"] in OTHER_KEYS:
        return f"it also has {place}"
    return f"{place} is {repr(first['input'])[:40]}: {first['msg'].lower()}"


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
