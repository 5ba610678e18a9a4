"""How well a model fits: predicted against actual, and the residuals."""

from typing import Any, Final

import altair as alt
import pandas as pd

from dashboard.charts.data import LINE, ROWS, layered, named, number_axis, number_hint, opacity_of, points, with_data
from dashboard.charts.palette import REFERENCE, TEST

HEIGHT: Final = 360
_SIZE: Final = 42
_OPACITY: Final = 0.75
_DASHED: Final[dict[str, Any]] = {"color": REFERENCE, "strokeDash": [4, 4]}


def predicted_against_actual(table: pd.DataFrame, title: str, censored_at: float | None) -> dict[str, Any]:
    """Draw each row of `table` (actual, predicted, residual, row); on the 45-degree line the model is right.

    Targets at `censored_at` were cut off there.
    """
    low = min(table["actual"].min(), table["predicted"].min(), 0)
    high = max(table["actual"].max(), table["predicted"].max())
    return _around_identity(*_dots(table, censored_at), title, [low, high])


def residuals(table: pd.DataFrame, title: str, unit: str, censored_at: float | None) -> dict[str, Any]:
    """Draw what the model leaves over (actual - predicted) against what it predicts; `unit` is that of both."""
    zero = alt.Chart(pd.DataFrame({"residual": [0.0]})).mark_rule(**_DASHED).encode(y="residual:Q")
    dots, table = _dots(table, censored_at)
    dots = dots.encode(
        alt.X("predicted:Q", title=f"predicted {title}", axis=number_axis()),
        alt.Y("residual:Q", title=f"actual minus predicted{unit}", axis=number_axis()),
    )
    return with_data(layered(zero, dots, height=HEIGHT), table)


def before_and_after(table: pd.DataFrame, title: str) -> dict[str, Any]:
    """Draw what was predicted for each row of `table` (actual, predicted, when, row) at two moments, the first in grey.

    On the 45-degree line a prediction is right.
    """
    first, last = table["when"].unique()
    dots = alt.Chart(ROWS).mark_point(filled=True, size=_SIZE, opacity=opacity_of(len(table) // 2, _OPACITY))
    dots = dots.encode(
        named(alt.Color, "when", {first: REFERENCE, last: TEST}),
        named(alt.Shape, "when", {first: "cross", last: "circle"}),
        tooltip=["row:Q", "when:N", number_hint("actual"), number_hint("predicted")],
    )
    return _around_identity(dots, table, title, [table["actual"].min(), table["actual"].max()])


def _around_identity(dots: alt.Chart, table: pd.DataFrame, title: str, ends: list[float]) -> dict[str, Any]:
    """Draw the `dots` of a table over the 45-degree line, which goes from the first of `ends` to the second."""
    identity = alt.Chart(LINE).mark_line(**_DASHED).encode(x="actual:Q", y="predicted:Q")
    dots = dots.encode(
        alt.X("actual:Q", title=f"actual {title}", axis=number_axis()),
        alt.Y("predicted:Q", title=f"predicted {title}", axis=number_axis()),
    )
    line = pd.DataFrame({"actual": ends, "predicted": ends})
    return with_data(layered(identity, dots, height=HEIGHT), table, line=line)


def _dots(table: pd.DataFrame, censored_at: float | None) -> tuple[alt.Chart, pd.DataFrame]:
    dots, table = points(table, "actual", ("test row", TEST), censored_at, _SIZE, _OPACITY)
    numbers = [number_hint("actual"), number_hint("predicted"), number_hint("residual", "actual minus predicted")]
    return dots.encode(tooltip=["row:Q", *numbers]), table
