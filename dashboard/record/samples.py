"""Samples of long tables in words: how many rows are drawn, measured or listed where all are too many."""

from typing import Final

from pipeline.arrays import MAX_SAMPLE

LISTED: Final = 1_000
"""So many rows of a table are sent to the browser, the first ones."""


def in_words(rows: int, nouns: str) -> str:
    """Say how many rows `sample_of` takes: `5,000 of 340,000 test rows, drawn by seed`; nothing where that is all."""
    return f"{MAX_SAMPLE:,} of {rows:,} {nouns}, drawn by seed" if rows > MAX_SAMPLE else ""


def drawn(rows: int, nouns: str) -> str:
    """A sentence to follow another, ` The chart shows 5,000 of 340,000 test rows, drawn by seed.`, or nothing."""
    some = in_words(rows, nouns)
    return some and f" The chart shows {some}."
