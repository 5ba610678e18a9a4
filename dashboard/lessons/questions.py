"""Questions to check oneself: each is made from numbers on the page, and so is its answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from dashboard.text.numbers import format_number
from pipeline.network.sgd import updates_per_epoch


@dataclass(frozen=True)
class Question:
    """A question in Markdown, with the answers to choose from; `because` explains the one that is right."""

    text: str
    answers: tuple[str, ...]
    right: str
    because: str

    @classmethod
    def numeric(cls, text: str, right: float, wrong: Sequence[float], because: str, digits: int = 4) -> Self:
        """Ask for a number: `right` among the results of typical mistakes, in ascending order.

        A mistake that leads to the right number, or to none, is left out; a question with a single answer is not asked.
        """
        written = {format_number(value, digits): value for value in (*wrong, right) if np.isfinite(value)}
        return cls(text, tuple(sorted(written, key=lambda name: written[name])), format_number(right, digits), because)


def ask_updates(text: str, rows: int, size: int, wrong: Sequence[float]) -> Question:
    """Ask in this `text` how many updates an epoch over so many rows has with batches of this size."""
    left_over = "; the rows that are left over are a batch too." if rows % size else "."
    because = f"{rows:,} / {size:,} is {format_number(rows / size, 7)}{left_over}"
    wrong = (*wrong, rows // size, size)
    return Question.numeric(text, updates_per_epoch(rows, size), wrong, because, 15)


def digits_to_tell(level: float, difference: float) -> int:
    """How many digits a number of the size `level` needs, so that four of those of the `difference` to it are seen."""
    ratio = abs(level) / abs(difference) if difference else 1.0
    return 4 + max(1, math.ceil(math.log10(ratio))) if math.isfinite(ratio) and ratio > 0 else 5
