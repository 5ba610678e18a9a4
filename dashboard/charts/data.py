"""What all charts share: a specification apart from its rows, named colours and lines, how numbers are written."""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.palette import REFERENCE, WARNING
from dashboard.text.markdown import INVISIBLE
from dashboard.text.numbers import LARGEST, SMALLEST, SUPERSCRIPTS, TIMES, format_setting

ROWS: Final = alt.NamedData("rows")
LINE: Final = alt.NamedData("line")
KEPT: Final = 256
"""So many specifications each picture keeps that is drawn again and again with other rows."""

_OF_EVERY_OBJECT: Final = re.compile(
    "__.*__|constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|toLocaleString|toString|valueOf"
)

_APART: Final = 400
"""So many dots, or fewer, hardly cover each other in a picture."""

_FAINTEST: Final = 0.12

_ROOM_FOR_TITLES: Final = 330
"""A picture less wide, in pixels, has the names of columns beside its axis, not what people call them."""

DIGITS: Final = ",.6~r"
"""The format of numbers in tooltips: six digits that count, thousands apart, no power of ten."""


def layered(*layers: alt.Chart, **properties: Any) -> dict[str, Any]:
    """Specify a picture of `layers`, each drawn over those before it."""
    spec: dict[str, Any] = alt.layer(*layers).properties(**properties).to_dict()
    return spec


def with_data(spec: Mapping[str, Any], rows: pd.DataFrame, **more: pd.DataFrame) -> dict[str, Any]:
    """Put `rows` into a picture whose marks draw `ROWS`, and `more` tables into the places of their names."""
    return {**spec, "datasets": {**spec.get("datasets", {}), "rows": rows, **more}}


def named(channel: Callable[..., Any], field: str, names: Mapping[str, Any], **legend: Any) -> Any:
    """Give each name that the column `field` holds its colour, shape or dashes on a `channel`, with a legend."""
    scale = alt.Scale(domain=list(names), range=list(names.values()))
    return channel(f"{field}:N", scale=scale, legend=alt.Legend(title=None, **{"orient": "top", **legend}))


def named_line(at: alt.X | alt.Y, name: str, value: float, rule: Mapping[str, Any], text: Mapping[str, Any]) -> Any:
    """Draw a line across the picture at a `value` of the axis `at`, and its name where `text` says."""
    field = at.shorthand.removesuffix(":Q")
    base = alt.Chart(pd.DataFrame({field: [value], "name": [name]})).encode(at)
    line = base.mark_rule(**{"color": REFERENCE, **rule}).encode(tooltip=["name:N", number_hint(field)])
    return line, base.mark_text(**{"color": REFERENCE, **text}).encode(text="name:N")


def points(
    table: pd.DataFrame, target: str, usual: tuple[str, str], censored_at: float | None, size: int, opacity: float
) -> tuple[alt.Chart, pd.DataFrame]:
    """Draw the rows of `table` as points; return them with the kind of each row added to the table.

    They have this `size`, and this `opacity` where they are few. Targets at `censored_at` were cut off there by those
    who collected the data: shape and colour tell them from the others, which have the name and the colour `usual`.
    """
    name, colour = usual
    chart = alt.Chart(ROWS).mark_point(filled=True, color=colour, size=size, opacity=opacity_of(len(table), opacity))
    if censored_at is None:
        return chart, table
    cut = f"cut off at {format_setting(censored_at)}"
    shapes = named(alt.Shape, "kind", {name: "circle", cut: "triangle-up"})
    chart = chart.encode(named(alt.Color, "kind", {name: colour, cut: WARNING}), shapes)
    return chart, table.assign(kind=np.where(table[target] >= censored_at, cut, name))


def opacity_of(rows: int, most: float) -> float:
    """How opaque each of so many dots is: `most`, or less where they cover each other and would be one spot."""
    return max(_FAINTEST, round(most * min(1.0, math.sqrt(_APART / max(rows, 1))), 2))


def drawn_name(name: str) -> str:
    """A name as a chart can sort it: Vega confuses a value called `constructor` with what every object has."""
    return f"{INVISIBLE}{name}" if _OF_EVERY_OBJECT.fullmatch(name) else name


def title_labels(titles: Mapping[str, str]) -> Any:
    """Write what `titles` say for a name, where there is room, beside an axis whose labels are names of columns."""
    if not titles:
        return alt.Undefined
    known = json.dumps(dict(titles))
    return f"containerSize()[0] < {_ROOM_FOR_TITLES} ? datum.label : ({known}[datum.value] || datum.label)"


def number_hint(field: str, title: str | None = None) -> alt.Tooltip:
    """Show the number of a column when the pointer is on it."""
    return alt.Tooltip(f"{field}:Q", title=title or field, format=DIGITS)


def number_axis(**properties: Any) -> alt.Axis:
    """Make an axis that writes numbers as `format_number` does: `1,820`, `0.0321`, `10¹²`."""
    return alt.Axis(labelExpr=_LABEL, **properties)


def _power_of_ten() -> str:
    """The Vega expression that writes `datum.value` as `2 × 10⁻⁶`."""
    parts = "split(format(datum.value, '.3~e'), 'e')"
    power = f"replace({parts}[1], '+', '')"
    for sign, raised in SUPERSCRIPTS.items():
        power = f"replace({power}, regexp('{chr(sign)}', 'g'), '{chr(raised)}')"
    return f"replace({parts}[0] + '{TIMES}', regexp('^(−?)1{TIMES}'), '$1') + '10' + {power}"


_IN_DIGITS: Final = f"(datum.value == 0 || abs(datum.value) >= {SMALLEST} && abs(datum.value) < {LARGEST})"
_LABEL: Final = f"!datum.label ? '' : {_IN_DIGITS} ? format(datum.value, '{DIGITS}') : {_power_of_ten()}"
