"""Drafts: a file is written whole beside its place and then moved in; what a killed process left is swept away."""

import contextlib
import glob
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def draft(path: Path, content: bytes) -> Iterator[Path]:
    """Write `content` beside `path`, for the caller to move it there; what was not moved is removed in the end.

    Other drafts of `path` are removed too: whoever wrote them was killed, or is to write no more.
    """
    for left in path.parent.glob(f".{glob.escape(path.name)}.[0-9]*.draft"):
        left.unlink(missing_ok=True)
    place = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        with place.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield place
    finally:
        place.unlink(missing_ok=True)
