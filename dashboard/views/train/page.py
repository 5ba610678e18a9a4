"""Train: choose the settings, see what will happen, train, compare, record."""

from typing import Any, Final, Literal

import streamlit as st

from dashboard.live.jobs import Job
from dashboard.live.plans import Plan
from dashboard.record.snapshot import Record
from dashboard.views.parts import jobs
from dashboard.views.parts.check import check_yourself
from dashboard.views.parts.shared import recorded
from dashboard.views.train.branch import begin_as, choose_origin, offer_branch
from dashboard.views.train.comparison import show_comparison
from dashboard.views.train.controls import change_setting, controls, take_settings
from dashboard.views.train.forecast import show_forecast
from dashboard.views.train.live import live
from dashboard.views.train.one_epoch import show_one_epoch
from dashboard.views.train.other_rates import show_other_rates
from dashboard.views.train.questions import questions
from dashboard.views.train.recording import recording
from dashboard.views.train.tried import keep, show_tried, tried_runs
from pipeline.safety.errors import UserError

_SPEEDS: Final = {"Full speed": 0.0, "20 ms an epoch": 0.02, "0.1 s an epoch": 0.1, "1 s an epoch": 1.0}


def show() -> None:
    """Show the page."""
    record = recorded()
    st.title("Train")
    job = _last_job()
    left, right = st.columns([3, 5], gap="large")
    with left:
        try:
            plan = controls(record, choose_origin(record))
        except UserError as error:
            st.error(str(error))
            st.stop()
        job = _buttons(plan, job)
    with right:
        limits = show_forecast(plan)
        live(job, plan, record.format)
    if limits is not None:
        with left:
            show_other_rates(plan, limits)
    result = job.poll().result if job is not None else None
    if job is not None and result is not None:
        show_one_epoch(job.poll(), job.plan, record.format)
        keep(job)
    show_tried(job, record)
    if job is None or result is not None:
        offer_branch(job, record)
    if job is not None and result is not None:
        _with_one_change(job, record)
        show_comparison(job, result, record)
        recording(job, result, record)
    check_yourself("train", questions(record))


def _last_job() -> Job | None:
    """The run of the address, or else the last one of this visit; say so where it is no longer kept."""
    name = st.query_params.get("job") or st.session_state.get("last job", "")
    job = jobs.registry().get(name) or next((run for run in tried_runs() if run.id == name), None)
    if job is not None:
        if "settings" not in st.session_state:  # a new visit: the widgets say what the run that it shows was
            take_settings(job.plan)
        st.query_params["job"] = st.session_state["last job"] = job.id
    elif "job" in st.query_params:
        st.info("The run in this address is no longer kept. Train it again with the settings below.")
        del st.query_params["job"]
    return job


def _buttons(plan: Plan, job: Job | None) -> Job | None:
    """Train, Stop, and the speed; returns the job that is shown now."""
    active = job is not None and job.poll().active
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pressed = st.button("Train", type="primary", disabled=active)
        if st.button("Stop", disabled=not active) and job is not None:
            job.stop()
        delay = _delay(job if active else None)
    if st.session_state.pop("train at once", False) or pressed:
        try:
            job = jobs.registry().start(plan, delay)
            st.query_params["job"] = job.id
            st.rerun()
        except UserError as error:
            st.warning(str(error))
    elif not active:
        jobs.registry().warm(plan)
    return job


def _delay(job: Job | None) -> float:
    """Choose how long an epoch lasts at least; a run that goes on says what it is now, and follows a change."""
    speeds = list(_SPEEDS)
    kept = st.session_state.get("chosen speed", speeds[0])
    now = next((speed for speed in speeds if job and _SPEEDS[speed] == job.delay), kept)
    speed = st.selectbox(
        "Slow down to watch",
        speeds,
        speeds.index(now),
        width=180,
        help="At full speed there is little to see.",
        key=f"speed of {job.id}" if job else "speed",
    )
    st.session_state["chosen speed"] = speed
    if job is not None and _SPEEDS[speed] != job.delay:
        job.slow_down(_SPEEDS[speed])
    return _SPEEDS[speed]


def _with_one_change(job: Job, record: Record) -> None:
    """Offer the same run, same seed and batch order, with one setting changed."""
    train, rows = job.plan.train, len(job.plan.data.split.train)
    momentum = 0.0 if train.momentum == 0.9 else 0.9
    choices: dict[str, tuple[Literal["train", "normalize"], str, Any]] = {
        "Half the learning rate": ("train", "learning_rate", float(f"{train.learning_rate / 2:.3g}")),
        "Twice the learning rate": ("train", "learning_rate", float(f"{train.learning_rate * 2:.3g}")),
        "Momentum 0.9" if momentum else "No momentum": ("train", "momentum", momentum),
        "One row a batch": ("train", "batch_size", 1),
        "All rows a batch": ("train", "batch_size", rows),
        "Raw features": ("normalize", "scaling", "none"),
    }
    st.caption("Run again with one setting changed (same seed):")
    with st.container(horizontal=True):
        for name, change in choices.items():
            if st.button(name):
                take_settings(job.plan)
                begin_as(job.plan, record)
                change_setting(*change)
                st.session_state["train at once"] = True
                st.rerun()
