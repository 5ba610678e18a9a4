"""How a file writes its table, learned from its first lines: the separator, where the table begins, and its names."""

import contextlib
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.safety.errors import UserError
from pipeline.tables.cells import clean, looks_like

SEPARATORS: Final = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}

_LINES: Final = 200  # that are looked at

OPEN: Final = "has a text that begins with a quote and does not end with one: add the quote, or remove it"

Cells = list[str]


@dataclass(frozen=True)
class Dialect:
    """How a table is written: rows of `width` cells begin below `above` lines, `skipped` of which are no header.

    `names` is empty where there is no header.
    """

    separator: str
    quote: str
    above: int
    skipped: int
    width: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """The cells of a row, and the lines (0-based) where it begins and where the next one does."""

    line: int
    end: int
    cells: Cells

    @property
    def filled(self) -> int:
        """How many cells hold anything."""
        return sum(bool(cell.strip()) for cell in self.cells)

    @property
    def is_open(self) -> bool:
        """Whether the last cell begins with a quote that is not closed."""
        return self.cells[-1].endswith("\n")


def of(text: str, name: str) -> Dialect:
    """Find out how a table is written from its beginning, which is not empty. Raises `UserError` for an open quote."""
    head = text.split("\n")[:_LINES]
    said = re.match(r'"?sep=(.)', head[0], re.IGNORECASE)
    quote = "'" if '"' not in text and sum(bool(re.match(r"'[^']*'[,;\t|]", x)) for x in head) > 2 else '"'
    start = 1 if said else 0
    read = {mark: _records(head, start, mark, quote) for mark in (said[1] if said else SEPARATORS)}
    separator = max(read, key=lambda mark: _score(read[mark]))
    if not read[separator]:
        raise UserError(f"{name}, line {start + 1} {OPEN}")
    return _begin(read[separator], Dialect(separator, quote, 0, 0, max(1, _width(read[separator])), ()))


def canonical(lines: Iterable[str]) -> Dialect:
    """How `canonical.pieces` writes a table, of these lines without their ends."""
    reader = csv.reader(f"{line}\n" for line in lines)
    names = next(reader, [])
    return Dialect(",", '"', reader.line_num, 0, len(names), tuple(names))


def is_row(line: str, dialect: Dialect) -> bool:
    """Whether a line is a whole row, whoever reads it: what is quoted in it is a whole cell."""
    mark, quote = re.escape(dialect.separator), re.escape(dialect.quote)
    cell = rf"({quote}[^{quote}]*{quote}|[^{quote}{mark}]*)"
    return re.fullmatch(rf"{cell}({mark}{cell})*", line) is not None


def is_spaced(text: str) -> bool:
    """Whether the columns of a table are separated by spaces, from its beginning."""
    try:
        head = [row for row in _split(text.split("\n")[:_LINES]) if row]
    except csv.Error:
        return False
    if not head:
        return False
    width, count = Counter(map(len, head)).most_common(1)[0]
    cells = [cell for row in head[1:] for cell in row]
    numbers = sum(looks_like(cell) in ("number", "") for cell in cells)
    return not (
        width < 2 or count < 0.9 * len(head) or numbers < len(cells) / 2 or re.search(r"[,;\t|]", text) is not None
    )


def with_commas(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a table whose columns are separated by spaces, with commas instead."""
    for row in _split(lines):
        yield ",".join(f'"{cell}"' if "," in cell else cell for cell in row)


def _split(lines: Iterable[str]) -> Iterator[Cells]:
    """The cells of lines at any number of spaces that are not within quotes. Raises `csv.Error` for over 128 KiB."""
    return csv.reader((line.strip() for line in lines), delimiter=" ", skipinitialspace=True)


def records(lines: Iterable[str], start: int, separator: str, quote: str) -> Iterator[Record]:
    """The rows of some lines, the first of which has the number `start` (0-based), down to a cell of over 128 KiB.

    Blank lines are no rows.
    """
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, quotechar=quote, skipinitialspace=True)
    line = start
    with contextlib.suppress(csv.Error):
        for cells in reader:
            end = start + reader.line_num
            if any(cell.strip() for cell in cells):
                yield Record(line, end, cells)
            line = end


def _records(lines: Sequence[str], start: int, separator: str, quote: str) -> list[Record]:
    """The rows of the first lines, without one that they may only begin."""
    found = list(records(lines[start:], start, separator, quote))
    return found[:-1] if found and found[-1].is_open else found


def _width(records: Sequence[Record]) -> int:
    widths = Counter(len(record.cells) for record in records)
    return widths.most_common(1)[0][0] if widths else 0


def _score(records: Sequence[Record]) -> tuple[float, float, int]:
    """How well rows of equal width, numbers in cells and many columns speak for a separator."""
    width = _width(records)
    if width < 2:
        return (0, 0, 0)
    same = [record.cells for record in records if len(record.cells) == width]
    numbers = [looks_like(cell) == "number" for cells in same for cell in cells]
    return len(same) / len(records), sum(numbers) / len(numbers), width


def _begin(records: Sequence[Record], dialect: Dialect) -> Dialect:
    """Find the header, or the first row where there is none, below lines of comment and titles."""
    width, start = dialect.width, 0
    rows = [record.cells for record in records]
    while start < len(records) - 1 and _is_above(records[start], width, rows[start + 1 :]):
        start += 1
    first, below = records[start], rows[start + 1 :]
    comment = _uncommented(records[start - 1].cells) if start else []
    if is_header(first.cells, below, width):
        width, above, names = max(width, len(first.cells)), first.end, first.cells
    elif len(comment) == width and rows[start - 1][0].startswith("#"):
        start, above, names = start - 1, first.line, comment
    else:
        above, names = first.line, []
    if names and len(names) == width - 1:  # as R writes a table: its rows begin with a name that the header leaves out
        ends = [(cells[0], cells[-1]) for cells in below if len(cells) == width]
        if not any(last.strip() for _, last in ends):
            names = [*names, ""]
        elif len({row for row, _ in ends}) == len(ends):
            names = ["", *names]
        else:
            width -= 1
    return Dialect(dialect.separator, dialect.quote, above, start, width, tuple(map(clean, names)))


def _is_above(record: Record, width: int, below: list[Cells]) -> bool:
    """Whether a row is a comment or a title above the table."""
    if record.cells[0].lstrip().startswith("#"):
        return True
    if record.filled < 2:
        return width > 2 or (width == 2 and len(record.cells) == 1)
    return len(record.cells) < width and len(below[0]) == width and is_header(below[0], below[1:], width)


def _uncommented(cells: Cells) -> Cells:
    first = cells[0].lstrip("# ")
    return [first, *cells[1:]] if first else cells[1:]


def is_header(first: Cells, below: Iterable[Cells], width: int) -> bool:
    """Whether a row holds names: of another kind than the cells below, or years above what are no years."""
    rows = [cells for cells in below if len(cells) == width]
    if len(first) == width - 1:
        return True
    alike = []
    for cell, column in zip(first, zip(*rows, strict=True), strict=False):
        kinds = Counter(looks_like(each) for each in column)
        kinds.pop("", None)
        kind, count = kinds.most_common(1)[0] if kinds else ("text", 0)
        if kind == "text" or count < 0.8 * kinds.total() or not looks_like(cell):
            continue
        if looks_like(cell) != kind:
            return True
        alike.append((cell, column))
    return not alike or (
        all(_is_year(cell) for cell, _ in alike) and not all(_is_year(each) for _, column in alike for each in column)
    )


def _is_year(cell: str) -> bool:
    return re.fullmatch(r"(19|20)\d\d", cell.strip()) is not None
