"""How well a model fits: predicted against actual, and the residuals."""

from functools import lru_cache
from typing import Any, Final

import altair as alt
import pandas as pd

from dashboard.charts.data import DIGITS, KEPT, LINE, ROWS, number_axis, with_data
from dashboard.charts.palette import REFERENCE, TEST, WARNING

HEIGHT: Final = 360


def predicted_against_actual(table: pd.DataFrame, title: str, censored_at: float | None) -> dict[str, Any]:
    """Draw each row of `table` (actual, predicted, residual, row); on the 45-degree line the model is right.

    Targets at `censored_at` were cut off there by those who collected the data: they are marked by shape and colour.
    """
    low = float(min(table["actual"].min(), table["predicted"].min(), 0))
    high = float(max(table["actual"].max(), table["predicted"].max()))
    line = pd.DataFrame({"actual": [low, high], "predicted": [low, high]})
    return with_data(_predicted_against_actual(title, _kinds(censored_at)), _with_kinds(table, censored_at), line=line)


def residuals(table: pd.DataFrame, title: str, censored_at: float | None) -> dict[str, Any]:
    """Draw what the model leaves over (actual - predicted) against what it predicts."""
    return with_data(_residuals(title, _kinds(censored_at)), _with_kinds(table, censored_at))


@lru_cache(KEPT)
def _predicted_against_actual(title: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    identity = alt.Chart(LINE).mark_line(color=REFERENCE, strokeDash=[4, 4]).encode(x="actual:Q", y="predicted:Q")
    points = _points(kinds).encode(
        alt.X("actual:Q", title=f"actual {title}", axis=number_axis()),
        alt.Y("predicted:Q", title=f"predicted {title}", axis=number_axis()),
    )
    spec: dict[str, Any] = alt.LayerChart(layer=[identity, points]).properties(height=HEIGHT).to_dict()
    return spec


@lru_cache(KEPT)
def _residuals(title: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    zero = alt.Chart(pd.DataFrame({"residual": [0.0]})).mark_rule(color=REFERENCE, strokeDash=[4, 4])
    points = _points(kinds).encode(
        alt.X("predicted:Q", title=f"predicted {title}", axis=number_axis()),
        alt.Y("residual:Q", title="actual minus predicted", axis=number_axis()),
    )
    layers = [zero.encode(y="residual:Q"), points]
    spec: dict[str, Any] = alt.LayerChart(layer=layers).properties(height=HEIGHT).to_dict()
    return spec


def _kinds(censored_at: float | None) -> tuple[str, ...]:
    return ("test row", f"cut off at {censored_at:g}") if censored_at is not None else ("test row",)


def _with_kinds(table: pd.DataFrame, censored_at: float | None) -> pd.DataFrame:
    kinds = _kinds(censored_at)
    cut = (table["actual"] >= censored_at) if censored_at is not None else pd.Series(False, index=table.index)
    return table.assign(kind=cut.map({False: kinds[0], True: kinds[-1]}))


def _points(kinds: tuple[str, ...]) -> alt.Chart:
    legend = alt.Legend(title=None, orient="top") if len(kinds) > 1 else None
    chart: alt.Chart = (
        alt.Chart(ROWS)
        .mark_point(filled=True, size=42, opacity=0.75)
        .encode(
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=kinds, range=[TEST, WARNING][: len(kinds)]), legend=legend
            ),
            shape=alt.Shape(
                "kind:N", scale=alt.Scale(domain=kinds, range=["circle", "triangle-up"][: len(kinds)]), legend=legend
            ),
            tooltip=[
                alt.Tooltip("row:Q", title="row"),
                alt.Tooltip("actual:Q", format=DIGITS),
                alt.Tooltip("predicted:Q", format=DIGITS),
                alt.Tooltip("residual:Q", title="actual minus predicted", format=DIGITS),
            ],
        )
    )
    return chart
