"""The learning rate on a line of what it would do: slow, good, noisy, diverges."""

from functools import lru_cache
from typing import Any, Final

import altair as alt
import pandas as pd

from dashboard.charts.data import DIGITS, KEPT, ROWS, number_axis, with_data
from dashboard.charts.palette import NEGATIVE, REFERENCE, TEST, TRAINING, VALIDATION

_AROUND: Final = {"top": 22, "bottom": 6, "left": 5, "right": 5}

ZONES: Final = {"slow": TRAINING, "good": TEST, "noisy": VALIDATION, "diverges": NEGATIVE}


def learning_rates(zones: pd.DataFrame, rate: float, limit: float) -> dict[str, Any]:
    """Draw `zones` (begin, end, verdict) on a logarithmic line, the chosen rate as a marker, the limit as a line."""
    domain = float(zones["begin"].min()), float(zones["end"].max())
    return with_data(_learning_rates(domain, rate, limit), zones)


@lru_cache(KEPT)
def _learning_rates(domain: tuple[float, float], rate: float, limit: float) -> dict[str, Any]:
    low, high = domain
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    bands = (
        alt.Chart(ROWS)
        .mark_bar(height=18, opacity=0.85)
        .encode(
            alt.X("begin:Q", scale=scale, title="learning rate", axis=number_axis(tickCount=6, grid=False)),
            alt.X2("end:Q"),
            alt.Color(
                "verdict:N",
                scale=alt.Scale(domain=list(ZONES), range=list(ZONES.values())),
                legend=alt.Legend(title=None, orient="bottom"),
            ),
            tooltip=["verdict:N", alt.Tooltip("begin:Q", format=DIGITS), alt.Tooltip("end:Q", format=DIGITS)],
        )
    )
    at = alt.Chart(pd.DataFrame({"rate": [min(max(rate, low), high)], "name": [f"{rate:g}"]}))
    marker = at.mark_point(shape="triangle-down", size=150, filled=True, yOffset=-15, color=REFERENCE, opacity=1)
    name = at.mark_text(dy=-26, fontWeight="bold", color=REFERENCE).encode(alt.X("rate:Q", scale=scale), text="name:N")
    edge = alt.Chart(pd.DataFrame({"limit": [limit], "name": [f"limit {limit:.3g}"]}))
    layers = [bands, marker.encode(alt.X("rate:Q", scale=scale)), name]
    if low < limit < high:
        line = edge.mark_rule(color=REFERENCE, strokeWidth=2, strokeDash=[3, 2]).encode(alt.X("limit:Q", scale=scale))
        layers.append(line)
    picture = alt.LayerChart(layer=layers).properties(height=165, padding=_AROUND)
    spec: dict[str, Any] = picture.to_dict()
    return spec
