"""The loss per epoch, of one run or of several laid over one another."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import DIGITS, KEPT, ROWS, number_axis
from dashboard.charts.palette import DASHES, REFERENCE, RUNS, TRAINING, VALIDATION

HEIGHT: Final = 320
EXPLODED: Final = 100
"""A loss that grew so many times beyond its start is taken to have exploded."""


def long_form(history: pd.DataFrame, run: str = "this run") -> pd.DataFrame:
    """Turn a history (epoch, training_loss, validation_loss) into rows of epoch, loss, rows and run."""
    kinds = ["training", "validation"]
    losses = np.concatenate([history[f"{kind}_loss"].to_numpy() for kind in kinds])
    table = pd.DataFrame(
        {"epoch": np.tile(history["epoch"], 2), "rows": np.repeat(kinds, len(history)), "loss": losses, "run": run}
    )
    return table.dropna(subset="loss")


def ceiling(table: pd.DataFrame) -> float | None:
    """Where to cut the picture of losses that explode, so that the others stay legible; `None` where none does."""
    highest, start = table["loss"].max(), table.loc[table["epoch"] == 0, "loss"].max()
    return float(f"{start * 10:.1g}") if highest > start * EXPLODED else None


@lru_cache(KEPT)
def losses(
    loss_title: str,
    references: tuple[tuple[str, float], ...],
    logarithmic: bool,
    epochs: int | None = None,
    highest: float | None = None,
) -> dict[str, Any]:
    """Specify the picture of one run's loss: training solid, validation dashed, each reference a labelled line.

    The data come apart from it, in `long_form`, so that a page can send new rows to the same picture. `epochs` fixes
    the horizontal axis, so that it does not move while a run goes on; `highest` ends the vertical one.
    """
    lines = (
        alt.Chart(ROWS)
        .mark_line(strokeWidth=2, clip=True)
        .encode(_epoch(epochs), _loss(loss_title, logarithmic, highest))
    )
    lines = lines.encode(
        alt.Color(
            "rows:N",
            scale=alt.Scale(domain=["training", "validation"], range=[TRAINING, VALIDATION]),
            legend=alt.Legend(title=None, orient="top"),
        ),
        _dash(),
        tooltip=[
            alt.Tooltip("rows:N", title="rows"),
            alt.Tooltip("epoch:Q", title="epoch"),
            alt.Tooltip("loss:Q", title=loss_title, format=DIGITS),
        ],
    )
    return _spec(alt.LayerChart(layer=[*_references(dict(references)), lines]).properties(height=HEIGHT))


@lru_cache(KEPT)
def overlaid_losses(
    loss_title: str, runs: tuple[str, ...], logarithmic: bool, highest: float | None = None
) -> dict[str, Any]:
    """Specify the picture of several runs' losses, told apart by colour and, in the legend, by name.

    The data come apart from it, in `long_form`, of the training or of the validation rows.
    """
    chart = (
        alt.Chart(ROWS)
        .mark_line(strokeWidth=2, clip=True)
        .encode(
            _epoch(None),
            _loss(loss_title, logarithmic, highest),
            alt.Color(
                "run:N",
                scale=alt.Scale(domain=list(runs), range=[RUNS[index % len(RUNS)] for index in range(len(runs))]),
                legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=300),
            ),
            tooltip=["run:N", "epoch:Q", alt.Tooltip("loss:Q", title=loss_title, format=DIGITS)],
        )
        .properties(height=HEIGHT)
    )
    return _spec(chart)


def _spec(chart: alt.Chart | alt.LayerChart) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict()
    return spec


def _epoch(epochs: int | None) -> alt.X:
    scale = alt.Scale(nice=False) if epochs is None else alt.Scale(domain=[0, epochs], nice=False)
    return alt.X("epoch:Q", title="epoch", scale=scale, axis=alt.Axis(tickMinStep=1, grid=False))


def _loss(title: str, logarithmic: bool, highest: float | None) -> alt.Y:
    end = alt.Undefined if highest is None else highest
    scale = alt.Scale(zero=True, domainMax=end)
    if logarithmic:
        scale = alt.Scale(type="log", nice=highest is None, domainMax=end)
    return alt.Y("loss:Q", title=title, scale=scale, axis=number_axis(tickCount=6))


def _dash() -> alt.StrokeDash:
    domain = ["training", "validation"]
    return alt.StrokeDash(
        "rows:N",
        scale=alt.Scale(domain=domain, range=[DASHES[name] for name in domain]),
        legend=alt.Legend(title=None, orient="top"),
    )


def _references(references: Mapping[str, float]) -> list[alt.Chart]:
    if not references:
        return []
    table = pd.DataFrame({"name": list(references), "loss": list(references.values())})
    base = alt.Chart(table).encode(alt.Y("loss:Q"))
    rule = base.mark_rule(color=REFERENCE, strokeDash=[2, 3], strokeWidth=1.5)
    lowest = table["loss"].min()
    names = [
        _reference_names(table.loc[table["loss"] == lowest], "top"),
        _reference_names(table.loc[table["loss"] > lowest], "bottom"),
    ]
    return [rule, *names]


def _reference_names(table: pd.DataFrame, side: Literal["top", "bottom"]) -> alt.Chart:
    """Write the names at the right end: the lowest reference's below its line, where no curve runs."""
    text = alt.Chart(table).mark_text(
        align="right", baseline=side, dx=-4, dy=4 if side == "top" else -4, color=REFERENCE, fontSize=12
    )
    chart: alt.Chart = text.encode(alt.Y("loss:Q"), text="name:N", x=alt.value("width"))
    return chart
