"""A prediction as a waterfall: from the mean row's, feature by feature, to this one."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import ROWS, drawn_name, layered, named, number_axis, with_data
from dashboard.charts.palette import DIRECTIONS, REFERENCE

ROW: Final = 38
MAX_BARS: Final = 14
_FIRST: Final = alt.NamedData("first")


def falls(labels: Sequence[str], parts: Sequence[float], start: float, ends: tuple[str, str]) -> pd.DataFrame:
    """Lay the parts end to end: a row per bar (label, begin, end, part, kind), the two predictions around them.

    `ends` name the two predictions. A label may have two lines. Of more than `MAX_BARS` parts the smallest become one.
    """
    kept = list(range(len(parts)))
    if len(parts) > MAX_BARS:
        kept = sorted(sorted(kept, key=lambda index: -abs(parts[index]))[: MAX_BARS - 1])
    names, sizes = [drawn_name(labels[index]) for index in kept], [float(parts[index]) for index in kept]
    if len(kept) < len(parts):
        names.append(f"{len(parts) - len(kept)} other features")
        sizes.append(float(sum(parts)) - sum(sizes))
    levels = start + np.cumsum([0.0, *sizes])
    return pd.DataFrame(
        {
            "label": [ends[0], *names, ends[1]],
            "begin": [0.0, *levels[:-1], 0.0],
            "end": [start, *levels[1:], levels[-1]],
            "part": [start, *sizes, levels[-1]],
            "kind": ["prediction", *(list(DIRECTIONS)[size < 0] for size in sizes), "prediction"],
        }
    )


def waterfall(
    table: pd.DataFrame, title: str, domain: tuple[float, float], in_words: Callable[[float, bool], str]
) -> dict[str, Any]:
    """Draw what `falls` gives; `domain` is what the horizontal axis shows at least.

    The two predictions are lines, the parts bars with their amounts in words: `in_words(amount, is_change)`.
    """
    low = min(domain[0], float(table["end"].min()))
    high = max(domain[1], float(table["end"].max()))
    high += 0.14 * (high - low)  # for the amount beside the bar that reaches furthest
    is_end = table["kind"] == "prediction"
    words = [in_words(part, not end) for part, end in zip(table["part"], is_end, strict=True)]
    table = table.assign(words=words, right=np.where(is_end, table["end"], table[["begin", "end"]].max(axis=1)))
    beside = {
        "condition": {"test": "indexof(datum.label, '\\n') < 0", "value": 0},
        "value": -6,
    }  # of two lines, between
    lines = "split(datum.label, '\\n')"
    axis = alt.Axis(labelLimit=180, labelOverlap=False, labelExpr=lines, labelOffset=beside)
    y = alt.Y("label:N", sort=list(table["label"]), title=None, axis=axis)
    scale = alt.Scale(domain=[low, high], nice=True, zero=False)
    x = alt.X("begin:Q", title=title, scale=scale, axis=number_axis(tickCount=6))
    hint = [alt.Tooltip("label:N", title="feature"), alt.Tooltip("words:N", title="part")]
    base = alt.Chart(ROWS)
    bars = base.transform_filter("datum.kind != 'prediction'").mark_bar(height={"band": 0.62})
    ends = base.transform_filter("datum.kind == 'prediction'").mark_tick(
        thickness=3, color=REFERENCE, height={"band": 0.8}
    )
    spec = layered(
        alt.Chart(_FIRST).mark_rule(color=REFERENCE, strokeDash=[2, 3]).encode(alt.X("end:Q")),
        bars.encode(x, y, alt.X2("end:Q"), named(alt.Color, "kind", DIRECTIONS), tooltip=hint),
        ends.encode(alt.X("end:Q"), y, tooltip=hint),
        base.mark_text(align="left", dx=6, color=REFERENCE).encode(alt.X("right:Q"), y, text="words:N"),
        height=ROW * len(table) + 110,
    )
    return with_data(spec, table, first=table.iloc[[0]])
