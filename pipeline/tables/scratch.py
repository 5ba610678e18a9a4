"""Temporary files: made where a table has to be written otherwise before it can be read, and removed with it."""

import re
import shutil
import tempfile
import weakref
from pathlib import Path


class Scratch:
    """A folder of temporary files, made with the first of them and removed when nothing refers to this any more."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._count = 0

    def path(self) -> Path:
        """A new path in the folder. Raises `OSError`."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="sgd-laboratory-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._count += 1
        return self._folder / str(self._count)

    def at(self, source: bytes | Path) -> Path:
        """Where a file is, or a new one with this content. Raises `OSError`."""
        if isinstance(source, Path):
            return source
        path = self.path()
        path.write_bytes(source)
        return path

    def plain(self, path: Path) -> Path:
        """The path of a file as DuckDB takes it: a link to it where the path looks like a pattern of many."""
        if not re.search(r"[*?\[]", str(path)):
            return path
        link = self.path()
        link.symlink_to(path.resolve())
        return link
