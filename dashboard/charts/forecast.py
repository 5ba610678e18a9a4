"""With which loss runs end at each learning rate: nine of ten within a band, and where they diverge."""

from typing import Any, Final

import altair as alt
import pandas as pd

from dashboard.charts.data import ROWS, layered, named, named_line, number_axis, number_hint, with_data
from dashboard.charts.palette import NEGATIVE, PERHAPS_NEGATIVE, TEST, TRAINING, VALIDATION
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
    across = alt.Scale(type="log", domain=[low, high], nice=False)
    up = alt.Scale(type="log", domain=list(domain), nice=False, clamp=True)
    begin = alt.X("begin:Q", scale=across, title="learning rate", axis=number_axis(tickCount=6, grid=False))
    along = alt.X("rate:Q", scale=across)
    least = alt.Y("low:Q", scale=up, title=loss, axis=number_axis(tickCount=4, grid=False))
    verdicts = named(alt.Color, "verdict", VERDICTS, orient="bottom", columns=alt.ExprRef("width < 400 ? 3 : 5"))
    hints = ["verdict:N", number_hint("rate", "learning rate")]
    for name, share in ENDS.items():
        hints.append(alt.Tooltip(f"{name} in words:N", title=f"{share} of the runs end below about"))
    base = alt.Chart(ROWS)
    layers = [
        base.mark_rect(opacity=0.22).encode(begin, alt.X2("end:Q"), verdicts, tooltip=hints),
        base.mark_area(opacity=0.35, color=TRAINING, clip=True).encode(along, least, alt.Y2("high:Q")),
        base.mark_line(color=TRAINING, clip=True).encode(along, alt.Y("median:Q", scale=up)),
    ]
    text = {"y": 0, "dy": -8, "baseline": "bottom", "fontWeight": "bold"}
    for name, at, dash in ((format_setting(rate), rate, [1, 0]), (f"limit {format_number(limit)}", limit, [4, 3])):
        layers += named_line(along, name, at, {"strokeDash": dash, "strokeWidth": 2, "clip": True}, text)
    padding = {"top": 24, "bottom": 6, "left": 5, "right": 5}
    return with_data(layered(*layers, height=270, padding=padding), forecasts)
