"""Questions to check oneself: each is made from numbers on the page, and so is its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from dashboard.text.numbers import format_number


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

        A mistake that leads to the right number, or to none, is left out.
        """
        written = {format_number(value, digits): value for value in (*wrong, right) if np.isfinite(value)}
        return cls(text, tuple(sorted(written, key=lambda name: written[name])), format_number(right, digits), because)
