"""The learning rate on a line of what it would do: slow, good, noisy, diverges."""

from typing import Any, Final

import altair as alt
import pandas as pd

from dashboard.charts.data import ROWS, colours, layered, number_axis, number_hint, with_data
from dashboard.charts.palette import NEGATIVE, REFERENCE, TEST, TRAINING, VALIDATION

ZONES: Final = {"slow": TRAINING, "good": TEST, "noisy": VALIDATION, "diverges": NEGATIVE}


def learning_rates(zones: pd.DataFrame, rate: float, limit: float) -> dict[str, Any]:
    """Draw `zones` (begin, end, verdict) on a logarithmic line, the chosen rate as a marker, the limit as a line."""
    low, high = float(zones["begin"].min()), float(zones["end"].max())
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    bands = (
        alt.Chart(ROWS)
        .mark_bar(height=18, opacity=0.85)
        .encode(
            alt.X("begin:Q", scale=scale, title="learning rate", axis=number_axis(tickCount=6, grid=False)),
            alt.X2("end:Q"),
            colours("verdict", ZONES, orient="bottom"),
            tooltip=["verdict:N", number_hint("begin"), number_hint("end")],
        )
    )
    marked = pd.DataFrame({"rate": [min(max(rate, low), high)], "name": [f"{rate:g}"], "limit": [limit]})
    at = alt.Chart(marked).encode(alt.X("rate:Q", scale=scale))
    layers = [
        bands,
        at.mark_point(shape="triangle-down", size=150, filled=True, yOffset=-15, color=REFERENCE, opacity=1),
        at.mark_text(dy=-26, fontWeight="bold", color=REFERENCE).encode(text="name:N"),
    ]
    if low < limit < high:
        line = alt.Chart(marked).mark_rule(color=REFERENCE, strokeWidth=2, strokeDash=[3, 2])
        layers.append(line.encode(alt.X("limit:Q", scale=scale)))
    around = {"top": 22, "bottom": 6, "left": 5, "right": 5}
    return with_data(layered(*layers, height=165, padding=around), zones)
