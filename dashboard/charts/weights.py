"""The weights of a linear model, the largest first."""

import altair as alt
import pandas as pd

from dashboard.charts.palette import NEGATIVE, POSITIVE, REFERENCE


def weights_by_magnitude(table: pd.DataFrame, title: str, optimum: str | None = "least squares") -> alt.LayerChart:
    """Draw `table` (feature, weight, optimum) as bars with signs, and a tick where the optimum has the weight."""
    order = list(table.reindex(table["weight"].abs().sort_values(ascending=False).index)["feature"])
    y = alt.Y("feature:N", sort=order, title=None, axis=alt.Axis(labelLimit=140))
    sign = alt.Color(
        "sign:N",
        scale=alt.Scale(domain=["raises it", "lowers it"], range=[POSITIVE, NEGATIVE]),
        legend=alt.Legend(title=None, orient="top"),
    )
    marked = table.assign(sign=(table["weight"] >= 0).map({True: "raises it", False: "lowers it"}))
    tooltip = ["feature:N", alt.Tooltip("weight:Q", format="+.4f")]
    layers = [
        alt.Chart(marked)
        .mark_bar(height={"band": 0.65})
        .encode(alt.X("weight:Q", title=title), y, sign, tooltip=tooltip)
    ]
    if optimum is not None:
        tick = alt.Chart(table.assign(name=optimum)).mark_tick(thickness=2, color=REFERENCE, height={"band": 0.9})
        layers.append(
            tick.encode(alt.X("optimum:Q"), y, tooltip=["feature:N", alt.Tooltip("optimum:Q", format="+.4f")])
        )
    return alt.layer(*layers).properties(height=alt.Step(24))
