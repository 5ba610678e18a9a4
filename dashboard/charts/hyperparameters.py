"""A setting against a metric, one point a run."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.data import DIGITS, KEPT, ROWS, number_axis, with_data
from dashboard.charts.palette import TRAINING


def setting_against_metric(table: pd.DataFrame, setting: str, metric: str, logarithmic: bool) -> dict[str, Any]:
    """Draw `table` (run, setting, metric); a setting that is not a number gets a place for each of its values."""
    numeric = pd.api.types.is_numeric_dtype(table["setting"]) and not pd.api.types.is_bool_dtype(table["setting"])
    wide = table["metric"].max() > 1000 * max(table["metric"].min(), 1e-300) and table["metric"].min() > 0
    return with_data(_setting_against_metric(setting, metric, bool(numeric), logarithmic, bool(wide)), table)


@lru_cache(KEPT)
def _setting_against_metric(setting: str, metric: str, numeric: bool, logarithmic: bool, wide: bool) -> dict[str, Any]:
    kind, x = "N", alt.X("setting:N", title=setting, axis=alt.Axis(labelAngle=0))
    if numeric:
        scale = alt.Scale(type="log") if logarithmic else alt.Scale(zero=False)
        kind, x = "Q", alt.X("setting:Q", title=setting, scale=scale, axis=number_axis())
    height = alt.Scale(type="log") if wide else alt.Scale(zero=False)
    points = alt.Chart(ROWS).mark_point(filled=True, size=90, color=TRAINING, opacity=0.85)
    chart = points.encode(
        x,
        alt.Y("metric:Q", title=metric, scale=height, axis=number_axis()),
        tooltip=[
            "run:N",
            alt.Tooltip(f"setting:{kind}", title=setting, format=DIGITS if numeric else alt.Undefined),
            alt.Tooltip("metric:Q", title=metric, format=DIGITS),
        ],
    )
    spec: dict[str, Any] = chart.properties(height=300).to_dict()
    return spec
