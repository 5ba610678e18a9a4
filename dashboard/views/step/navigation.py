"""The update to show, of the recorded run or of the same run with another batch size or learning rate."""

from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import numpy as np
import streamlit as st

from dashboard.lessons.step import Course, Step
from dashboard.record.snapshot import Record
from dashboard.record.tables import weight_names
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.caching import cached
from dashboard.views.parts.query_params import in_address, whole_number
from pipeline.network.sgd import updates_per_epoch
from pipeline.params import Train

_UPDATE: Final = "step-update"

MAX_TRIED: Final = 6_000
"""How many updates are computed for settings other than the recorded ones."""


@dataclass(frozen=True)
class ShownUpdate:
    """One update of a course, and the names of the weights: the features, then `bias`; its `token` is unique."""

    token: str
    course: Course
    step: Step
    names: tuple[str, ...]


def choose(record: Record) -> ShownUpdate:
    """Show the controls, and return the chosen update."""
    navigation = st.container()
    settings, note = _settings(record)
    course = _course(record, settings, note)
    if course.updates == 0:
        st.warning("The very first update overflows: lower the learning rate.")
        st.stop()
    with navigation:
        update = _choose_update(course)
        epoch, batch = course.place(update)
        step = course.step(update)
        st.markdown(
            f"**Epoch {epoch}, batch {batch} of {course.batches_per_epoch}**: update {update:,} of {course.updates:,}, "
            f"on {len(step.rows):,} of {len(course.train.target):,} training rows. {note}"
        )
        batch_loss, whole_loss = (
            f"**{format_number(before, 4)} → {format_number(after, 4)}**" for before, after in course.losses(step)
        )
        st.markdown(f"The loss before → after this update: on this batch {batch_loss}, on all rows {whole_loss}.")
    token = f"{record.token} {settings.model_dump_json()} {update}"
    return ShownUpdate(token, course, step, weight_names(record.data.names))


def _settings(record: Record) -> tuple[Train, str]:
    """The settings, and a note where they differ from the recorded run."""
    recorded = record.training.settings
    rows, rate = len(record.data.split.train), recorded.learning_rate
    with st.expander("Try another batch size or learning rate"):
        left, right = st.columns(2)
        size = whole_number(left, "Batch size", (1, rows, recorded.batch_size), "step-batch")
        bounds = (min(1e-9, rate), max(10.0, rate), rate)
        tried = right.number_input("Learning rate", *bounds, step=0.01, format="%g", **in_address("step-rate"))
    settings = recorded.model_copy(update={"batch_size": size, "learning_rate": tried, "model": "linear"})
    if recorded.model != "linear":
        return settings, "The recorded run has hidden layers. This is the linear model with the same rows and settings."
    if settings != recorded:
        return settings, (
            f"This is not the recorded run: the start and the order of the rows are the same, but the learning rate is "
            f"{format_setting(settings.learning_rate)} and the batch size {settings.batch_size}."
        )
    return settings, ""


@cached(Record)
def _course(record: Record, settings: Train, note: str) -> Course:
    train = record.data.part("train")
    if not note:
        return Course(train, settings, record.run.weights.astype(np.float64))
    updates = settings.epochs * updates_per_epoch(len(train.target), settings.batch_size)
    return Course.walk(train, settings, min(updates, MAX_TRIED))


def _choose_update(course: Course) -> int:
    last, epoch = course.updates, course.batches_per_epoch
    with st.container(horizontal=True, vertical_alignment="bottom"):
        buttons = st.container(horizontal=True, width="content")
        now = whole_number(st.container(width=150), "Update", (1, last, 1), _UPDATE)
    with buttons:
        for label, by in {"Back one epoch": -epoch, "Back": -1, "Next batch": 1, "Next epoch": epoch}.items():
            kind: Literal["primary", "secondary"] = "primary" if label == "Next batch" else "secondary"
            jump = partial(st.session_state.update, {_UPDATE: now + by})
            st.button(label, type=kind, on_click=jump, disabled=not 1 <= now + by <= last)
    return now
