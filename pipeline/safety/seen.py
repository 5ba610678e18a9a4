"""What a file held when it was read, in so few bytes that a file of any size can be compared with it later."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

_LARGE: Final = 2**24
"""Of a file of so many bytes it is enough that the file system knows of no change."""


@dataclass(frozen=True)
class Seen:
    """The SHA-256 of a file, in hexadecimal, and what the file system said of it before it was read."""

    sha256: str
    _state: tuple[int, ...]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read a file in pieces. Raises `OSError`."""
        with path.open("rb") as file:
            return cls(_state=_state(os.fstat(file.fileno())), sha256=hashlib.file_digest(file, "sha256").hexdigest())

    @classmethod
    def at_a_glance(cls, path: Path) -> Self:
        """Take note of what the file system says of a file, if it is too large to be read twice. Raises `OSError`."""
        state = _state(path.stat())
        return cls("", state) if state[0] >= _LARGE else cls.of(path)

    @classmethod
    def holding(cls, path: Path) -> tuple[bytes, Self]:
        """Read a file whole: its content, and what was seen of it. Raises `OSError`."""
        with path.open("rb") as file:
            state, content = _state(os.fstat(file.fileno())), file.read()
        return content, cls(hashlib.sha256(content).hexdigest(), state)

    def is_still(self, path: Path) -> bool:
        """Whether the file holds the same now."""
        try:
            state = _state(path.stat())
            return (state == self._state and state[0] >= _LARGE) or Seen.of(path).sha256 == self.sha256
        except OSError:
            return False


def _state(found: os.stat_result) -> tuple[int, ...]:
    """The size of a file, which file it is, and when it was changed last."""
    return found.st_size, found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns
