"""With which loss runs end at each learning rate: nine of ten within a band, and where they diverge."""

from typing import Any, Final

import altair as alt
import pandas as pd

from dashboard.charts.data import ROWS, colours, layered, number_axis, number_hint, with_data
from dashboard.charts.palette import NEGATIVE, PERHAPS_NEGATIVE, REFERENCE, TEST, TRAINING, VALIDATION
from dashboard.text.numbers import format_number, format_setting

VERDICTS: Final = {
    "slow": TRAINING,
    "good": TEST,
    "noisy": VALIDATION,
    "may diverge": PERHAPS_NEGATIVE,
    "diverges": NEGATIVE,
}

ENDS: Final = {"low": "5%", "median": "half", "high": "95%"}
"""The columns of a forecast's losses, and the share of the runs that end below each."""


def over_rates(
    forecasts: pd.DataFrame, rate: float, limit: float, domain: tuple[float, float], loss: str
) -> dict[str, Any]:
    """Draw `forecasts` (begin, end, verdict, rate, low, median, high) over the learning rate, both axes logarithmic.

    The tooltip has the `ENDS` as written in the columns `low in words`, `median in words` and `high in words`.
    The chosen `rate` and the `limit` on all rows are marked; `domain` are the ends of the axis of the `loss`.
    """
    low, high = float(forecasts["begin"].min()), float(forecasts["end"].max())
    x = alt.Scale(type="log", domain=[low, high], nice=False)
    y = alt.Scale(type="log", domain=list(domain), nice=False, clamp=True)
    along = alt.X("rate:Q", scale=x)
    zones = (
        alt.Chart(ROWS)
        .mark_rect(opacity=0.22)
        .encode(
            alt.X("begin:Q", scale=x, title="learning rate", axis=number_axis(tickCount=6, grid=False)),
            alt.X2("end:Q"),
            colours("verdict", VERDICTS, orient="bottom", columns=alt.ExprRef("width < 400 ? 3 : 5")),
            tooltip=[
                "verdict:N",
                number_hint("rate", "learning rate"),
                *(
                    alt.Tooltip(f"{name} in words:N", title=f"{share} of the runs end below about")
                    for name, share in ENDS.items()
                ),
            ],
        )
    )
    band = (
        alt.Chart(ROWS)
        .mark_area(opacity=0.35, color=TRAINING, clip=True)
        .encode(along, alt.Y("low:Q", scale=y, title=loss, axis=number_axis(tickCount=4, grid=False)), alt.Y2("high:Q"))
    )
    median = alt.Chart(ROWS).mark_line(color=TRAINING, clip=True).encode(along, alt.Y("median:Q", scale=y))
    marks = alt.Chart(
        pd.DataFrame(
            {
                "rate": [rate, limit],
                "name": [format_setting(rate), f"limit {format_number(limit)}"],
                "dash": ["chosen", "limit"],
            }
        )
    )
    rules = marks.mark_rule(color=REFERENCE, strokeWidth=2, clip=True).encode(
        along,
        strokeDash=alt.StrokeDash(
            "dash:N", scale=alt.Scale(domain=["chosen", "limit"], range=[[1, 0], [4, 3]]), legend=None
        ),
    )
    names = marks.mark_text(dy=-8, baseline="bottom", fontWeight="bold", color=REFERENCE).encode(
        along, y=alt.value(0), text="name:N"
    )
    picture = layered(
        zones, band, median, rules, names, height=270, padding={"top": 24, "bottom": 6, "left": 5, "right": 5}
    )
    return with_data(picture, forecasts)
