"""The columns of a table: how each is distributed, how it goes with the target, how they go together."""

from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import DIGITS, KEPT, LINE, ROWS, number_axis, with_data
from dashboard.charts.palette import NEGATIVE, POSITIVE, REFERENCE, TRAINING, WARNING
from dashboard.text.numbers import format_number
from pipeline.arrays import Floats

HEIGHT: Final = 260
SCATTER_HEIGHT: Final = 420
MAX_POINTS: Final = 2_000
MAX_IN_MATRIX: Final = 20
_NUMBERS_UP_TO: Final = 14
_SIGNS: Final = ("rise together", "one rises as the other falls")


def edges(values: Floats) -> Floats:
    """Cut the range of values (rows,) into bins: one for each value where whole numbers are few, else 30."""
    low, high = float(values.min()), float(values.max())
    if np.all(values == np.round(values)) and high - low <= 30:
        return np.arange(low - 0.5, high + 1)
    return np.linspace(low, high, 31) if low < high else np.array([low - 0.5, high + 0.5])


def distribution(
    values: Floats, bins: Floats, title: str, colour: str = TRAINING, highest: int | None = None
) -> dict[str, Any]:
    """Draw how many values (rows,) lie in each of `bins` (bins + 1,), with their mean as a labelled line.

    `highest` fixes the vertical axis, so that charts beside each other can be compared.
    """
    counts, _ = np.histogram(values, bins)
    table = pd.DataFrame({"begin": bins[:-1], "end": bins[1:], "rows": counts})
    domain, top = (float(bins[0]), float(bins[-1])), highest or max(1, int(counts.max()))
    return with_data(_distribution(title, colour, domain, top, float(values.mean())), table)


@lru_cache(KEPT)
def _distribution(title: str, colour: str, domain: tuple[float, float], top: int, mean: float) -> dict[str, Any]:
    scale, rows = alt.Scale(domain=list(domain), nice=False), alt.Scale(domain=[0, 1.12 * top], nice=False)
    bars = (
        alt.Chart(ROWS)
        .mark_bar(color=colour, binSpacing=1)
        .encode(
            alt.X("begin:Q", bin="binned", title=title, scale=scale, axis=number_axis(tickCount=6, grid=False)),
            alt.X2("end:Q"),
            alt.Y("rows:Q", title="rows", scale=rows, axis=alt.Axis(tickCount=5, tickMinStep=1)),
            tooltip=[
                alt.Tooltip("begin:Q", title="from", format=DIGITS),
                alt.Tooltip("end:Q", title="to", format=DIGITS),
                alt.Tooltip("rows:Q", title="rows"),
            ],
        )
    )
    base = alt.Chart(pd.DataFrame({"mean": [mean], "label": [f"mean {format_number(mean)}"]})).encode(alt.X("mean:Q"))
    rule = base.mark_rule(color=REFERENCE, strokeDash=[4, 3], strokeWidth=2)
    on_the_left = mean > sum(domain) / 2
    label = base.mark_text(
        align="right" if on_the_left else "left", dx=-5 if on_the_left else 5, color=REFERENCE, baseline="top"
    ).encode(text="label:N", y=alt.value(0))
    spec: dict[str, Any] = alt.LayerChart(layer=[bars, rule, label]).properties(height=HEIGHT).to_dict()
    return spec


def against_target(table: pd.DataFrame, titles: tuple[str, str], censored_at: float | None) -> dict[str, Any]:
    """Draw each row of `table` (row, feature, target) as a point, and the straight line that fits them best.

    Targets at `censored_at` were cut off there: they are marked by shape and colour. A long table is drawn in part.
    """
    kinds = ("in the range", f"cut off at {censored_at:g}") if censored_at is not None else ("row",)
    cut = table["target"] >= censored_at if censored_at is not None else pd.Series(False, index=table.index)
    some = table.assign(kind=cut.map({False: kinds[0], True: kinds[-1]}))
    if len(some) > MAX_POINTS:
        some = some.sample(MAX_POINTS, random_state=0)
    low, high = float(table["target"].min()), float(table["target"].max())
    domain = (low - 0.04 * (high - low), high + 0.04 * (high - low))
    return with_data(_against_target(titles, kinds, domain), some, line=_line(table))


