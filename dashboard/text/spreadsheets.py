"""Tables as CSV for spreadsheets, in which no text runs as a formula; and back."""

import unicodedata
from typing import Any, Final

import pandas as pd

from pipeline.tables.kinds import kind_of, texts

_GUARD: Final = "'"
"""What a spreadsheet takes for the sign that a text follows, and does not show."""


def csv(table: pd.DataFrame) -> bytes:
    """Write a table as CSV; a name or a text that would be a formula is guarded. Numbers stay numbers.

    Dates, and yes or no, are written as in raw.csv.
    """
    safe = table.set_axis([_guarded(str(name)) for name in table.columns], axis=1)
    for place in range(table.shape[1]):
        kind = kind_of(table.iloc[:, place])
        if kind in ("date", "yes_no"):
            safe.isetitem(place, texts(table.iloc[:, place]))
        elif kind == "text":
            safe.isetitem(place, [_guarded(cell) for cell in safe.iloc[:, place]])
    content: str = safe.to_csv(index=False, lineterminator="\r\n")
    return content.encode()


def unguarded(name: str) -> str:
    """The name that `csv` guarded, or the name as it is."""
    return name[1:] if name.startswith(_GUARD) and _guarded(name[1:]) == name else name


def _guarded(value: Any) -> Any:
    return f"{_GUARD}{value}" if isinstance(value, str) and _is_formula(value) else value


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula; some take wide signs for the usual ones, or skip blanks."""
    signs = unicodedata.normalize("NFKC", text)
    return signs.lstrip().startswith(("=", "+", "-", "@")) or signs.startswith(("\t", "\r", "\n"))
