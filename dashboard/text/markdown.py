"""Text on a page: as Markdown shows it unchanged, and as the beginning of a sentence."""

import re
from typing import Final

INVISIBLE: Final = "\u2060"
"""Word joiner: takes no room, and parts what would be read as one."""

_ADDRESS: Final = re.compile(r"(?<=www)(?=\.)|(?<=http:)(?=//)|(?<=https:)(?=//)|(?=@)", re.IGNORECASE)
_PLAIN: Final = {"\\lambda_{\\max}": "λ_max", "{\\max}": "max", "\\cdot": "·", "\\,": " ", "$": "", "**": ""}
_MARKS: Final = frozenset("\\`*_[]<>#$~|:&")


def escape_markdown(text: str) -> str:
    """Escape what Markdown would read as a sign: a dollar sign begins no formula, a star no emphasis.

    An address of the web or of mail becomes a link even if it is escaped; an invisible sign within it prevents that.
    """
    return "".join(f"\\{sign}" if sign in _MARKS else sign for sign in _ADDRESS.sub(INVISIBLE, text))


def without_marks(text: str) -> str:
    """Write as plain text what a page says in Markdown: formulas in signs of Unicode, and nothing bold."""
    for mark, sign in _PLAIN.items():
        text = text.replace(mark, sign)
    return text


def capitalized(text: str) -> str:
    """Raise the first letter and leave the rest as it is: names and paths in a text keep their case."""
    return text[:1].upper() + text[1:]
