"""The loss per epoch, of one run or of several laid over one another."""

from collections.abc import Mapping
from typing import Final

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
    return alt.layer(*_references(references), lines).properties(height=HEIGHT)


def overlaid_losses(table: pd.DataFrame, loss_title: str, logarithmic: bool, rows: str = "validation") -> alt.Chart:
    """Draw the loss of several runs, told apart by colour and by the names at hand in the legend."""
    runs = list(dict.fromkeys(table["run"]))
    return (
        alt.Chart(table[table["rows"] == rows])
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


def _epoch(epochs: int | None) -> alt.X:
    scale = alt.Scale(nice=False) if epochs is None else alt.Scale(domain=[0, epochs], nice=False)
    return alt.X("epoch:Q", title="epoch", scale=scale, axis=alt.Axis(tickMinStep=1, grid=False))


def _loss(title: str, logarithmic: bool) -> alt.Y:
    scale = alt.Scale(type="log", nice=True) if logarithmic else alt.Scale(zero=True)
    return alt.Y("loss:Q", title=title, scale=scale, axis=alt.Axis(tickCount=6, format="~g"))


def _dash() -> alt.StrokeDash:
    domain = ["training", "validation"]
    return alt.StrokeDash(
        "rows:N", scale=alt.Scale(domain=domain, range=[DASHES[name] for name in domain]), legend=None
    )


def _references(references: Mapping[str, float]) -> list[alt.Chart]:
    if not references:
        return []
    table = pd.DataFrame({"name": list(references), "loss": list(references.values())})
    base = alt.Chart(table).encode(alt.Y("loss:Q"))
    rule = base.mark_rule(color=REFERENCE, strokeDash=[2, 3], strokeWidth=1.5)
    text = base.mark_text(align="right", baseline="bottom", dx=-4, dy=-3, color=REFERENCE, fontSize=12).encode(
        text="name:N", x=alt.value("width")
    )
    return [rule, text]
