"""The loss over the two weights of a line, kernel and bias, next to the line itself."""

from contextlib import suppress
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.components.path_player import path_player
from dashboard.lessons.points import Points
from dashboard.lessons.stepper import Walk
from dashboard.lessons.surfaces import Surface
from dashboard.record.samples import in_words
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained_in
from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.caching import cached
from dashboard.views.parts.check import check_yourself
from dashboard.views.parts.limits import compare_scales
from dashboard.views.parts.query_params import count
from dashboard.views.parts.shared import store, table_for_download
from dashboard.views.surface.controls import NAMES, Choice, choose
from dashboard.views.surface.drawing import scatter, surface_view, track, walks
from dashboard.views.surface.explanations import show_limits
from dashboard.views.surface.presets import DOWNLOADS, PLAY, choose_preset
from dashboard.views.surface.questions import questions
from dashboard.views.surface.widgets import PLAYER, UPDATE, keep_update, key, use_clicked_start
from pipeline.arrays import sample_of
from pipeline.safety.errors import UserError

_ABOUT: Final = (
    "A line has two weights: **kernel**, its slope, and **bias**, its height. Every pair of values has a **loss**, the "
    "mean squared error of the line, and these losses form a surface. SGD starts at a random point and steps "
    "downhill, one batch of rows at a time. Press play, then move the learning rate."
)


def show_one_feature(record: Record) -> None:
    """Show the controls, the player, the limits and the table of updates."""
    sources = _sources(record)
    look_for = choose_preset(sources)
    about = look_for or _ABOUT
    st.container(key="about").markdown(about, help=explained_in(about))
    controls, pictures = st.container(key="pictures-first").columns([1, 3], gap="medium")
    with controls:
        choice = choose(record.training.settings, sources, record.format.readable)
        if choice.source != DOWNLOADS and (some := in_words(len(record.data.split.train), "training rows")):
            st.caption(f"The rows are {some}.")
        points = _scaled(choice)
    taken = walks(choice, points)
    with pictures:
        path_player(
            surface_view(choice, points, taken),
            [track(which, *pair) for which, pair in enumerate(zip(choice.settings, taken, strict=True))],
            scatter(choice, points, taken),
            key=PLAYER,
            update=count(UPDATE),
            on_update=keep_update,
            on_start=use_clicked_start,
            gradient="gradient of all rows",
            play=st.session_state.pop(PLAY, None),
        )
    show_limits(choice.settings, points.x, choice.loss)
    compare_scales(choice.points.x[:, np.newaxis], [choice.points.feature], choice.settings[0])
    _exact(choice, points, taken)
    check_yourself("surface", list(questions(points, taken[0], choice.settings[0])))


@cached(Record)
def _sources(record: Record) -> dict[str, Points]:
    """The bundled download times, and each feature of the recorded data against its target; of long tables a sample."""
    sources, words = {}, record.format
    with suppress(UserError):  # without that table the features are still there
        table = store().download_times()
        parts = [table[table["split"] == split] for split in ("train", "test")]
        arrays = [part[name].to_numpy() for part in parts for name in ("size_mb", "time_sec")]
        sources[DOWNLOADS] = Points("size", "time", "MB", "s", *arrays)
    data, target = record.data, record.data.target_name
    rows = [part[sample_of(len(part))] for part in (data.split.train, data.split.test)]
    inputs = [data.inputs(some) for some in rows]
    for place, name in enumerate(data.names):
        arrays = [values for some, of in zip(rows, inputs, strict=True) for values in (of[:, place], data.target[some])]
        units = words.column(name).unit, words.column(target).unit
        sources[name] = Points(words.readable(name), words.readable(target), *units, *arrays)
    return sources


def _scaled(choice: Choice) -> Points:
    if choice.normalized:
        try:
            return choice.points.normalized()
        except UserError:
            name = escape_markdown(choice.points.feature)
            st.info(f"{name} is the same in every row. Its standard deviation is 0, so it cannot be normalized.")
    return choice.points


def _exact(choice: Choice, points: Points, taken: list[Walk]) -> None:
    opened = st.expander("Every update, in exact numbers", key=key("every"), on_change="rerun", bind="query-params")
    if not opened.open:  # thousands of rows are sent only when someone opens it
        return
    with opened:
        test = Surface.of(points.test_x, points.test_y, choice.loss)
        for name, walk in zip(NAMES, taken, strict=False):
            beyond = test.losses(walk.positions[-1:])[0]
            st.markdown(
                f"**{name}** ends after {walk.updates} updates at kernel {float(walk.positions[-1, 0])!r}, bias "
                f"{float(walk.positions[-1, 1])!r}. Its loss is {float(walk.losses[-1])!r}; "
                f"on the {len(points.test_y)} test rows {float(beyond)!r}."
            )
        walk = taken[0]
        if len(taken) > 1:
            name = st.segmented_control("Setting", NAMES[: len(taken)], default=NAMES[0], required=True)
            walk = taken[NAMES.index(str(name))]
        table = _every_update(walk)
        st.dataframe(table, hide_index=True, height=300, alt="Kernel, bias, loss and gradients at every update.")
        table_for_download("updates.csv", table)


def _every_update(walk: Walk) -> pd.DataFrame:
    """A walk as a table; no update follows the last row, so it has no batch gradient."""
    batch = np.vstack([walk.batch_gradients, np.full((1, 2), np.nan)])
    columns = {"update": np.arange(walk.updates + 1), "kernel": walk.positions[:, 0], "bias": walk.positions[:, 1]}
    columns["loss, all rows"] = walk.losses
    for name, gradients in (("batch gradient", batch), ("gradient of all rows", walk.gradients)):
        columns |= {f"{name}, kernel": gradients[:, 0], f"{name}, bias": gradients[:, 1]}
    return pd.DataFrame(columns)
