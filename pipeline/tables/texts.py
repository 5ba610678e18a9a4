"""The text of a file: in UTF-8, its lines ended by LF; read in pieces, and written anew only where it has to be."""

import codecs
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from pipeline.safety.errors import UserError
from pipeline.tables import refusals
from pipeline.tables.scratch import Scratch

_PIECE: Final = 2**22
_HEAD: Final = 2**20

_WINDOWS: Final = "Windows-1252 (Latin-1)"
_UNICODE: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
_END: Final = 2**12
_AFTER: Final = "\x1a\n\r\t "
"""What may stand after the last row and is no part of the table."""


@dataclass(frozen=True)
class Text:
    """A text in a file at `path`, and the `encoding` that it came in; `head` are its first characters.

    `quotes` is how often each quote is in it. The file stays as long as the `scratch` does.
    """

    path: Path
    encoding: str
    head: str
    quotes: dict[str, int]
    scratch: Scratch

    @classmethod
    def of(cls, path: Path, name: str, scratch: Scratch) -> Self:
        """Find out how a file is encoded. Raises `UserError` for what is no text or no table, and `OSError`.

        What is neither UTF-8 nor UTF-16 is taken for Windows-1252, which has all letters of Latin-1.
        """
        with path.open("rb") as file:
            first = file.read(_HEAD)
        refusals.check_beginning(first, name)
        encoding = _encoding(first)
        look = _Look.at(path) if encoding == "UTF-8" else None
        if look is None or not look.is_as_wanted:
            path, encoding = _rewritten(path, _WINDOWS if look and look.not_utf8 else encoding, scratch)
            look = _Look.at(path)
        look.check(path, name)
        return cls(path, encoding, _head(path), look.quotes, scratch)

    @classmethod
    def canonical(cls, path: Path, name: str, scratch: Scratch) -> Self:
        """The text of a table in canonical form. Raises `UserError` for what cannot be one, and `OSError`."""
        look = _Look.at(path)
        if look.not_utf8:
            raise UserError(f"{name} is no text in UTF-8 ({look.not_utf8})")
        if not look.ends_a_line:
            raise UserError(f"{name} ends within a line")
        return cls(path, "UTF-8", "", look.quotes, scratch)

    def written_anew(self, lines: Iterator[str]) -> "Text":
        """A text of these lines instead, in a file of its own."""
        path = self.scratch.path()
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(f"{line}\n" for line in lines)
        return Text(path, self.encoding, _head(path), _Look.at(path).quotes, self.scratch)

    def below(self, lines: int) -> "Text":
        """The text below so many lines, in a file of its own."""
        path = self.scratch.path()
        with self.path.open("rb") as file, path.open("wb") as rest:
            for _ in range(lines):
                file.readline()
            shutil.copyfileobj(file, rest, _PIECE)
        return replace(self, path=path)

    def lines(self) -> Iterator[str]:
        """Its lines, without their ends."""
        with self.path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line.removesuffix("\n")


def _head(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        head = file.read(_HEAD)
    return head if len(head) == _HEAD else f"{head.rstrip(_AFTER)}\n"


def _encoding(first: bytes) -> str:
    """UTF-8, or UTF-16 where the first bytes of a file say so."""
    encoding = _UNICODE.get(first[:2], "UTF-8")
    if encoding == "UTF-8" and len(first) > 3 and b"\0" in (first[:1], first[1:2]):  # UTF-16 without a mark
        return "UTF-16LE" if first[1] == 0 else "UTF-16BE"
    return encoding


def _rewritten(path: Path, encoding: str, scratch: Scratch) -> tuple[Path, str]:
    """Write a text in UTF-8 with LF, without marks before it and what is no table after it; say its true encoding."""
    new, held = scratch.path(), ""
    codec, errors = ("cp1252", "replace") if encoding == _WINDOWS else (encoding, "strict")
    try:
        with (
            path.open(encoding=codec, errors=errors, newline=None) as source,
            new.open("w", encoding="utf-8", newline="") as target,
        ):
            piece = source.read(_PIECE).lstrip(_MARK)
            while piece:
                piece = held + piece
                kept = piece.rstrip(_AFTER)
                target.write(kept)
                held, piece = piece[len(kept) :], source.read(_PIECE)
            target.write("\n")
    except UnicodeDecodeError:
        return _rewritten(path, _WINDOWS, scratch)
    return new, encoding


@dataclass(frozen=True)
class _Look:
    """What the bytes of a file are like: why they are not UTF-8, or else whether they can be read as they are."""

    not_utf8: str = ""
    is_as_wanted: bool = False
    ends_a_line: bool = False
    has_content: bool = False
    has_nul: bool = False
    conflicts: dict[str, int] = field(default_factory=dict)
    quotes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path) -> Self:
        """Look at a file, piece by piece."""
        decode = codecs.getincrementaldecoder("utf-8")().decode
        quotes, conflicts = {'"': 0, "'": 0}, dict[str, int]()
        has_content = has_nul = has_return = False
        place, before, first, end = 0, b"\n", b"", b""
        for piece in _pieces(path):
            try:
                has_content = bool(decode(piece).strip()) or has_content
            except UnicodeDecodeError as error:
                return cls(error.reason)
            quotes = {quote: count + piece.count(quote.encode()) for quote, count in quotes.items()}
            has_nul = has_nul or b"\0" in piece
            has_return = has_return or b"\r" in piece
            for mark in refusals.CONFLICT:
                if (at := (before + piece).find(b"\n" + mark.encode())) >= 0:
                    conflicts.setdefault(mark, place - len(before) + at + 1)
            first, place = first or piece, place + len(piece)
            before = end = (end + piece)[-_END:]
        try:
            decode(b"", final=True)
        except UnicodeDecodeError as error:
            return cls(error.reason)
        after = end[len(end.rstrip(_AFTER.encode())) :]
        is_as_wanted = not (has_return or first.startswith(codecs.BOM_UTF8) or after.strip(b"\n") or after == end)
        return cls("", is_as_wanted, end.endswith(b"\n"), has_content, has_nul, conflicts, quotes)

    def check(self, path: Path, name: str) -> None:
        """Raise `UserError` for what is no text, or no table."""
        if self.has_nul:
            raise UserError(f"{name} is not a text; expected a table as CSV, .csv.gz or Parquet")
        if not self.has_content:
            raise UserError(f"{name} is empty; expected a header and rows")
        for mark in refusals.CONFLICT:
            if mark in self.conflicts:
                line = _lines_before(path, self.conflicts[mark]) + 1
                raise UserError(
                    f"{name}, line {line} begins with {mark}, the mark of a merge conflict: resolve the conflict"
                )


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _lines_before(path: Path, place: int) -> int:
    lines = 0
    for piece in _pieces(path):
        lines += piece[:place].count(b"\n")
        place = max(0, place - len(piece))
    return lines
