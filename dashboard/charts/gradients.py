"""The gradient of a batch beside that of all rows, and how far batches of every size stray from it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import KEPT, ROWS, layered, number_axis, number_hint
from dashboard.charts.palette import REFERENCE, TRAINING, VALIDATION
from pipeline.arrays import Floats

_JITTER: Final = 0.16


@lru_cache(KEPT)
def by_weight(order: tuple[str, ...]) -> dict[str, Any]:
    """Specify bars of the batch's gradient, with a tick where all rows have it, from rows (weight, batch, all).

    The weights keep their `order`, so that nothing jumps from step to step.
    """
    y = alt.Y("weight:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=140))
    base = alt.Chart(ROWS).encode(
        y,
        tooltip=["weight:N", number_hint("batch", "this batch"), number_hint("all", "all rows")],
    )
    title = "gradient: change of the loss per unit of the weight"
    return layered(
        base.mark_bar(color=TRAINING, height={"band": 0.6}).encode(
            alt.X("batch:Q", title=title, axis=number_axis(tickCount=7))
        ),
        base.mark_tick(color=VALIDATION, thickness=3, height={"band": 0.95}).encode(alt.X("all:Q")),
        height=max(150, 24 * len(order) + 40),
    )


def gradient_samples(
    sizes: Sequence[int], draws: Sequence[Floats], deviations: Sequence[float], full: float
) -> pd.DataFrame:
    """Rows (part, size, gradient, low, high): every drawn gradient (draws,) of a size, and one deviation around all."""
    generator = np.random.default_rng(0)
    tables = []
    for size, found in zip(sizes, draws, strict=True):
        at = size * 2 ** generator.uniform(-_JITTER, _JITTER, len(found))
        tables.append(pd.DataFrame({"part": "draw", "size": size, "at": at, "gradient": found}))
    deviation = np.array(deviations)
    band = pd.DataFrame({"part": "band", "size": sizes, "at": sizes, "low": full - deviation, "high": full + deviation})
    return pd.concat([*tables, band.assign(gradient=full)], ignore_index=True)


@lru_cache(KEPT)
def spread(sizes: tuple[int, ...], chosen: int, title: str) -> dict[str, Any]:
    """Specify the picture of `gradient_samples`; batches of the `chosen` size stand out."""
    scale = alt.Scale(type="log", base=2, domain=[0.8, sizes[-1] * 1.25], nice=False)
    axis = alt.Axis(values=list(sizes), format="d", grid=False, labelOverlap=True)
    x = alt.X("at:Q", scale=scale, title="rows in a batch", axis=axis)
    y = alt.Y("gradient:Q", title=title, scale=alt.Scale(zero=False), axis=number_axis())
    drawn = alt.Chart(ROWS).transform_filter(alt.datum.part == "draw")
    band = alt.Chart(ROWS).transform_filter(alt.datum.part == "band")
    tooltip = [number_hint("size", "rows in the batch"), number_hint("gradient")]
    return layered(
        band.mark_area(color=REFERENCE, opacity=0.22).encode(x, alt.Y("low:Q", title=title), alt.Y2("high:Q")),
        band.mark_line(color=VALIDATION, strokeWidth=2).encode(x, y),
        drawn.mark_circle(size=20, opacity=0.6, color=TRAINING).encode(x, y, tooltip=tooltip),
        drawn.transform_filter(alt.datum.size == chosen)
        .mark_circle(size=44, color=TRAINING, opacity=1, stroke="white", strokeWidth=0.7)
        .encode(x, y, tooltip=tooltip),
        height=300,
    )
