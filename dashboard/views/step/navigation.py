"""The update to show, of the recorded run or of the same run with another batch size or learning rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.lessons.step import MAX_ROWS_TAKEN, Course, Step
from dashboard.lessons.step_code import code_of_a_step
from dashboard.record.snapshot import Record
from dashboard.record.tables import Beginning, weight_names
from dashboard.text.glossary import explained
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.caching import cached
from dashboard.views.parts.query_params import in_address, whole_number
from pipeline.params import Train
from pipeline.record.start import kept_every, updates_between

_UPDATE: Final = "step-update"
_PART: Final = "step-part"

PARTS: Final = ("1. Draw", "2. Predict", "3. Loss", "4. Gradient", "5. Update")
"""The parts of a step, in their order."""

EXACT: Final = "step-exact"

MAX_TRIED: Final = 6_000
"""How many updates are computed for settings other than the recorded ones."""


@dataclass(frozen=True)
class ShownUpdate:
    """One update of a course, and the names of the weights: the features, then `bias`; its `token` is unique."""

    token: str
    course: Course
    step: Step
    names: tuple[str, ...]


def choose(record: Record, navigation: DeltaGenerator) -> ShownUpdate:
    """Show the way through the updates in `navigation`, other settings here, and return the chosen update."""
    settings, note = _settings(record)
    course = _course(record, settings, note)
    if not (note or record.run.is_whole):
        every = kept_every(settings, record.training.start, len(record.data.split.train))
        note = (
            f"The record keeps the weights after one in {every:,} updates: these are the first {course.updates:,}, "
            "computed again."
        )
    if course.updates == 0:
        st.warning("The very first update overflows: lower the learning rate.")
        st.stop()
    with navigation:
        update = _choose_update(course)
        epoch, batch, batches = course.place(update)
        step = course.step(update)
        branch = ""
        if start := course.start:
            branch = (
                f" This run is a branch: its first update follows {Beginning.of(start.update, start.parent_sha256)}."
            )
        batch_loss, whole_loss = (
            f"**{format_number(before, 4)} → {format_number(after, 4)}**" for before, after in course.losses(step)
        )
        st.markdown(
            f"**Epoch {epoch}, batch {batch} of {batches}**: update {update:,} of {course.updates:,}, "
            f"on {len(step.rows):,} of {len(course.train.target):,} training rows. "
            f"The loss before → after this update: on this batch {batch_loss}, on all rows {whole_loss}. "
            f"{note}{branch}",
            help=explained("training rows"),
        )
    token = f"{record.token} {settings.model_dump_json()} {update}"
    return ShownUpdate(token, course, step, weight_names(record.data.names))


def parts(place: DeltaGenerator) -> Sequence[DeltaGenerator]:
    """The five parts of a step as tabs, to be drawn before the buttons that lead from one to another."""
    tabs: Sequence[DeltaGenerator] = place.tabs(PARTS, key=_PART, bind="query-params")
    return tabs


def add_code(tabs: Sequence[DeltaGenerator], shown: ShownUpdate) -> None:
    """Put the code of each part behind a button below it."""
    for tab, code in zip(tabs, code_of_a_step(shown.course.settings), strict=True):
        tab.popover("Code").code(code, language="python")


def digits_shown(usual: int = 4) -> int | None:
    """The digits of the numbers in tables: all, which is `None`, once the reader has asked for exact numbers."""
    return None if st.session_state.get(EXACT) else usual


def _settings(record: Record) -> tuple[Train, str]:
    """The settings, and a note where they differ from the recorded run."""
    recorded = record.training.settings
    rows, rate = len(record.data.split.train), recorded.learning_rate
    with st.expander("Try another batch size or learning rate"):
        left, right = st.columns(2)
        size = whole_number(left, "Batch size", (1, rows, recorded.batch_size), "step-batch", explained("batch"))
        bounds = (min(1e-9, rate), max(10.0, rate), rate)
        more = {"help": explained("learning rate"), **in_address("step-rate")}
        tried = right.number_input("Learning rate", *bounds, step=0.01, format="%g", **more)
    settings = recorded.model_copy(update={"batch_size": size, "learning_rate": tried, "model": "linear"})
    if not recorded.is_linear:
        return settings, "The recorded run has hidden layers. This is the linear model with the same rows and settings."
    if settings != recorded:
        return settings, (
            f"This is not the recorded run: the start and the order of the rows are the same, but the learning rate is "
            f"{format_setting(settings.learning_rate)} and the batch size {settings.batch_size}."
        )
    return settings, ""


@cached(Record)
def _course(record: Record, settings: Train, note: str) -> Course:
    train, whole = record.data.part("train"), record.data.whole(settings.loss)
    if not note and record.run.is_whole:
        return Course(train, settings, record.run.weights.astype(np.float64), record.training.start, whole)
    start = record.training.start if record.training.settings.is_linear else None
    updates = updates_between(start, settings.epochs, len(train.target), settings.batch_size)
    most = max(1, min(updates, MAX_TRIED, MAX_ROWS_TAKEN // settings.batch_size))
    return Course.walk(train, settings, most, start, whole)


def _choose_update(course: Course) -> int:
    """Walk through the parts of a step and on to the next one, or jump to another update."""
    last, epoch = course.updates, course.batches_per_epoch
    with st.container(horizontal=True, vertical_alignment="bottom"):
        walk = st.container(horizontal=True, width="content")
        now = whole_number(st.container(width=150), "Update", (1, last, 1), _UPDATE)
        jumps = st.container(horizontal=True, width="content")
    part = PARTS.index(st.session_state.get(_PART, PARTS[0]))
    with walk:
        _go("Back", now, part - 1, last)
        _go("Next", now, part + 1, last, main=True)
    with jumps:
        _go("Back one epoch", now - epoch, part, last, about="epoch")
        _go("Previous batch", now - 1, part, last, about="batch")
        _go("Next batch", now + 1, part, last, about="batch")
        _go("Next epoch", now + epoch, part, last, about="epoch")
    return now


def _go(label: str, update: int, part: int, last: int, main: bool = False, about: str = "") -> None:
    """A button that leads to a part of an update; the part before the first is the last one of the update before."""
    update, part = update + part // len(PARTS), part % len(PARTS)
    st.button(
        label,
        type="primary" if main else "secondary",
        help=explained(about) or None,
        on_click=st.session_state.update,
        args=({_UPDATE: update, _PART: PARTS[part]},),
        disabled=not 1 <= update <= last,
    )
