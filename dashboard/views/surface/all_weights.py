"""The loss over all weights of the linear model, cut flat, with a run's own path and a variant of it on the cut."""

from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.charts.palette import RUNS
from dashboard.components.path_player import Curves, QuadraticLoss, Track, path_player
from dashboard.lessons import contours, slices
from dashboard.lessons.slices import QuadraticSurface, Slice
from dashboard.lessons.stepper import walk
from dashboard.lessons.surfaces import LossName, Surface
from dashboard.record.snapshot import Record
from dashboard.text.wording import LOSS_NAMES, plain, verbatim
from dashboard.views.parts.query_params import bound
from dashboard.views.surface import controls
from dashboard.views.surface.controls import one_of, rate
from dashboard.views.surface.drawing import drawn
from dashboard.views.surface.explanations import directions, what_is_exact, why_it_diverges
from dashboard.views.surface.player_state import PLAYER, keep_update, update
from dashboard.views.surface.run_choice import Subject, choose_subject
from dashboard.views.surface.tables import NO_LIMIT, both_scales
from pipeline.network.initial import initial_linear_weights
from pipeline.params import Train
from pipeline.tables.prepared import Rows

Floats = NDArray[np.float64]

MAX_UPDATES: Final = 10_000
MAX_POINTS: Final = 2_000
_LOSS: Final = "loss, all weights"
_ON_THE_CUT: Final = "loss of its point on the cut"
_CUTS: Final = ("Steepest and flattest", "Two weights")


