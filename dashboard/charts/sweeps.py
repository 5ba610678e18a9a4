"""The runs of a sweep: an error against one setting, or against two."""

from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import ROWS, layered, named, number_axis, number_hint, with_data
from dashboard.charts.palette import TRAINING, WARNING
from pipeline.arrays import sample_of

ENDED: Final = {"completed": ("circle", TRAINING), "diverged": ("triangle-up", WARNING)}

_FAR: Final = 20
"""Errors of which the largest is so many times the smallest are drawn on a logarithmic scale."""

MAX_BANDS: Final = 1_000
"""The most values of a setting of which each has its median drawn."""

_BANDS: Final = alt.NamedData("bands")


def against_setting(table: pd.DataFrame, setting: str, error: str, logarithmic: bool) -> dict[str, Any]:
    """Draw runs (setting, error, diverged, run): points, and for each value the median and the middle half of them.

    `run` says in words what a run was made with. Those that diverged are triangles at the upper edge, and count neither
    for the median nor for the scale. Of very many runs a sample is drawn as points.
    """
    kept = table.loc[~table["diverged"]]
    low, high = (float(kept["error"].min()), float(kept["error"].max())) if len(kept) else (1.0, 2.0)
    far = high > _FAR * low > 0
    edge = high * (high / low) ** 0.08 if far else high + 0.08 * ((high - low) or abs(high) or 1.0)
    is_number = pd.api.types.is_numeric_dtype(table["setting"]) and not pd.api.types.is_bool_dtype(table["setting"])
    if is_number:
        across = alt.Scale(zero=False, nice=False, padding=12)
        if logarithmic and table["setting"].min() > 0:
            across = alt.Scale(type="log", nice=False, padding=12)
        step = 1 if pd.api.types.is_integer_dtype(table["setting"]) else alt.Undefined
        x: alt.X = alt.X("setting:Q", title=setting, scale=across, axis=number_axis(grid=False, tickMinStep=step))
        hint = number_hint("setting", setting)
    else:
        x = alt.X("setting:N", title=setting, axis=alt.Axis(labelAngle=0))
        hint = alt.Tooltip("setting:N", title=setting)
    height = alt.Scale(type="log") if far else alt.Scale(zero=False)
    y: dict[str, Any] = {"title": error, "scale": height, "axis": number_axis()}
    points = alt.Chart(ROWS).mark_point(filled=True, size=36, opacity=0.45)
    points = points.encode(
        x,
        alt.Y("shown:Q", **y),
        named(alt.Color, "end", {name: colour for name, (_, colour) in ENDED.items()}),
        named(alt.Shape, "end", {name: shape for name, (shape, _) in ENDED.items()}),
        tooltip=["run:N", number_hint("error", error), "end:N"],
    )
    base = alt.Chart(_BANDS).encode(x)
    band = base.mark_area(opacity=0.2, color=TRAINING) if is_number else base.mark_bar(opacity=0.2, color=TRAINING)
    line = base.mark_line(strokeWidth=2, color=TRAINING) if is_number else base.mark_tick(thickness=3, color=TRAINING)
    layers = [
        band.encode(alt.Y("low:Q", **y), alt.Y2("high:Q")),
        points,
        line.encode(alt.Y("median:Q", **y), tooltip=[hint, number_hint("median"), number_hint("runs")]),
    ]
    some = table.iloc[sample_of(len(table))]
    drawn = some.assign(
        shown=some["error"].where(~some["diverged"], edge), end=np.where(some["diverged"], "diverged", "completed")
    )
    bands = _bands(kept if table["setting"].nunique() <= MAX_BANDS else kept.head(0))
    return with_data(layered(*layers, height=300), drawn.drop(columns="diverged"), bands=bands)


def against_two(table: pd.DataFrame, across: str, up: str, error: str) -> dict[str, Any]:
    """Draw the median error of pairs of values (across, up, error) as coloured fields; the lowest is framed.

    A pair whose error is missing has no field.
    """
    drawn = table.dropna(subset="error")
    fields = alt.Chart(ROWS).encode(
        alt.X("across:O", title=across, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        alt.Y("up:O", title=up, sort="descending"),
    )
    scale = alt.Scale(type="log", scheme="viridis", reverse=True)
    colour = alt.Color("error:Q", scale=scale, legend=alt.Legend(title=None, gradientLength=220))
    hints = [alt.Tooltip("across:N", title=across), alt.Tooltip("up:N", title=up), number_hint("error", error)]
    best = fields.transform_filter(alt.datum.best).mark_rect(fill=None, stroke=WARNING, strokeWidth=3)
    picture = layered(fields.mark_rect().encode(colour, tooltip=hints), best, height=300)
    return with_data(picture, drawn.assign(best=drawn["error"] == drawn["error"].min()))


def _bands(table: pd.DataFrame) -> pd.DataFrame:
    """For each value of the setting: how many runs, the median of their errors, and the quarters beside it."""
    groups = table.groupby("setting", sort=True)["error"]
    low, median, high = (groups.quantile(share) for share in (0.25, 0.5, 0.75))
    return pd.DataFrame({"low": low, "median": median, "high": high, "runs": groups.size()}).reset_index()
