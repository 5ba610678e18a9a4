"""The loss per epoch, of one run or of several laid over one another."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import cycle
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import KEPT, ROWS, layered, named, named_line, number_axis, number_hint, with_data
from dashboard.charts.palette import DASHES, REFERENCE, RUNS, TRAINING, VALIDATION
from dashboard.record.tables import EXPLODED
from pipeline.arrays import Floats, significant

HEIGHT: Final = 320

_ROUNDS: Final = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
"""The dashes of runs laid over one another: the next one each time that the colours are used up."""

_BATCHES: Final = alt.NamedData("batches")
_FEW: Final = 5
"""So many names of runs no longer stand below one another."""

_BELOW: Final = 10
"""A batch's loss more than so many times below the lowest line is drawn there, so that the lines stay legible."""

_IN_AN_EPOCH: Final = 1_000
"""So many batches of an epoch are drawn, the first and the last among them."""


def losses(
    history: pd.DataFrame,
    title: str,
    references: Mapping[str, float],
    logarithmic: bool = True,
    epochs: int | None = None,
    until: int | None = None,
    batches: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Draw one run's loss: training solid, validation dashed, each reference a labelled line.

    `history` has epoch, training_loss and validation_loss. `epochs` fixes the horizontal axis, so that it does not
    move while a run goes on; the lines end at the epoch `until`. `batches` (epoch, loss) are losses of single batches,
    drawn as dots where they are finite; those far below all lines stand at a tenth of the lowest.
    """
    table = _long_form(history)
    undercut = bool(table["loss"].min() < min(references.values(), default=-np.inf))
    dots = pd.DataFrame(columns=["epoch", "loss"], dtype=float)
    if batches is not None and len(table):
        lowest = min([table["loss"].min(), *references.values()])
        finite = batches[np.isfinite(batches["loss"])]
        dots = finite.assign(loss=finite["loss"].clip(lower=lowest / _BELOW))
    highest = _ceiling(table, float(dots["loss"].max()))
    spec = _losses(title, tuple(references.items()), undercut, logarithmic, epochs, highest)
    return with_data(spec, table if until is None else table.loc[table["epoch"] <= until], batches=dots)


def overlaid_losses(histories: Mapping[str, pd.DataFrame], rows: str, title: str) -> dict[str, Any]:
    """Draw the losses of several runs, by name, on the `rows` training or validation."""
    table = pd.concat([_long_form(history).assign(run=run) for run, history in histories.items()])
    table = table.loc[table["rows"] == rows]
    title, runs = f"{rows} {title}", list(histories)
    legend: dict[str, Any] = {"columns": 1 if len(runs) < _FEW else 2, "labelLimit": 300}
    rounds = {run: _ROUNDS[n // len(RUNS) % len(_ROUNDS)] for n, run in enumerate(runs)}
    lines = _lines(title, True, None, _ceiling(table)).encode(
        named(alt.Color, "run", dict(zip(runs, cycle(RUNS), strict=False)), **legend),
        named(alt.StrokeDash, "run", rounds, **legend),
        tooltip=["run:N", "epoch:Q", number_hint("loss", title)],
    )
    return with_data(layered(lines, height=HEIGHT), table)


def within_epoch(batch_losses: Floats, averages: Floats, title: str) -> dict[str, Any]:
    """Draw the loss of each batch of an epoch (updates,) as a dot, and the running average after it as a line."""
    updates = np.arange(1, len(averages) + 1)
    table = pd.DataFrame({"update": updates, "loss": batch_losses, "average": averages})
    across = alt.Scale(zero=False, nice=False, padding=12)
    x = alt.X("update:Q", title="update in the epoch", scale=across, axis=alt.Axis(tickMinStep=1, grid=False))
    hints = [number_hint("update"), number_hint("loss", "loss of the batch"), number_hint("average", "Keras prints")]
    base = alt.Chart(ROWS).encode(x)
    y = alt.Y("loss:Q", title=title, scale=alt.Scale(zero=False), axis=number_axis(tickCount=5))
    point = {"color": REFERENCE, "size": 16}
    dots = base.mark_circle(color=TRAINING, size=40, opacity=0.6).encode(y, tooltip=hints)
    line = base.mark_line(color=REFERENCE, strokeWidth=2, point=point).encode(alt.Y("average:Q"), tooltip=hints)
    drawn = np.linspace(0, len(table) - 1, min(len(table), _IN_AN_EPOCH)).round().astype(int)
    return with_data(layered(dots, line, height=HEIGHT - 40), table.iloc[drawn])


def _long_form(history: pd.DataFrame) -> pd.DataFrame:
    """Turn a history into rows of epoch, rows and loss."""
    wide = history.rename(columns={"training_loss": "training", "validation_loss": "validation"})
    return wide.melt("epoch", ["training", "validation"], "rows", "loss").dropna(subset="loss")


def _ceiling(table: pd.DataFrame, dots: float = np.nan) -> float | None:
    """Where to cut the picture of losses, or highest `dots`, that explode, so that the others stay legible.

    It is `None` where none does.
    """
    highest, start = np.fmax(table["loss"].max(), dots), table.loc[table["epoch"] == table["epoch"].min(), "loss"].max()
    return significant(start * 10, 1) if highest > start * EXPLODED else None


@lru_cache(KEPT)
def _losses(
    title: str,
    references: tuple[tuple[str, float], ...],
    undercut: bool,
    logarithmic: bool,
    epochs: int | None,
    highest: float | None,
) -> dict[str, Any]:
    lines = _lines(title, logarithmic, epochs, highest).encode(
        named(alt.Color, "rows", {"training": TRAINING, "validation": VALIDATION}),
        named(alt.StrokeDash, "rows", DASHES),
        tooltip=["rows:N", "epoch:Q", number_hint("loss", title)],
    )
    layers: list[alt.Chart] = []
    lowest = min((loss for _, loss in references), default=None)
    for name, loss in references:
        # The lowest reference's name stands below its line, unless a curve runs there.
        below = loss == lowest and not undercut
        side = {"baseline": "top", "dy": 4} if below else {"baseline": "bottom", "dy": -4}
        text = {"x": "width", "align": "right", "dx": -4, "fontSize": 12, **side}
        layers += named_line(alt.Y("loss:Q"), name, loss, {"strokeDash": [2, 3], "strokeWidth": 1.5}, text)
    dots = alt.Chart(_BATCHES).mark_circle(color=TRAINING, size=10, opacity=0.2, clip=True)
    dots = dots.encode(x="epoch:Q", y="loss:Q", tooltip=[number_hint("epoch"), number_hint("loss", "loss of a batch")])
    return layered(dots, *layers, lines, height=HEIGHT)


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
