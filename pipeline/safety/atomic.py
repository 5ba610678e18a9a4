"""Drafts: a file is written whole beside its place and then moved in; what a killed process left is swept away."""

import contextlib
import glob
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from pipeline.safety.errors import UserError, unwritable

Content: TypeAlias = bytes | Callable[[Path], object]
"""What a file is to hold, or a function that writes it to a path, piece by piece."""


@contextlib.contextmanager
def draft(path: Path, content: Content) -> Iterator[Path]:
    """Write `content` beside `path`, for the caller to move it there; what was not moved is removed in the end.

    Other drafts of `path` are removed too: whoever wrote them was killed, or is to write no more.
    """
    for left in path.parent.glob(f".{glob.escape(path.name)}.[0-9]*.draft"):
        left.unlink(missing_ok=True)
    place = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        if callable(content):
            content(place)
        with place.open("r+b" if callable(content) else "wb") as file:
            file.write(b"" if callable(content) else content)
            file.flush()
            os.fsync(file.fileno())
        yield place
    finally:
        place.unlink(missing_ok=True)


def put(path: Path, content: Content, name: str) -> None:
    """Write a file whole, in a folder that is made if need be. Raises `UserError`, which calls the file `name`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft(path, content) as written:
            written.replace(path)
    except OSError as error:
        raise unwritable(name, error) from None


def exchange(contents: Mapping[Path, tuple[bytes, bytes]]) -> None:
    """Replace files, each of which holds the first of its two contents, by the second; their permissions stay.

    Raises `UserError`, and changes nothing, where one of them holds something else by now.
    """
    for path, (before, after) in contents.items():
        if after != before and path.read_bytes() != before:
            raise UserError(f"{path.name} has just been changed by someone else; check it, then try again")
    for path, (before, after) in contents.items():
        if after != before:
            place = path.resolve()
            with draft(place, after) as written:
                shutil.copymode(place, written)
                written.replace(place)