def show_whole(record: Record) -> None:
    """Show the cut, the player and what is exact on it."""
    text = st.container()
    subject = choose_subject(record)
    rows, settings = subject.rows, subject.settings
    lowest = "its lowest point, the least-squares optimum"
    if settings.loss == "mae":
        lowest = "the least-squares optimum, which is near its lowest point and not at it"
    text.markdown(
        f"The {subject.kind} model tunes {len(subject.names)} numbers, and their landscape cannot be drawn. This is a "
        f"flat cut through it, through {lowest}. A is the "
        f"{subject.kind} run; B is the same run, same start and same batches, with the learning rate you choose."
    )
    along_curvature, cut, tried = _knobs(subject)
    paths = _paths(subject, tried)
    stride = -(-max(len(path) - 1 for path in paths.values()) // MAX_POINTS) or 1
    tracks = [
        _track(which, label, path[::stride], cut, rows, settings) for which, (label, path) in enumerate(paths.items())
    ]
    axes = cut.names if along_curvature else (f"weight of {cut.names[0]}", f"weight of {cut.names[1]}")
    path_player(
        _landscape(cut, tracks, settings.loss, axes),
        tracks,
        _curves(tracks, rows, settings.loss),
        key=PLAYER,
        update=update(),
        on_update=keep_update,
        gradient="gradient on the cut",
        stride=stride,
    )
    bowl = QuadraticSurface.of(rows)
    if along_curvature:
        directions(bowl, list(subject.names))
    what_is_exact(along_curvature, settings.loss)
    if settings.loss == "mse":
        why_it_diverges(
            bowl, [settings.learning_rate, tried.learning_rate], batches=settings.batch_size < len(rows.target)
        )
    else:
        st.caption(NO_LIMIT)
    both_scales(subject.raw, "features", settings.learning_rate, settings.loss)


def _knobs(subject: Subject) -> tuple[bool, Slice, Train]:
    rows, names, settings = subject.rows, subject.names, subject.settings
    columns = st.columns([1.5, 2, 1, 1])
    with columns[0]:
        kind = one_of(
            "Cut along",
            _CUTS,
            "cut",
            "The directions in which the squared error curves most and least, or two weights.",
        )
    if kind == _CUTS[0]:
        cut = slices.along_curvature(rows, settings.loss)
    else:
        largest = np.argsort(-np.abs(QuadraticSurface.of(rows).optimum[:-1]))
        usual = (int(largest[0]), int(largest[1]) if len(largest) > 1 else len(names) - 1)
        across, up = (
            names.index(column.selectbox(title, names, index, key=controls.key(name), bind=bound(controls.key(name))))
            for column, title, index, name in zip(columns[2:], ("Across", "Up"), usual, ("across", "up"), strict=True)
        )
        if across == up:
            up = (across + 1) % len(names)
            st.caption(f"A cut needs two different weights; up is {verbatim(names[up])} instead.")
        cut = slices.along_weights(rows, names, (across, up), settings.loss)
    limit = 2 / float(QuadraticSurface.of(rows).curvatures[0])
    beyond = next((value for value in controls.RATES if value > 1.1 * limit), controls.RATES[-1])
    tried = settings.model_copy(update={"learning_rate": rate(columns[1], "Learning rate of B", beyond, "other")})
    return kind == _CUTS[0], cut, tried


def _paths(subject: Subject, tried: Train) -> dict[str, Floats]:
    """The weights (updates + 1, parameters) of both runs; A's are those that were recorded or tried."""
    updates = min(subject.taken, MAX_UPDATES, len(subject.path) - 1 if subject.path is not None else MAX_UPDATES)
    if updates < subject.taken:
        st.caption(f"Drawn are the first {updates:,} of {subject.taken:,} updates.")
    rate = f"learning rate {subject.settings.learning_rate:g}"
    if subject.path is not None:
        mine, label = subject.path[: updates + 1], f"{subject.kind}, {rate}"
    else:
        mine = _walked(subject.rows, subject.identity, subject.settings.model_dump_json(), updates)
        label = f"linear, {rate}"
        st.caption(
            f"The {subject.kind} run has hidden layers; A is the linear model on the same rows with the same settings."
        )
    other = _walked(subject.rows, subject.identity, tried.model_dump_json(), updates)
    return {label: mine, f"learning rate {tried.learning_rate:g}": other}


@st.cache_resource(max_entries=16, show_spinner=False)
def _walked(_rows: Rows, identity: str, settings: str, updates: int) -> Floats:
    """Walk as `descend` would; `identity` is that of the run whose rows these are."""
    del identity
    knobs = Train.model_validate_json(settings)
    start = initial_linear_weights(_rows.features.shape[1], knobs.seed)
    return walk(Surface.of(_rows.features, _rows.target, knobs.loss), start, knobs, updates).positions


def _track(which: int, label: str, weights: Floats, cut: Slice, rows: Rows, settings: Train) -> Track:
    whole = Surface.of(rows.features, rows.target, settings.loss)
    positions = cut.project(weights)
    losses = whole.losses(weights)
    return Track(
        name=controls.NAMES[which],
        label=label,
        colour=RUNS[which],
        positions=positions,
        measures={
            _LOSS: losses,
            _ON_THE_CUT: cut.surface.losses(positions),
            "distance from the cut": cut.distances(weights),
        },
        gradients=whole.gradients(weights) @ cut.axes,
        batch_size=settings.batch_size,
        ending=f"{controls.NAMES[which]} diverged." if losses[-1] > 1e3 * max(losses[0], losses.min()) else "",
    )


def _landscape(cut: Slice, tracks: list[Track], loss: LossName, axes: tuple[str, str]) -> QuadraticLoss:
    centre = (float(cut.centre[0]), float(cut.centre[1]))
    window = contours.frame(centre, [(track.positions, track.measures[_ON_THE_CUT]) for track in tracks])
    return drawn(
        contours.picture(cut.surface, window),
        title=f"The {LOSS_NAMES[loss]} on the cut",
        bottom=("least squares", centre),
        axes=axes,
        coordinates=cut.names,
    )


def _curves(tracks: list[Track], rows: Rows, loss: LossName) -> Curves:
    """The loss of the whole model at each update, down to the least there is."""
    least = float(Surface.of(rows.features, rows.target, loss).losses(QuadraticSurface.of(rows).optimum[np.newaxis])[0])
    most = max(float(track.measures[_LOSS][0]) for track in tracks)
    floor = max(least, most * 1e-9, 1e-300)
    return Curves(
        title=f"The {LOSS_NAMES[loss]} of the whole model",
        description=f"The loss at each update, from {plain(most)} at the start; least squares has {plain(least)}.",
        decades=(float(np.log10(floor)) - 0.1, float(np.log10(max(most, floor))) + 0.7),
        reference=("least squares", floor),
        axes=("update", LOSS_NAMES[loss]),
    )
