"""Which table: a file that is dropped on the page, or one that is in data/ already."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.caching import cached
from dashboard.views.parts.uploads import upload
from pipeline.safety.errors import UserError
from pipeline.safety.files import sha256
from pipeline.suggestion.files import SUFFIXES, place_of_upload, tables_in
from pipeline.tables import reading
from pipeline.tables.reading import Reading

MAX_MEGABYTES: Final = 50
"""Of a file that is dropped here; the command takes larger ones."""

_COMMAND: Final = "python -m pipeline.suggest"


@dataclass(frozen=True)
class Table:
    """A raw table (rows, columns), how its file is written, and where that is or will be kept below the project.

    `content` is the file where it is not there yet.
    """

    place: str
    frame: pd.DataFrame
    notes: tuple[str, ...]
    content: bytes | None
    token: str


def choose_table(root: Path) -> Table | None:
    """Let a table be chosen, and read it. Raises `UserError` for a file that is none."""
    left, right = st.columns(2, gap="large")
    with left:
        kept = upload(
            "Drop a file here",
            [suffix.removeprefix(".") for suffix in SUFFIXES],
            "table file",
            max_upload_size=MAX_MEGABYTES,
            help=f"CSV, with any separator, or Parquet. For more than {MAX_MEGABYTES} MB use the command "
            f"`{_COMMAND} your_table.csv`.",
        )
    with right:
        name = st.selectbox(
            "or choose one in data/", tables_in(root), index=None, key="table in data", disabled=kept is not None
        )
    if kept is not None:
        return _uploaded(root, *kept)
    if name is None:
        st.caption("The file stays on this machine. Its separator, decimal commas, gaps and dates are recognized.")
        return None
    try:
        content = (root / name).read_bytes()
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror}") from None
    return _table(name, name, content, None)


def _uploaded(root: Path, name: str, content: bytes) -> Table:
    if len(content) > MAX_MEGABYTES * 2**20:
        raise UserError(
            f"{name} has {len(content) / 2**20:.0f} MB, and a page takes at most {MAX_MEGABYTES}: copy it into data/, "
            f"and run {_COMMAND} data/{Path(name).name}"
        )
    place = place_of_upload(root, name, content)
    if Path(place).name != name:
        is_there = (root / "data" / name).exists()
        why = "a file of that name is in data/ already" if is_there else "its name has spaces or special characters"
        st.info(escape_markdown(f"{name} will be kept as {place}, because {why}."))
    return _table(place, name, content, content)


def _table(place: str, name: str, content: bytes, to_keep: bytes | None) -> Table:
    digest = sha256(content)
    read = _parsed(_Content(digest, name, content))
    return Table(place, read.table, read.notes, to_keep, digest)


@dataclass(frozen=True)
class _Content:
    """A file's bytes, known by their hash and the file's name."""

    digest: str
    name: str
    content: bytes

    @property
    def token(self) -> str:
        return f"{self.digest} {self.name}"


@cached(_Content)
def _parsed(file: _Content) -> Reading:
    return reading.read(file.content, file.name)
