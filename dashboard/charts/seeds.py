"""Many runs in one chart: how their errors spread over seeds, and how the loss depends on the learning rate."""

from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import ROWS, layered, named_line, number_axis, number_hint, with_data
from dashboard.charts.palette import NEGATIVE, REFERENCE, TEST, TRAINING, VALIDATION
from dashboard.text.numbers import format_number

SAME_ROWS: Final = "same training rows"
OTHER_ROWS: Final = "other training rows"
RECORDED: Final = "recorded run"
TUTORIAL: Final = "the tutorial's run"

_MARKS: Final[dict[str, tuple[str, list[int], dict[str, Any]]]] = {
    RECORDED: (VALIDATION, [1, 0], {"align": "left", "dx": 5, "y": 15}),
    TUTORIAL: (NEGATIVE, [6, 3], {"align": "right", "dx": -5, "y": 39}),
}
_LANES: Final = {SAME_ROWS: 1.0, OTHER_ROWS: 0.0}
_COLORS: Final = alt.Scale(domain=list(_LANES), range=[TRAINING, TEST])


def spread(same: pd.Series, other: pd.Series, marks: dict[str, float], title: str) -> dict[str, Any]:
    """Draw two groups of errors by seed as strips of dots, and a line for each of the named `marks`.

    A dot's place up or down in its strip is drawn at random; the band is one deviation about the mean.
    """
    generator = np.random.default_rng(0)
    tables = []
    for (group, lane), errors in zip(_LANES.items(), (same.dropna(), other.dropna()), strict=True):
        place = lane + generator.uniform(-0.28, 0.28, len(errors))
        tables.append(
            pd.DataFrame({"part": "run", "group": group, "error": errors, "place": place, "seed": errors.index})
        )
        mean, deviation = float(errors.mean()), float(errors.std(ddof=1))
        ends = {"low": mean - deviation, "high": mean + deviation, "bottom": lane - 0.34, "top": lane + 0.34}
        tables.append(pd.DataFrame({"part": ["band"], "group": group, "error": mean, **ends}))
    x = alt.X("error:Q", title=title, scale=alt.Scale(zero=False), axis=number_axis(grid=False, tickCount=6))
    low, high = alt.X("low:Q", title=title), alt.X2("high:Q")
    y = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[-0.45, 1.75], nice=False))
    color = alt.Color("group:N", scale=_COLORS, legend=None)
    band = alt.Chart(ROWS).transform_filter(alt.datum.part == "band")
    run = alt.Chart(ROWS).transform_filter(alt.datum.part == "run")
    tooltip = ["group:N", alt.Tooltip("seed:Q", format="d"), number_hint("error", title)]
    sides = alt.Y("bottom:Q", axis=None), alt.Y2("top:Q")
    layers = [
        band.mark_rect(opacity=0.2).encode(low, high, *sides, color),
        band.mark_rule(strokeWidth=3).encode(x, *sides, color),
        run.mark_circle(size=36, opacity=0.75).encode(x, y, color, tooltip=tooltip),
    ]
    for group, lane in _LANES.items():
        above = alt.Chart(pd.DataFrame({"place": [lane + 0.42], "name": [group]}))
        text = above.mark_text(align="left", color=REFERENCE, fontSize=12)
        layers.append(text.encode(y, x=alt.value(4), text="name:N"))
    for name, error in marks.items():
        colour, dash, side = _MARKS[name]
        text = {"color": colour, "fontWeight": "bold", "fontSize": 12, **side}
        layers += named_line(x, name, error, {"color": colour, "strokeDash": dash, "strokeWidth": 2}, text)
    return with_data(layered(*layers, height=260), pd.concat(tables, ignore_index=True))


def over_rates(
    table: pd.DataFrame,
    loss_title: str,
    span: tuple[float, float],
    limit: float | None,
    chosen: float,
    references: Mapping[str, float],
) -> dict[str, Any]:
    """Draw runs (learning_rate, loss), both axes logarithmic: a line where they are finite, triangles where not.

    A run that diverged, or ends above the `span` of the losses that are shown, is drawn at its upper end. `limit` is
    drawn where there is one, `chosen` is the recorded run's rate.
    """
    rates, loss = table["learning_rate"], table["loss"]
    beyond = ~(loss <= span[1])
    fate = np.where(loss.isna(), "diverged", np.where(beyond, "above the chart", "finite"))
    drawn = pd.DataFrame({"rate": rates, "loss": loss.where(~beyond, span[1]), "true": loss, "fate": fate})
    domain = (0.9 * float(rates.min()), 1.1 * float(rates.max()))
    x_scale = alt.Scale(type="log", domain=list(domain), nice=False)
    y_scale = alt.Scale(type="log", domain=list(span), nice=False)
    x = alt.X("rate:Q", title="learning rate", scale=x_scale, axis=number_axis(grid=False, tickCount=6))
    y = alt.Y("loss:Q", title=loss_title, scale=y_scale, axis=number_axis(tickCount=4, grid=False))
    hints: list[Any] = [number_hint("rate", "learning rate"), number_hint("true", loss_title), "fate:N"]
    finite = alt.Chart(ROWS).transform_filter(alt.datum.fate == "finite").encode(x, y)
    lost = alt.Chart(ROWS).transform_filter(alt.datum.fate != "finite").encode(x, y, tooltip=hints)
    layers: list[alt.Chart] = []
    place = {"x": 0, "align": "left", "dx": 6} if limit is None else {"x": "width", "align": "right", "dx": -6}
    for name, level in references.items():  # beyond a limit there is no curve
        layers += named_line(y, name, level, {"strokeDash": [2, 3]}, {**place, "dy": -7})
    lines = [("recorded", chosen, VALIDATION, [1, 0])]
    if limit is not None:
        lines.append((f"limit {format_number(limit)}", limit, NEGATIVE, [6, 3]))
    label = {"y": 6, "align": "right", "dx": -6, "baseline": "top", "fontWeight": "bold", "fontSize": 12}
    for name, rate, color, dash in lines:
        if domain[0] <= rate <= domain[1]:
            rule = {"color": color, "strokeDash": dash, "strokeWidth": 2}
            layers += named_line(x, name, rate, rule, {"color": color, **label})
    layers += [
        finite.mark_line(color=TRAINING, strokeWidth=2),
        finite.mark_circle(color=TRAINING, size=36, opacity=1).encode(tooltip=hints),
        lost.mark_point(shape="triangle-up", color=NEGATIVE, filled=True, size=60, opacity=1),
    ]
    return with_data(layered(*layers, height=340), drawn)
