"""The gradient of a batch beside that of all rows, and how far batches of every size stray from it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import ROWS, drawn_name, layered, number_axis, number_hint, title_labels, with_data
from dashboard.charts.palette import REFERENCE, TRAINING, VALIDATION
from pipeline.arrays import Floats

_JITTER: Final = 0.16


def by_weight(
    names: Sequence[str], batch: Floats, everything: Floats, titles: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Draw the gradient of the batch (weights,) as bars, with a tick where all rows have it.

    The weights keep their order, so that nothing jumps from step to step. `titles` are what people call some of them.
    """
    titles, order = titles or {}, [drawn_name(name) for name in names]
    y = alt.Y("weight:N", sort=order, title=None, axis=alt.Axis(labelLimit=180, labelExpr=title_labels(titles)))
    base = alt.Chart(ROWS).encode(
        y,
        tooltip=[
            alt.Tooltip("title:N", title="weight"),
            number_hint("batch", "this batch"),
            number_hint("all", "all rows"),
        ],
    )
    title = "gradient: change of the loss per unit of the weight"
    picture = layered(
        base.mark_bar(color=TRAINING, height={"band": 0.6}).encode(
            alt.X("batch:Q", title=title, axis=number_axis(tickCount=7))
        ),
        base.mark_tick(color=VALIDATION, thickness=3, height={"band": 0.95}).encode(alt.X("all:Q")),
        height=max(150, 24 * len(order) + 40),
    )
    table = pd.DataFrame({"weight": order, "batch": batch, "all": everything})
    return with_data(picture, table.assign(title=[titles.get(name, name) for name in order]))


def spread(
    sizes: Sequence[int], chosen: int, draws: Sequence[Floats], deviations: Sequence[float], full: float, title: str
) -> dict[str, Any]:
    """Draw every gradient (draws,) of each size, those of the `chosen` one larger, and a deviation around `full`."""
    generator = np.random.default_rng(0)
    tables = []
    for size, found in zip(sizes, draws, strict=True):
        at = size * 2 ** generator.uniform(-_JITTER, _JITTER, len(found))
        tables.append(pd.DataFrame({"part": "draw", "size": size, "at": at, "gradient": found}))
    deviation = np.array(deviations)
    band = pd.DataFrame({"part": "band", "size": sizes, "at": sizes, "low": full - deviation, "high": full + deviation})
    table = pd.concat([*tables, band.assign(gradient=full)], ignore_index=True)
    scale = alt.Scale(type="log", base=2, domain=[0.8, sizes[-1] * 1.25], nice=False)
    axis = alt.Axis(values=list(sizes), format="d", grid=False, labelOverlap=True)
    x = alt.X("at:Q", scale=scale, title="rows in a batch", axis=axis)
    y = alt.Y("gradient:Q", title=title, scale=alt.Scale(zero=False), axis=number_axis())
    drawn = alt.Chart(ROWS).transform_filter(alt.datum.part == "draw")
    around = alt.Chart(ROWS).transform_filter(alt.datum.part == "band")
    tooltip = [number_hint("size", "rows in the batch"), number_hint("gradient")]
    picture = layered(
        around.mark_area(color=REFERENCE, opacity=0.22).encode(x, alt.Y("low:Q", title=title), alt.Y2("high:Q")),
        around.mark_line(color=VALIDATION, strokeWidth=2).encode(x, y),
        drawn.mark_circle(size=20, opacity=0.6, color=TRAINING).encode(x, y, tooltip=tooltip),
        drawn.transform_filter(alt.datum.size == chosen)
        .mark_circle(size=44, color=TRAINING, opacity=1, stroke="white", strokeWidth=0.7)
        .encode(x, y, tooltip=tooltip),
        height=300,
    )
    return with_data(picture, table)
