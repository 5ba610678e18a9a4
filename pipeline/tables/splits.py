"""Which rows train, validate and test: seeded, so that the same seed draws the same rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from pipeline.params import Normalize
from pipeline.safety.errors import UserError
from pipeline.safety.schema import STRICT, RowNumbers

PARTS: Final = ("train", "validation", "test")

ROWS_AT_ONCE: Final = 2**17
"""How many rows are read, drawn and written together where a table is taken in blocks."""

MAX_LISTED: Final = 100_000
"""The most rows of a table of which each is listed in split.json. A larger table has a rule instead."""


@dataclass(frozen=True)
class Split:
    """Row numbers (0-based) of the raw table: each row is in exactly one part."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    train: RowNumbers
    validation: RowNumbers
    test: RowNumbers

    def parts(self) -> dict[str, RowNumbers]:
        """The rows of each part by its name: train, validation, test."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    @property
    def sizes(self) -> dict[str, int]:
        """How many rows each part has, by its name."""
        return {name: len(rows) for name, rows in self.parts().items()}

    def places(self, block: int | None = None) -> NDArray[np.int8]:
        """The part (rows,) that each row of the table is in, or of a block of it, as its place in `PARTS`."""
        places = np.empty(sum(self.sizes.values()), np.int8)
        for place, rows in enumerate(self.parts().values()):
            places[rows] = place
        return places if block is None else places[block * ROWS_AT_ONCE : (block + 1) * ROWS_AT_ONCE]

    def listed(self) -> "Split":
        """The rows of each part, listed as they are."""
        return self

    def of_parts(self, names: Iterable[str]) -> RowNumbers:
        """The rows of some parts together."""
        return np.concatenate([self.parts()[name] for name in names])


@dataclass(frozen=True)
class SplitRule:
    """How each row of a large table finds its part: by a random number of its own, block after block of rows.

    No list of rows is needed, and the parts of the first rows do not depend on how many there are. The sizes of the
    parts are close to the fractions, but not equal to them.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    rows: int
    seed: int
    test_fraction: float
    validation_fraction: float

    def places(self, block: int | None = None) -> NDArray[np.int8]:
        """The part (rows,) that each row of the table is in, or of one block of `ROWS_AT_ONCE`, the last of fewer."""
        if block is None:
            return np.concatenate([self.places(number) for number in range(self.blocks)])
        drawn = np.random.default_rng([self.seed, block]).random(ROWS_AT_ONCE)
        drawn = drawn[: self.rows - block * ROWS_AT_ONCE]
        end = self.test_fraction + (1 - self.test_fraction) * self.validation_fraction
        places: NDArray[np.int8] = (drawn < end).astype(np.int8) + (drawn < self.test_fraction)  # test is the last part
        return places

    @property
    def blocks(self) -> int:
        """How many blocks of rows the table has."""
        return -(-self.rows // ROWS_AT_ONCE)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many rows each part has, by its name."""
        counts = sum(np.bincount(self.places(block), minlength=len(PARTS)) for block in range(self.blocks))
        return dict(zip(PARTS, map(int, np.asarray(counts)), strict=True))

    def listed(self) -> Split:
        """List the rows of each part, in their order."""
        places = self.places()
        return Split(*(np.flatnonzero(places == place) for place in range(len(PARTS))))


def split_of(rows: int, settings: Normalize, tfjs_test_rows: Sequence[int]) -> Split | SplitRule:
    """Split so many rows as `settings` say; `tfjs_test_rows` are those that the split tfjs keeps for the test.

    Raises `UserError` where the table lacks such a row, or a part would have none.
    """
    if settings.split == "tfjs" and rows <= max(tfjs_test_rows):
        raise UserError(
            f"normalize.split is tfjs, which needs row {max(tfjs_test_rows)}, but the table has {rows} rows: "
            "set split to random"
        )
    test = tfjs_test_rows if settings.split == "tfjs" else settings.test_fraction
    split = rule_of(rows, settings) or draw(rows, settings.validation_fraction, settings.seed, test)
    _check_none_empty(split.sizes, rows)
    return split


def rule_of(rows: int, settings: Normalize) -> SplitRule | None:
    """The rule that splits so many rows, or `None` where each is listed: up to `MAX_LISTED`, and for the split tfjs."""
    if settings.split == "tfjs" or rows <= MAX_LISTED:
        return None
    return SplitRule(rows, settings.seed, settings.test_fraction, settings.validation_fraction)


def draw(rows: int, validation_fraction: float, seed: int, test: Sequence[int] | float) -> Split:
    """Shuffle `rows` rows by seed and keep the last share of the training rows for validation.

    `test` is either the row numbers kept for the test or the share of the rows to draw for it. The training rows
    are shuffled before the cut: in a sorted table the last rows are unlike the others.
    """
    generator = np.random.default_rng(seed)
    if isinstance(test, float):
        shuffled = generator.permutation(rows)
        count = round(rows * test)
        test_rows, others = np.sort(shuffled[:count]), np.sort(shuffled[count:])
    else:
        test_rows = np.asarray(test, dtype=np.int64)
        others = np.setdiff1d(np.arange(rows), test_rows)
    cut = int(len(others) * (1 - validation_fraction))  # 266 of the 333 rows of the TensorFlow.js split
    shuffled = generator.permutation(others)
    return Split(shuffled[:cut], shuffled[cut:], test_rows)


def _check_none_empty(sizes: Mapping[str, int], rows: int) -> None:
    for name, size in sizes.items():
        if size == 0:
            raise UserError(
                f"the {name} part of {rows} rows would be empty: change the fractions in normalize, or add rows"
            )


def check_batch_size(batch_size: int, rows: int) -> None:
    """Raise `UserError` for a batch that is larger than the training rows."""
    if batch_size > rows:
        raise UserError(f"train.batch_size is {batch_size}; expected at most {rows}, the number of training rows")
