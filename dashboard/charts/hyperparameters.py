"""A setting against a metric, one point a run."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import ROWS, layered, named, number_axis, number_hint, with_data
from dashboard.charts.palette import TRAINING, WARNING
from pipeline.record.metrics import Better
from pipeline.tables.kinds import kind_of


def setting_against_metric(
    table: pd.DataFrame, setting: str, metric: str, better: Better, logarithmic: bool
) -> dict[str, Any]:
    """Draw `table` (run, setting, metric, diverged); a setting that is not a number has a place for each value.

    Its axis is not `logarithmic` where it is zero in a run. Diverged runs are triangles on the worse edge and do not
    stretch the axis; the tooltip has their metric.
    """
    x, hint = alt.X("setting:N", title=setting, axis=alt.Axis(labelAngle=0)), alt.Tooltip("setting:N", title=setting)
    if kind_of(table["setting"]) == "number":
        scale = alt.Scale(type="log") if logarithmic and table["setting"].min() > 0 else alt.Scale(zero=False)
        x, hint = alt.X("setting:Q", title=setting, scale=scale, axis=number_axis()), number_hint("setting", setting)
    kept = table["metric"][~table["diverged"]]
    low, high = (kept.min(), kept.max()) if len(kept) else (1.0, 2.0)
    far = high > 1000 * low > 0
    height = alt.Scale(type="log") if far else alt.Scale(zero=False)
    points = alt.Chart(ROWS).mark_point(filled=True, size=90, opacity=0.85)
    points = points.encode(
        x,
        alt.Y("shown:Q", title=metric, scale=height, axis=number_axis()),
        named(alt.Color, "end", {"completed": TRAINING, "diverged": WARNING}),
        named(alt.Shape, "end", {"completed": "circle", "diverged": "triangle-up"}),
        tooltip=["run:N", hint, number_hint("metric", metric), "end:N"],
    )
    return with_data(
        layered(points, height=300),
        table.assign(
            shown=table["metric"].where(~table["diverged"], _edge(low, high, better == "higher", far)),
            end=np.where(table["diverged"], "diverged", "completed"),
        ),
    )


def _edge(low: float, high: float, below: bool, logarithmic: bool) -> float:
    """Go a tenth of the picture beyond what it shows, upwards or `below`."""
    if logarithmic:
        factor = float((high / low) ** 0.1)
        return low / factor if below else high * factor
    room = 0.1 * ((high - low) or abs(high) or 1.0)
    return low - room if below else high + room
