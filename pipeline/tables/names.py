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
    return first_few(map(repr, names), most)


def counted(count: int, noun: str) -> str:
    """So many of something: `1 column`, `1,200 columns`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def first_few(texts: Iterable[str], most: int) -> str:
    """The first few of some texts, and how many more there are: `a, b and 3 more`."""
    every = list(texts)
    return ", ".join(every[:most]) + (f" and {len(every) - most:,} more" if len(every) > most else "")
