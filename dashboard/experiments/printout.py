"""What a command prints, kept as the last lines of plain text that a page can show while more is coming."""

import codecs
import re
import threading
from collections import deque
from typing import Final

MAX_LINES: Final = 2_000
MAX_CHARACTERS: Final = 4_000

# Colours and cursor moves (ECMA-48, section 5.4), window titles, and any other control character but \n, \r and \t.
_CONTROL: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)


class Printout:
    """The last lines of a stream of bytes. One thread feeds it, any other may read it meanwhile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._whole: deque[str] = deque(maxlen=MAX_LINES)
        self._begun = ""

    def feed(self, piece: bytes) -> None:
        """Take in more bytes, cut anywhere: inside a line, a character or a colour code."""
        with self._lock:
            *whole, begun = (self._begun + self._decoder.decode(piece)).split("\n")
            self._whole.extend(map(_shown, whole))
            self._begun = begun[-MAX_CHARACTERS:]

    @property
    def lines(self) -> tuple[str, ...]:
        """At most `MAX_LINES` whole lines, and the line that has just begun if there is anything in it."""
        with self._lock:
            begun = _shown(self._begun)
            return (*self._whole, begun) if begun else tuple(self._whole)


def _shown(line: str) -> str:
    """What a terminal would go on showing: a progress bar writes over itself after each carriage return."""
    return _CONTROL.sub("", line).rstrip("\r").rpartition("\r")[2][:MAX_CHARACTERS]
