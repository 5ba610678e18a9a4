"""Text that Markdown shows as it is."""

from typing import Final

_MARKS: Final = frozenset("\\`*_[]<>#$~|:&")


def escape_markdown(text: str) -> str:
    """Escape what Markdown would read as a sign: a dollar sign begins no formula, a star no emphasis."""
    return "".join(f"\\{sign}" if sign in _MARKS else sign for sign in text)
