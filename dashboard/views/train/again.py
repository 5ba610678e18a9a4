"""Run again, from the beginning or from any update on, with one setting changed."""

from typing import Any, Final, Literal

import streamlit as st

from dashboard.live.jobs import Job
from dashboard.record.snapshot import Record
from dashboard.text.markdown import capitalized
from dashboard.text.numbers import format_setting
from dashboard.views.parts.ended_runs import EndedRun
from dashboard.views.parts.jobs import run_names
from dashboard.views.train.branch import begin_as, begin_at
from dashboard.views.train.controls import change_setting, take_settings
from pipeline.arrays import significant
from pipeline.safety.files import short

_MUCH: Final = 0.9

Change = tuple[Literal["train", "normalize"], str, Any]


def run_again(job: Job | None, record: Record) -> None:
    """Offer the run that is shown, or the recorded one, again with one setting changed, from any of its updates on."""
    parent = EndedRun.of_recorded(record) if job is None else EndedRun.of_job(job)
    if parent is None:
        return
    whose = "the recorded run" if job is None else run_names(record).get(short(parent.sha256), "this run")
    st.subheader(f"{capitalized(whose)} again, with one setting changed", anchor=False)
    update = parent.first
    if parent.last > parent.first:
        update = st.slider(
            "From update", parent.first, parent.last, update, key=f"again {parent.name}", help=f"Any moment of {whose}."
        )
    st.caption(parent.describe(update))
    with st.container(horizontal=True):
        for label, change in _changes(parent).items():
            if st.button(label, help=None if change else "Opens the settings at the top, without training."):
                take_settings(parent.plan)
                if change:
                    change_setting(*change)
                    st.session_state["train at once"] = True
                if update > parent.first:
                    begin_at(f"{parent.name}:{update}")
                elif job is None:
                    begin_at("")
                else:
                    begin_as(job, record)
                st.rerun()


def _changes(parent: EndedRun) -> dict[str, Change | None]:
    train, rows = parent.plan.train, len(parent.plan.data.split.train)
    momentum = 0.0 if train.momentum == _MUCH else _MUCH
    half, twice = (significant(train.learning_rate * times, 3) for times in (0.5, 2))
    return {
        f"Half the learning rate: {format_setting(half)}": ("train", "learning_rate", half),
        f"Twice the learning rate: {format_setting(twice)}": ("train", "learning_rate", twice),
        f"Momentum {momentum}" if momentum else "No momentum": ("train", "momentum", momentum),
        "One row a batch": ("train", "batch_size", 1),
        "All rows a batch": ("train", "batch_size", rows),
        "Raw features": ("normalize", "scaling", "none"),
        "Other settings": None,
    }
