"""The loss per epoch, of one run or of several laid over one another."""

from collections.abc import Mapping
from typing import Final, Literal

import altair as alt
import pandas as pd

from dashboard.charts.palette import DASHES, REFERENCE, RUNS, TRAINING, VALIDATION

HEIGHT: Final = 320


def long_form(history: pd.DataFrame, run: str = "this run") -> pd.DataFrame:
    """Turn a history (epoch, training_loss, validation_loss) into rows of epoch, loss, rows and run."""
    table = history.rename(columns={"training_loss": "training", "validation_loss": "validation"})
    table = table.melt("epoch", ["training", "validation"], var_name="rows", value_name="loss")
    return table.assign(run=run).dropna(subset="loss")


def losses(
    table: pd.DataFrame, loss_title: str, references: Mapping[str, float], logarithmic: bool, epochs: int | None = None
) -> alt.LayerChart:
    """Draw the loss of one run: training solid, validation dashed, and each reference as a labelled line.

    `table` is in `long_form`. `epochs` fixes the horizontal axis, so that it does not move while a run goes on.
    """
    lines = (
        alt.Chart(table)
        .mark_line(strokeWidth=2, clip=True)
        .encode(
            _epoch(epochs),
            _loss(loss_title, logarithmic),
            alt.Color(
                "rows:N",
                scale=alt.Scale(domain=["training", "validation"], range=[TRAINING, VALIDATION]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            _dash(),
            tooltip=[
                alt.Tooltip("rows:N", title="rows"),
                alt.Tooltip("epoch:Q", title="epoch"),
                alt.Tooltip("loss:Q", title=loss_title, format=".6g"),
            ],
        )
    )
    return alt.LayerChart(layer=[*_references(references), lines]).properties(height=HEIGHT)


def overlaid_losses(table: pd.DataFrame, loss_title: str, logarithmic: bool, rows: str = "validation") -> alt.Chart:
    """Draw the loss of several runs, told apart by colour and by the names at hand in the legend."""
    runs = list(dict.fromkeys(table["run"]))
    chart: alt.Chart = (
        alt.Chart(table.loc[table["rows"] == rows])
        .mark_line(strokeWidth=2, clip=True)
        .encode(
            _epoch(None),
            _loss(f"{rows} {loss_title}", logarithmic),
            alt.Color(
                "run:N",
                scale=alt.Scale(domain=runs, range=[RUNS[index % len(RUNS)] for index in range(len(runs))]),
                legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=300),
            ),
            tooltip=["run:N", "epoch:Q", alt.Tooltip("loss:Q", title=loss_title, format=".6g")],
        )
        .properties(height=HEIGHT)
    )
    return chart


def _epoch(epochs: int | None) -> alt.X:
    scale = alt.Scale(nice=False) if epochs is None else alt.Scale(domain=[0, epochs], nice=False)
    return alt.X("epoch:Q", title="epoch", scale=scale, axis=alt.Axis(tickMinStep=1, grid=False))


def _loss(title: str, logarithmic: bool) -> alt.Y:
    scale = alt.Scale(type="log", nice=True) if logarithmic else alt.Scale(zero=True)
    return alt.Y("loss:Q", title=title, scale=scale, axis=alt.Axis(tickCount=6, format="~g"))


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
