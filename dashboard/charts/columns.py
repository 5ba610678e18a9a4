"""The columns of a table: how each is distributed, how it goes with the target, how they go together."""

from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.charts.data import (
    LINE,
    ROWS,
    drawn_name,
    layered,
    named,
    named_line,
    number_axis,
    number_hint,
    points,
    with_data,
)
from dashboard.charts.palette import NEGATIVE, POSITIVE, REFERENCE, TRAINING
from dashboard.text.numbers import format_number
from pipeline.arrays import Floats
from pipeline.network.linear import Optimum
from pipeline.tables.kinds import kind_of, numbers

HEIGHT: Final = 260
SCATTER_HEIGHT: Final = 420
MAX_IN_MATRIX: Final = 20
_NUMBERS_UP_TO: Final = 14
_PARTS: Final = 12
_SIGNS: Final = {"rise together": POSITIVE, "one rises as the other falls": NEGATIVE}


def edges(values: Floats) -> Floats:
    """Cut the range of values (rows,) into bins: one for each value where whole numbers are few, else 30."""
    low, high = float(values.min()), float(values.max())
    if np.all(values == np.round(values)) and high - low <= 30:
        return np.arange(low - 0.5, high + 1)
    return np.linspace(low, high, 31) if low < high else np.array([low - 0.5, high + 0.5])


def small_histogram(column: "pd.Series[Any]") -> list[int]:
    """Count the cells of a raw column (rows,) in twelve parts of its range; of texts and of yes and no, the most usual.

    A gap is not counted.
    """
    if kind_of(column) in ("text", "yes_no"):
        return [int(count) for count in column.value_counts().head(_PARTS)]
    cells = numbers(column)
    return [int(count) for count in np.histogram(cells[np.isfinite(cells)], _PARTS)[0]]


def distribution(
    values: Floats,
    bins: Floats,
    title: str,
    colour: str = TRAINING,
    highest: int | None = None,
    mean: float | None = None,
) -> dict[str, Any]:
    """Draw how many values (rows,) lie in each of `bins` (bins + 1,), with a mean, or else theirs, as a labelled line.

    `highest` fixes the vertical axis, so that charts beside each other can be compared.
    """
    counts, _ = np.histogram(values, bins)
    across = alt.Scale(domain=[bins[0], bins[-1]], nice=False)
    up = alt.Scale(domain=[0, 1.12 * (highest or max(1, int(counts.max())))], nice=False)
    bars = (
        alt.Chart(ROWS)
        .mark_bar(color=colour, binSpacing=1)
        .encode(
            alt.X("begin:Q", bin="binned", title=title, scale=across, axis=number_axis(tickCount=6, grid=False)),
            alt.X2("end:Q"),
            alt.Y("rows:Q", title="rows", scale=up, axis=alt.Axis(tickCount=5, tickMinStep=1)),
            tooltip=[number_hint("begin", "from"), number_hint("end", "to"), "rows:Q"],
        )
    )
    mean = float(values.mean()) if mean is None else mean
    side = {"align": "right", "dx": -5} if mean > (bins[0] + bins[-1]) / 2 else {"align": "left", "dx": 5}
    dashes = {"strokeDash": [4, 3], "strokeWidth": 2}
    line = named_line(alt.X("mean:Q"), f"mean {format_number(mean)}", mean, dashes, {"y": 0, "baseline": "top", **side})
    table = pd.DataFrame({"begin": bins[:-1], "end": bins[1:], "rows": counts})
    return with_data(layered(bars, *line, height=HEIGHT), table)


def against_target(
    table: pd.DataFrame, drawn: NDArray[np.int64], titles: tuple[str, str], censored_at: float | None
) -> dict[str, Any]:
    """Draw the rows `drawn` of `table` (row, feature, target) as points, and the straight line that fits all rows best.

    Targets at `censored_at` were cut off there.
    """
    low, high = float(table["target"].min()), float(table["target"].max())
    seen = alt.Scale(domain=[low - 0.04 * (high - low), high + 0.04 * (high - low)], nice=False)
    dots, some = points(table.iloc[drawn], "target", ("in the range", TRAINING), censored_at, 32, 0.6)
    dots = dots.encode(
        alt.X("feature:Q", title=titles[0], scale=alt.Scale(zero=False), axis=number_axis(tickCount=7)),
        alt.Y("target:Q", title=titles[1], scale=seen, axis=number_axis(tickCount=6)),
        tooltip=["row:Q", number_hint("feature", titles[0]), number_hint("target", titles[1])],
    )
    best = Optimum.of(table[["feature"]].to_numpy(), table["target"].to_numpy())
    ends = np.array([table["feature"].min(), table["feature"].max()])
    fitted = pd.DataFrame({"feature": ends, "target": best.predict(ends[:, np.newaxis])})
    line = alt.Chart(LINE).mark_line(color=REFERENCE, strokeWidth=2.5, clip=True).encode(x="feature:Q", y="target:Q")
    return with_data(layered(dots, line, height=SCATTER_HEIGHT), some, line=fitted)


def strongest(correlations: pd.DataFrame, target: str) -> "pd.Series[float]":
    """The correlation of each other column with the target, the strongest first, those that never vary last."""
    found = correlations[target].drop(target)
    return found[found.abs().sort_values(ascending=False, na_position="last", kind="stable").index]


def correlation_matrix(correlations: pd.DataFrame, titles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Draw the correlation of each two columns of a table, with numbers where there is room for them.

    The axes, which have little room, have the names of the columns, the tooltip those of `titles`, where they are.
    Colours fade into the page where there is none, so the numbers have the colour of the page's text.
    """
    names = [drawn_name(name) for name in correlations.columns]
    titles = titles or {}
    full = [titles.get(name, name) for name in names]
    cells = pd.DataFrame(
        {
            "row": np.repeat(names, len(names)),
            "column": np.tile(names, len(names)),
            "row title": np.repeat(full, len(names)),
            "column title": np.tile(full, len(names)),
            "r": correlations.to_numpy().ravel(),
        }
    ).dropna()
    cells["sign"] = np.where(cells["r"] < 0, *list(_SIGNS)[::-1])
    hints = [alt.Tooltip(f"{side} title:N", title=side) for side in ("row", "column")]
    base = alt.Chart(ROWS).encode(
        alt.X("column:N", sort=names, title=None, axis=alt.Axis(orient="top", labelAngle=-90, labelLimit=90)),
        alt.Y("row:N", sort=names, title=None, axis=alt.Axis(labelLimit=90, labelOverlap=False)),
        tooltip=[*hints, alt.Tooltip("r:Q", title="correlation", format="+.3f")],
    )
    colour = named(alt.Color, "sign", _SIGNS, orient="bottom", labelLimit=0)
    strength = alt.Opacity("size:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None)
    layers = [base.transform_calculate(size="abs(datum.r)").mark_rect().encode(colour, strength)]
    if len(names) <= _NUMBERS_UP_TO:
        size = alt.ExprRef(f"width / {len(names)} < 30 ? 0 : 11")
        layers.append(base.mark_text(fontSize=size, color="currentColor").encode(alt.Text("r:Q", format=".2f")))
    return with_data(layered(*layers, height=max(200, 27 * len(names) + 90)), cells)
