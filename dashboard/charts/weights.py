"""The weights of a model, the largest first."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.data import KEPT, ROWS, drawn_name, layered, named, number_axis, title_labels, with_data
from dashboard.charts.palette import DIRECTIONS, POSITIVE, REFERENCE
from dashboard.record.prepared import PreparedRows
from dashboard.record.tables import weights_table, weights_title
from dashboard.text.target import TargetFormat
from pipeline.network.layers import Layer, Weights


def weights_by_magnitude(
    table: pd.DataFrame, title: str, most: int, titles: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Draw the first `most` rows of `table` (feature, weight, size) as bars, the largest first.

    `size` is the weight without its sign. Where the table has a `sign` and an `optimum`, the one is the colour, and a
    tick stands at the other. The height is that of `most` bars, so that the picture does not move when rows come to
    an empty one. `titles` are what people call some of the features.
    """
    shown = table.head(most)
    called = titles or {}
    full = [called.get(name, name) for name in shown["feature"]]
    shown = shown.assign(feature=shown["feature"].map(drawn_name), title=full)
    return with_data(_weights_by_magnitude(title, most, "optimum" in table, tuple(called.items())), shown)


def weights_of(
    data: PreparedRows,
    words: TargetFormat,
    linear: bool,
    layers: Sequence[Layer],
    weights: Weights | None,
    most: int | None = None,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The weights (parameters,) of a model with these `layers` as a table and as a picture, empty for `None`.

    The picture shows those of `most` features, or of all.
    """
    if weights is None:
        table = pd.DataFrame(columns=["feature", "weight", "size", *(["sign", "optimum"] if linear else [])])
    else:
        table = weights_table(data.names, layers, weights, data.whole("mse"))
    shown, title = min(most or len(data.names), len(data.names)), weights_title(data, words, linear)
    return table, weights_by_magnitude(table, title, shown, words.titles(data.names))


@lru_cache(KEPT)
def _weights_by_magnitude(title: str, most: int, linear: bool, titles: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    order = alt.EncodingSortField("size", op="max", order="descending")
    axis = alt.Axis(labelLimit=180, labelOverlap=False, labelExpr=title_labels(dict(titles)))
    y = alt.Y("feature:N", sort=order, title=None, axis=axis)
    name = alt.Tooltip("title:N", title="feature")
    colour = named(alt.Color, "sign", DIRECTIONS) if linear else alt.value(POSITIVE)
    tooltip = [name, alt.Tooltip("weight:Q", format="+.4f" if linear else ".4f")]
    bars = alt.Chart(ROWS).mark_bar(height={"band": 0.65})
    x = alt.X("weight:Q", title=title, axis=number_axis())
    layers = [bars.encode(x, y, color=colour, tooltip=tooltip)]
    if linear:
        tick = alt.Chart(ROWS).mark_tick(thickness=2, color=REFERENCE, height={"band": 0.9})
        hint = [name, alt.Tooltip("optimum:Q", title="least squares", format="+.4f")]
        layers.append(tick.encode(alt.X("optimum:Q"), y, tooltip=hint))
    return layered(*layers, height=125 + 24 * most)