@lru_cache(KEPT)
def _against_target(titles: tuple[str, str], kinds: tuple[str, ...], domain: tuple[float, float]) -> dict[str, Any]:
    legend = alt.Legend(title=None, orient="top") if len(kinds) > 1 else None
    shape = alt.Scale(domain=kinds, range=["circle", "triangle-up"][: len(kinds)])
    seen = alt.Scale(domain=list(domain), nice=False)
    points = (
        alt.Chart(ROWS)
        .mark_point(filled=True, size=32, opacity=0.6)
        .encode(
            alt.X("feature:Q", title=titles[0], scale=alt.Scale(zero=False), axis=number_axis(tickCount=7)),
            alt.Y("target:Q", title=titles[1], scale=seen, axis=number_axis(tickCount=6)),
            alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[TRAINING, WARNING][: len(kinds)]), legend=legend),
            alt.Shape("kind:N", scale=shape, legend=legend),
            tooltip=[
                alt.Tooltip("row:Q"),
                alt.Tooltip("feature:Q", title=titles[0], format=DIGITS),
                alt.Tooltip("target:Q", title=titles[1], format=DIGITS),
            ],
        )
    )
    line = alt.Chart(LINE).mark_line(color=REFERENCE, strokeWidth=2.5, clip=True).encode(x="feature:Q", y="target:Q")
    spec: dict[str, Any] = alt.LayerChart(layer=[points, line]).properties(height=SCATTER_HEIGHT).to_dict()
    return spec


def _line(table: pd.DataFrame) -> pd.DataFrame:
    """The ends of the least-squares line of the target on one feature."""
    x, y = table["feature"].to_numpy(), table["target"].to_numpy()
    ends = np.array([x.min(), x.max()])
    variance = float(np.var(x))
    slope = float(np.mean((x - x.mean()) * (y - y.mean()))) / variance if variance > 0 else 0.0
    return pd.DataFrame({"feature": ends, "target": y.mean() + slope * (ends - x.mean())})


def strongest(table: pd.DataFrame, target: str) -> pd.Series:
    """The correlation of each other column with the target, the strongest first, those that never vary last."""
    found = table.drop(columns=target).corrwith(table[target])
    return found[found.abs().sort_values(ascending=False, na_position="last", kind="stable").index]


def correlation_matrix(table: pd.DataFrame, ink: str) -> dict[str, Any]:
    """Draw the correlation of each two columns of `table`, with numbers where there is room for them.

    Colours fade into the page where there is none, so the numbers there need the `ink` of the page's text.
    """
    names = list(table.columns)
    cells = pd.DataFrame(
        {
            "row": np.repeat(names, len(names)),
            "column": np.tile(names, len(names)),
            "r": table.corr().to_numpy().ravel(),
        }
    ).dropna()
    cells["sign"] = np.where(cells["r"] < 0, *_SIGNS[::-1])
    return with_data(_correlation_matrix(tuple(names), ink), cells)


@lru_cache(KEPT)
def _correlation_matrix(names: tuple[str, ...], ink: str) -> dict[str, Any]:
    base = alt.Chart(ROWS).encode(
        alt.X("column:N", sort=list(names), title=None, axis=alt.Axis(orient="top", labelAngle=-90, labelLimit=90)),
        alt.Y("row:N", sort=list(names), title=None, axis=alt.Axis(labelLimit=90, labelOverlap=False)),
        tooltip=["row:N", "column:N", alt.Tooltip("r:Q", title="correlation", format="+.3f")],
    )
    colour = alt.Color(
        "sign:N",
        scale=alt.Scale(domain=_SIGNS, range=[POSITIVE, NEGATIVE]),
        legend=alt.Legend(title=None, orient="bottom", labelLimit=0),
    )
    strength = alt.Opacity("size:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None)
    layers = [base.transform_calculate(size="abs(datum.r)").mark_rect().encode(colour, strength)]
    if len(names) <= _NUMBERS_UP_TO:
        size = alt.ExprRef(f"width / {len(names)} < 30 ? 0 : 11")
        layers.append(base.mark_text(fontSize=size, color=ink).encode(alt.Text("r:Q", format=".2f")))
    height = max(200, 27 * len(names) + 90)
    spec: dict[str, Any] = alt.LayerChart(layer=[*layers]).properties(height=height).to_dict()
    return spec
