"""How much the gradient of a random batch varies around the gradient of all rows, for every batch size."""

from typing import Final

import numpy as np

from pipeline.arrays import Floats

APART: Final = 1.35


def sizes(rows: int, chosen: int) -> list[int]:
    """Batch sizes to compare: one row, all rows, the `chosen` size, and the powers of two not close to them."""
    others = {1, rows, chosen}
    powers = (2**exponent for exponent in range(rows.bit_length()))
    apart = {power for power in powers if all(max(power, o) >= APART * min(power, o) for o in others)}
    return sorted(others | apart)


def deviation(gradients: Floats, size: int) -> Floats:
    """The standard deviation (parameters,) of the mean gradient of `size` rows drawn without replacement.

    `gradients` (rows, parameters) are those of the single rows. The deviation falls with the square root of the size
    and is zero when all rows are taken. Source: Cochran, Sampling Techniques, theorem 2.2.
    """
    rows = len(gradients)
    if size == rows:
        return np.zeros(gradients.shape[1])
    spread: Floats = gradients.std(axis=0, ddof=1) * np.sqrt((1 - size / rows) / size)
    return spread


def draw(gradients: Floats, size: int, draws: int, seed: int) -> Floats:
    """The mean gradients (draws, parameters) of that many random batches of `size` rows."""
    rows, generator = len(gradients), np.random.default_rng(seed)
    if size == rows:
        return np.repeat(gradients.mean(axis=0, keepdims=True), draws, axis=0)
    batches = (generator.choice(rows, size, replace=False, shuffle=False) for _ in range(draws))
    return np.array([gradients[batch].mean(axis=0) for batch in batches])
