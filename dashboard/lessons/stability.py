"""How large a step may be on a bowl: the limit of the learning rate, and what one step does along a direction."""

import math


def largest_stable_learning_rate(curvature: float, momentum: float = 0.0) -> float:
    """The learning rate at which descent on all rows begins to diverge along a direction of this curvature.

    2 / curvature without momentum, 2 (1 + momentum) / curvature with it. Source: Polyak (1964), heavy ball.
    """
    return 2 * (1 + momentum) / curvature


def factor(learning_rate: float, curvature: float) -> float:
    """What one update without momentum multiplies the distance to the bottom by, along such a direction."""
    return 1 - learning_rate * curvature


def updates_for_a_tenth(learning_rate: float, curvature: float) -> float:
    """How many updates bring one ten times closer along such a direction; infinite when none does."""
    size = abs(factor(learning_rate, curvature))
    if size >= 1:
        return math.inf
    return 1.0 if size == 0 else max(1.0, math.log(0.1) / math.log(size))


def around(limit: float) -> tuple[float, float]:
    """The two numbers of one digit between which a limit lies, the first of them below it: 0.1 and 0.2 for 0.167."""
    unit = 10.0 ** math.floor(math.log10(limit))
    digit = math.floor(limit / unit)
    below = digit - 1 if digit * unit >= limit else digit
    low = below * unit if below else 0.9 * unit
    return float(f"{low:.1g}"), float(f"{(digit + 1) * unit:.1g}")
