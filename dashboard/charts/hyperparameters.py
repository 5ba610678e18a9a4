"""A setting against a metric, one point a run."""

from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.data import ROWS, layered, number_axis, number_hint, with_data
from dashboard.charts.palette import TRAINING


def setting_against_metric(table: pd.DataFrame, setting: str, metric: str, logarithmic: bool) -> dict[str, Any]:
    """Draw `table` (run, setting, metric); a setting that is not a number gets a place for each of its values."""
    x, hint = alt.X("setting:N", title=setting, axis=alt.Axis(labelAngle=0)), alt.Tooltip("setting:N", title=setting)
    if pd.api.types.is_numeric_dtype(table["setting"]) and not pd.api.types.is_bool_dtype(table["setting"]):
        scale = alt.Scale(type="log") if logarithmic else alt.Scale(zero=False)
        x, hint = alt.X("setting:Q", title=setting, scale=scale, axis=number_axis()), number_hint("setting", setting)
    low, high = table["metric"].min(), table["metric"].max()
    height = alt.Scale(type="log") if high > 1000 * low > 0 else alt.Scale(zero=False)
    points = alt.Chart(ROWS).mark_point(filled=True, size=90, color=TRAINING, opacity=0.85)
    points = points.encode(
        x,
        alt.Y("metric:Q", title=metric, scale=height, axis=number_axis()),
        tooltip=["run:N", hint, number_hint("metric", metric)],
    )
    return with_data(layered(points, height=300), table)
