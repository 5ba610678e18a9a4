"""What one step does along a direction of some curvature, below and beyond the largest stable learning rate."""

import math
from typing import Final

from dashboard.record.tables import EXPLODED
from pipeline.arrays import Floats, round_numbers

SAME: Final = 1e-9
"""Learning rates that differ by this share are one: a computed limit of 1 may be 1.0000000000000002."""


def factor(learning_rate: float, curvature: float) -> float:
    """What one update without momentum multiplies the distance to the bottom by, along such a direction."""
    return 1 - learning_rate * curvature


def updates_for_a_tenth(learning_rate: float, curvature: float) -> float:
    """How many updates bring one ten times closer along such a direction; infinite when none does."""
    size = abs(factor(learning_rate, curvature))
    if size >= 1:
        return math.inf
    return 1.0 if size == 0 else max(1.0, math.log(0.1) / math.log(size))


def exploded(losses: Floats) -> bool:
    """Whether the losses (updates,) along a path end so much higher than they began that it diverges."""
    return bool(losses[-1] > EXPLODED * losses[0])


def around(limit: float) -> tuple[float, float]:
    """The two numbers of one digit between which a limit lies, the first of them below it: 0.1 and 0.2 for 0.167."""
    power = math.floor(math.log10(limit))
    numbers = round_numbers(range(power - 1, power + 2))
    below, beyond = limit * (1 - SAME), limit * (1 + SAME)
    return max(number for number in numbers if number < below), min(number for number in numbers if number > beyond)
