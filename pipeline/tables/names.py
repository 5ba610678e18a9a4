"""Names beside other names, whatever these are."""

from collections.abc import Iterable


def distinct(name: str, others: Iterable[str], addition: str) -> str:
    """A name that none of the `others` has: with the addition in parentheses, as often as it takes."""
    others = set(others)
    while name in others:
        name = f"{name} ({addition})"
    return name


def listed(names: Iterable[str], most: int = 10) -> str:
    """The first few of some names, quoted, and how many more there are."""
    quoted = [repr(name) for name in names]
    return ", ".join(quoted[:most]) + (f" and {len(quoted) - most} more" if len(quoted) > most else "")
