"""Text that Markdown shows as it is."""

import re
from typing import Final

INVISIBLE: Final = "\u2060"
"""Word joiner: takes no room, and parts what would be read as one."""

_ADDRESS: Final = re.compile(r"(?<=www)(?=\.)|(?<=http:)(?=//)|(?<=https:)(?=//)|(?=@)", re.IGNORECASE)
_MARKS: Final = frozenset("\\`*_[]<>#$~|:&")


def escape_markdown(text: str) -> str:
    """Escape what Markdown would read as a sign: a dollar sign begins no formula, a star no emphasis.

    An address of the web or of mail becomes a link even if it is escaped; an invisible sign within it prevents that.
    """
    return "".join(f"\\{sign}" if sign in _MARKS else sign for sign in _ADDRESS.sub(INVISIBLE, text))
