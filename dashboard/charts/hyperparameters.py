"""A knob against a metric, one point a run."""

import altair as alt
import pandas as pd

from dashboard.charts.palette import TRAINING


def knob_against_metric(table: pd.DataFrame, knob: str, metric: str, logarithmic: bool) -> alt.Chart:
    """Draw `table` (run, knob, metric); a knob that is not a number gets a place for each of its values."""
    numeric = pd.api.types.is_numeric_dtype(table["knob"]) and not pd.api.types.is_bool_dtype(table["knob"])
    scale = alt.Scale(type="log") if logarithmic and numeric else alt.Scale(zero=False)
    x = alt.X("knob:N", title=knob, axis=alt.Axis(labelAngle=0))
    if numeric:
        x = alt.X("knob:Q", title=knob, scale=scale, axis=alt.Axis(format="~g"))
    wide = table["metric"].max() > 1000 * max(table["metric"].min(), 1e-300)
    height = alt.Scale(type="log") if wide and table["metric"].min() > 0 else alt.Scale(zero=False)
    points = alt.Chart(table).mark_point(filled=True, size=90, color=TRAINING, opacity=0.85)
    chart: alt.Chart = points.encode(
        x,
        alt.Y("metric:Q", title=metric, scale=height, axis=alt.Axis(format="~g")),
        tooltip=["run:N", alt.Tooltip("knob", title=knob), alt.Tooltip("metric:Q", title=metric, format=".6g")],
    ).properties(height=300)
    return chart
