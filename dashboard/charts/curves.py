"""The loss per epoch, of one run or of several laid over one another."""

from functools import lru_cache
from itertools import cycle
from typing import Any, Final

import altair as alt
import pandas as pd

from dashboard.charts.data import KEPT, ROWS, colours, layered, named_line, number_axis, number_hint
from dashboard.charts.palette import DASHES, RUNS, TRAINING, VALIDATION

HEIGHT: Final = 320
EXPLODED: Final = 100
"""A loss that grew so many times beyond its start is taken to have exploded."""


def long_form(history: pd.DataFrame, run: str = "this run") -> pd.DataFrame:
    """Turn a history (epoch, training_loss, validation_loss) into rows of epoch, loss, rows and run."""
    wide = history.rename(columns={"training_loss": "training", "validation_loss": "validation"})
    table = wide.melt("epoch", ["training", "validation"], "rows", "loss")
    return table.assign(run=run).dropna(subset="loss")


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
    dashes = alt.Scale(domain=list(DASHES), range=list(DASHES.values()))
    lines = _lines(loss_title, logarithmic, epochs, highest).encode(
        colours("rows", {"training": TRAINING, "validation": VALIDATION}),
        alt.StrokeDash("rows:N", scale=dashes, legend=alt.Legend(title=None, orient="top")),
        tooltip=["rows:N", "epoch:Q", number_hint("loss", loss_title)],
    )
    layers: list[alt.Chart] = []
    lowest = min((loss for _, loss in references), default=None)
    for name, loss in references:
        # The lowest reference's name stands below its line, where no curve runs.
        side = {"baseline": "top", "dy": 4} if loss == lowest else {"baseline": "bottom", "dy": -4}
        text = {"x": "width", "align": "right", "dx": -4, "fontSize": 12, **side}
        layers += named_line(alt.Y("loss:Q"), name, loss, {"strokeDash": [2, 3], "strokeWidth": 1.5}, text)
    return layered(*layers, lines, height=HEIGHT)


@lru_cache(KEPT)
def overlaid_losses(loss_title: str, runs: tuple[str, ...], highest: float | None = None) -> dict[str, Any]:
    """Specify the picture of several runs' losses, told apart by colour and, in the legend, by name.

    The data come apart from it, in `long_form`, of the training or of the validation rows.
    """
    lines = _lines(loss_title, True, None, highest).encode(
        colours("run", dict(zip(runs, cycle(RUNS), strict=False)), columns=2, labelLimit=300),
        tooltip=["run:N", "epoch:Q", number_hint("loss", loss_title)],
    )
    return layered(lines, height=HEIGHT)


def _lines(title: str, logarithmic: bool, epochs: int | None, highest: float | None) -> alt.Chart:
    across = alt.Scale(domain=alt.Undefined if epochs is None else [0, epochs], nice=False)
    end = alt.Undefined if highest is None else highest
    up = alt.Scale(zero=True, domainMax=end)
    if logarithmic:
        up = alt.Scale(type="log", nice=highest is None, domainMax=end)
    chart: alt.Chart = alt.Chart(ROWS).mark_line(strokeWidth=2, clip=True)
    return chart.encode(
        alt.X("epoch:Q", title="epoch", scale=across, axis=alt.Axis(tickMinStep=1, grid=False)),
        alt.Y("loss:Q", title=title, scale=up, axis=number_axis(tickCount=6)),
    )
