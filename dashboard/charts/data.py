"""What all charts share: a specification apart from its rows, and how numbers are written on axes and in tooltips."""

from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import pandas as pd

from dashboard.text.numbers import LARGEST, SMALLEST, SUPERSCRIPTS

ROWS: Final = alt.NamedData("rows")
LINE: Final = alt.NamedData("line")
KEPT: Final = 256
"""So many specifications each picture keeps: what visitors choose goes into them, and there is no end of that."""


def with_data(spec: Mapping[str, Any], rows: pd.DataFrame, **more: pd.DataFrame) -> dict[str, Any]:
    """Put `rows` into a picture whose marks draw `ROWS`, and `more` tables into the places of their names."""
    return {**spec, "datasets": {**spec.get("datasets", {}), "rows": rows, **more}}


DIGITS: Final = ",.6~r"
"""The format of numbers in tooltips: six digits that count, thousands apart, no power of ten."""


def _power_of_ten() -> str:
    """The Vega expression that writes `datum.value` as `2 × 10⁻⁶`."""
    parts = "split(format(datum.value, '.3~e'), 'e')"
    power = f"replace({parts}[1], '+', '')"
    for sign, raised in SUPERSCRIPTS.items():
        power = f"replace({power}, regexp('{chr(sign)}', 'g'), '{chr(raised)}')"
    return f"replace({parts}[0] + ' × ', regexp('^(−?)1 × '), '$1') + '10' + {power}"


_IN_DIGITS: Final = f"(datum.value == 0 || abs(datum.value) >= {SMALLEST} && abs(datum.value) < {LARGEST})"
_LABEL: Final = f"!datum.label ? '' : {_IN_DIGITS} ? format(datum.value, '{DIGITS}') : {_power_of_ten()}"


def number_axis(**properties: Any) -> alt.Axis:
    """Make an axis that writes numbers as `format_number` does: `1,820`, `0.0321`, `10¹²`."""
    return alt.Axis(labelExpr=_LABEL, **properties)
