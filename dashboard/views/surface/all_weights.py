"""A flat cut through the loss over all weights of the linear model, with the path of a run and of a variant of it."""

from collections.abc import Callable
from typing import Final

import numpy as np
import streamlit as st

from dashboard.components.path_player import path_player
from dashboard.lessons import slices
from dashboard.lessons.slices import QuadraticSurface, Slice
from dashboard.record.samples import in_words
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained, explained_in
from dashboard.text.limits import NO_LIMIT
from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.columns import choose_column
from dashboard.views.parts.limits import BATCH_NOISE, compare_scales, explain_limit, show_factors
from dashboard.views.parts.query_params import count, one_of
from dashboard.views.surface.all_weights_drawing import MAX_POINTS, curves, paths, surface_view, track
from dashboard.views.surface.explanations import directions, what_is_exact
from dashboard.views.surface.run_choice import ChosenRun, choose_run
from dashboard.views.surface.widgets import PLAYER, RATES, UPDATE, keep_update, key, rate
from pipeline.network.linear import Curvature
from pipeline.params import Train

_CUTS: Final = ("Steepest and flattest", "Two weights")
_HIDDEN: Final = "The {} run has hidden layers; A is the linear model on the same rows with the same settings. "


def show_all_weights(record: Record) -> None:
    """Show the cut, the player, and which of its numbers are exact."""
    text = st.container()
    run = choose_run(record)
    rows, settings, every = run.measured, run.settings, len(run.data.split.train)
    lowest = "its lowest point, the least-squares optimum"
    if settings.loss == "mae":
        lowest = "the least-squares optimum, which is near its lowest point but not at it"
    linear, whole = run.path is not None, len(run.names) == 2
    picture = f"too many to draw its loss surface. This is a flat cut through the surface at {lowest}. "
    about = (
        f"The {run.kind if linear else 'linear'} model has {len(run.names)} weights (the bias included), "
        + ("so this is its whole loss surface. " if whole else picture)
        + (f"A is the {run.kind} run. " if linear else _HIDDEN.format(run.kind))
        + "B has the same start and the same batches, but the learning rate you choose."
    )
    if settings.loss == "mae" and (some := in_words(every, "training rows")):
        about += f" The losses and the surface are those of {some}."
    text.markdown(about, help=explained_in(about))
    readable = record.format.readable
    along_curvature, cut, tried = _choose_cut(run, readable)
    both = paths(run, tried)
    stride = -(-max(len(path) - 1 for path in both.values()) // MAX_POINTS) or 1  # of the points that are kept
    tracks = [
        track(which, label, path[::stride], cut, rows, settings) for which, (label, path) in enumerate(both.items())
    ]
    across, up = (readable(name) for name in cut.names)
    axes = cut.names if along_curvature else (f"weight of {across}", f"weight of {up}")
    path_player(
        surface_view(cut, tracks, settings.loss, axes, whole),
        tracks,
        curves(tracks, rows, settings.loss),
        key=PLAYER,
        update=count(UPDATE),
        on_update=keep_update,
        gradient="gradient on the cut",
        stride=stride * run.every,
    )
    if along_curvature:
        directions(QuadraticSurface.of(rows), [readable(name) for name in run.names])
    if not whole:
        what_is_exact(along_curvature, settings.loss)
    if settings.loss == "mse":
        st.subheader("Why a learning rate diverges", anchor=False, help=explained("diverge"))
        curvature = Curvature.of(rows.features)
        explain_limit(curvature, settings)
        show_factors(curvature, settings, {tried.learning_rate: " (B)", settings.learning_rate: " (A)"})
        if settings.batch_size < every:
            st.caption(BATCH_NOISE, help=explained_in(BATCH_NOISE, "batch"))
    else:
        st.caption(NO_LIMIT, help=explained_in(NO_LIMIT))
    features = [readable(name) for name in run.data.names]
    compare_scales(run.data.scaling.invert(rows.features), features, settings)


def _choose_cut(run: ChosenRun, readable: Callable[[str], str]) -> tuple[bool, Slice, Train]:
    """Return whether the cut is along the curvature, the cut itself, and the settings of run B."""
    rows, names, settings = run.measured, run.names, run.settings
    columns = st.columns([1.5, 2, 1, 1])
    with columns[0]:
        help_text = "The directions in which the squared error curves most and least, or two of the weights."
        kind = one_of("Cut along", _CUTS, key("cut"), help_text)
    if kind == _CUTS[0]:
        cut = slices.along_curvature(rows, settings.loss)
    else:
        largest = np.argsort(-np.abs(QuadraticSurface.of(rows).optimum[:-1]))
        usual = (int(largest[0]), int(largest[1]) if len(largest) > 1 else len(names) - 1)
        across, up = (
            names.index(choose_column(title, names, names[index], key(name), readable, column))
            for column, title, index, name in zip(columns[2:], ("Across", "Up"), usual, ("across", "up"), strict=True)
        )
        if across == up:
            up = (across + 1) % len(names)
            st.caption(f"A cut needs two different weights, so Up is {escape_markdown(readable(names[up]))}.")
        cut = slices.along_weights(rows, names, (across, up), settings.loss)
    limit = Curvature.of(rows.features).limit(settings)
    beyond = next((value for value in RATES if value > 1.1 * limit), RATES[-1])
    tried = settings.model_copy(update={"learning_rate": rate(columns[1], "Learning rate of B", beyond, "other")})
    return kind == _CUTS[0], cut, tried
