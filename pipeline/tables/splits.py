"""Which rows train, validate and test: seeded, so that the same seed draws the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from pydantic import ConfigDict

from pipeline.safety.errors import UserError
from pipeline.safety.schema import STRICT, RowNumbers


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

    def part_of_each_row(self) -> list[str]:
        """The name of the part that each row of the table is in."""
        names = np.empty(sum(map(len, self.parts().values())), dtype=object)
        for name, rows in self.parts().items():
            names[rows] = name
        return [str(name) for name in names]

    @property
    def train_and_validation(self) -> RowNumbers:
        """All the rows that are not kept for the test."""
        return np.concatenate([self.train, self.validation])


def draw(rows: int, validation_fraction: float, seed: int, test: Sequence[int] | float) -> Split:
    """Shuffle `rows` rows by seed and keep the last share of the training rows for validation.

    `test` is either the row numbers kept for the test or the share of the rows to draw for it. The training rows
    are shuffled before the cut: in a sorted table the last rows are unlike the others.
    Raises `UserError` when a part would have no row.
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
    split = Split(shuffled[:cut], shuffled[cut:], test_rows)
    for name, part in split.parts().items():
        if len(part) == 0:
            raise UserError(
                f"the {name} part of {rows} rows would be empty: change the fractions in normalize, or add rows"
            )
    return split


def check_batch_size(batch_size: int, rows: int) -> None:
    """Raise `UserError` for a batch that is larger than the training rows."""
    if batch_size > rows:
        raise UserError(f"train.batch_size is {batch_size}; expected at most {rows}, the number of training rows")
