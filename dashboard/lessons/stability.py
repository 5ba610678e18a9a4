"""What one step does along a direction of some curvature, below and beyond the largest stable learning rate."""

import math


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
    digit = math.floor(limit / unit + 1e-9)  # 0.3 / 0.1 is a little less than 3
    below = digit - 1 if digit * unit >= limit else digit
    low = below * unit if below else 0.9 * unit
    return float(f"{low:.1g}"), float(f"{(digit + 1) * unit:.1g}")
