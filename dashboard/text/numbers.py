"""Numbers as people write them: digits that count, thousands apart, a true minus sign, powers of ten as powers."""

import math
import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.arrays import significant

NONE: Final = "–"
"""What stands where there is no number."""

SMALLEST: Final = 1e-4
LARGEST: Final = 1e9
"""Numbers from `SMALLEST` up to `LARGEST` are written in digits, others with a power of ten."""

TIMES: Final = "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}"
"""Between a factor and a power of ten, which stay on one line."""

SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_number(value: float | None, digits: int = 3) -> str:
    """Write a number with at most so many significant digits: `1,820`, `−0.0321`, `5.24 × 10⁻⁶`, `10¹²`.

    `None` and not-a-number are a dash.
    """
    if value is None or math.isnan(value):
        return NONE
    if value < 0:
        size = format_number(-value, digits)
        return size if size == "0" else f"−{size}"
    if math.isinf(value):
        return "∞"
    rounded = abs(significant(value, digits))
    if rounded == 0 or SMALLEST <= rounded < LARGEST:
        return f"{rounded:,.15g}"
    factor, power = f"{value:.{digits - 1}e}".split("e")
    factor = factor.rstrip("0").rstrip(".") if "." in factor else factor
    return f"{'' if factor == '1' else f'{factor}{TIMES}'}10{str(int(power)).translate(SUPERSCRIPTS)}"


def format_setting(value: float) -> str:
    """Write a number that somebody chose, with all its digits but for those that a float adds: `0.015`, `2 × 10⁻⁶`."""
    return format_number(value, 15)


def format_cell(value: float, digits: int = 4) -> str:
    """Write a number of somebody's table: one of four digits without a comma, for it may be a year."""
    text = format_number(value, digits)
    return text.replace(",", "") if re.fullmatch(r"−?\d,\d{3}", text) else text


def format_range(low: float, high: float) -> tuple[str, str]:
    """Write the ends of a range of cells, with as many digits as it takes to shift neither by a thousandth of it."""
    digits = next(
        (
            digits
            for digits in range(4, 15)
            if all(abs(significant(end, digits) - end) <= (high - low) / 1000 for end in (low, high))
        ),
        15,
    )
    return format_cell(low, digits), format_cell(high, digits)


def format_signed(value: float, digits: int = 3) -> str:
    """A number with its sign, plus or minus: `+0.74`."""
    text = format_number(value, digits)
    return text if text.startswith("−") or text == NONE else f"+{text}"


def summarize(values: NDArray[np.float64], most: int = 3) -> str:
    """A number, a list of at most `most` numbers, or the range from the smallest to the largest of them."""
    if values.size == 1:
        return format_number(values.item(), 4)
    if values.size <= most:
        return f"[{', '.join(format_number(number) for number in values.flat)}]"
    low, high = format_range(float(values.min()), float(values.max()))
    return f"all {low}" if low == high else f"{low} … {high}"
