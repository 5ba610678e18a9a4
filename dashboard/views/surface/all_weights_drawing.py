"""The pictures of the loss over all weights: the paths of both runs on the cut, the cut, and the loss curves."""

from typing import Final

import numpy as np
import streamlit as st

from dashboard.charts.palette import RUNS
from dashboard.components.path_player import Curves, SurfaceView, Track
from dashboard.lessons import contours
from dashboard.lessons.slices import QuadraticSurface, Slice
from dashboard.lessons.stability import exploded
from dashboard.lessons.step import MAX_ROWS_TAKEN
from dashboard.lessons.stepper import walk
from dashboard.lessons.surfaces import Surface
from dashboard.record.prepared import PreparedRows
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.caching import cached
from dashboard.views.surface.controls import NAMES
from dashboard.views.surface.run_choice import ChosenRun
from pipeline.arrays import Floats
from pipeline.network.initial import initial_linear_weights
from pipeline.params import LossName, Train, value_name
from pipeline.record.start import Start
from pipeline.tables.preparation import Rows

MAX_UPDATES: Final = 10_000
MAX_POINTS: Final = 2_000
_LOSS: Final = "loss, all weights"


def paths(run: ChosenRun, tried: Train) -> dict[str, Floats]:
    """The weights (kept, parameters) of both runs after every update, or `every` so many, by label.

    Those of A were recorded or tried.
    """
    most = max(1, min(MAX_UPDATES, MAX_ROWS_TAKEN // run.settings.batch_size))
    updates = min(run.taken, most, (len(run.path) - 1) * run.every if run.path is not None else most)
    if updates < run.taken:
        st.caption(f"The picture shows the first {updates:,} of {run.taken:,} updates.")
    start = run.start
    place = start.weights if start else initial_linear_weights(len(run.names) - 1, run.settings.seed)
    rate = f"learning rate {format_setting(run.settings.learning_rate)}"
    if run.path is not None:
        mine, label = run.path[: updates // run.every + 1], f"{run.kind}, {rate}"
    else:
        mine = _walked(run.data, place, run.settings, updates)
        label = f"linear, {rate}"
    other = _walked(run.data, place, tried, updates, start)[:: run.every]
    return {label: mine, f"learning rate {format_setting(tried.learning_rate)}": other}


@cached(PreparedRows)
def _walked(data: PreparedRows, place: Floats, settings: Train, updates: int, start: Start | None = None) -> Floats:
    """The weights (updates + 1, parameters) of a run, up to the last with a finite loss."""
    rows, loss = (data.part("train"), data.measured(settings.loss)), settings.loss
    train, measured = (Surface.of(each.features, each.target, loss) for each in rows)
    return walk(train, place, settings, updates, start, measured).positions


def track(which: int, label: str, weights: Floats, cut: Slice, rows: Rows, settings: Train) -> Track:
    """One run on the cut: its positions, the losses at each update and its distance from the cut."""
    whole = Surface.of(rows.features, rows.target, settings.loss)
    positions = cut.project(weights)
    losses = whole.losses(weights)
    return Track(
        name=NAMES[which],
        label=label,
        colour=RUNS[which],
        positions=positions,
        measures={
            _LOSS: losses,
            "loss at its projection onto the cut": cut.surface.losses(positions),
            "distance from the cut": cut.distances(weights),
        },
        gradients=whole.gradients(weights) @ cut.axes,
        batch_size=settings.batch_size,
        ending=f"{NAMES[which]} diverged." if exploded(losses) else "",
    )


def surface_view(cut: Slice, tracks: list[Track], loss: LossName, axes: tuple[str, str], whole: bool) -> SurfaceView:
    """The cut, or the `whole` surface of two weights, in a window that shows both paths and the least-squares fit."""
    centre = (float(cut.centre[0]), float(cut.centre[1]))
    return SurfaceView(
        title=f"The {value_name('loss', loss)} over {'both weights' if whole else 'the cut'}",
        picture=contours.picture(cut.surface, centre, [track.positions for track in tracks]),
        lowest=("least-squares fit", centre),
        axes=axes,
        coordinates=cut.names,
    )


def curves(tracks: list[Track], rows: Rows, loss: LossName) -> Curves:
    """The loss of the whole model at each update, on an axis that reaches down to the minimum."""
    least = float(Surface.of(rows.features, rows.target, loss).losses(QuadraticSurface.of(rows).optimum[np.newaxis])[0])
    most = max(float(track.measures[_LOSS][0]) for track in tracks)
    floor = max(least, most * 1e-9, 1e-300)
    return Curves(
        title=f"The {value_name('loss', loss)} of the whole model",
        description=f"The loss at each update, from {format_number(most)} at the start; least squares has "
        f"{format_number(least)}.",
        decades=(float(np.log10(floor)) - 0.1, float(np.log10(max(most, floor))) + 0.7),
        reference=("least squares", floor),
        axes=("update", value_name("loss", loss)),
    )
