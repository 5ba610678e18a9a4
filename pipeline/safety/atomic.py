"""Drafts: a file is written whole beside its place and then moved in; what a killed process left is swept away."""

import contextlib
import fcntl
import glob
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def draft(path: Path, content: bytes) -> Iterator[Path]:
    """Write `content` beside `path`, for the caller to move it there; what was not moved is removed in the end."""
    _sweep(path)
    place = path.with_name(f".{path.name}.{os.getpid()}")
    with place.open("wb") as file:
        with contextlib.suppress(OSError):  # a file system that knows no locks: its drafts are not swept
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            yield place
        finally:
            place.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Remove the drafts of `path` that no living process holds: a lock ends with its process, however that ends."""
    for place in path.parent.glob(f".{glob.escape(path.name)}.*"):
        if place.name.rpartition(".")[2].isdecimal():
            with contextlib.suppress(OSError), place.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                place.unlink()
