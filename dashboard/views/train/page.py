"""Train: choose the settings, see what will happen, train, compare, record."""

import streamlit as st

from dashboard.live.jobs import Job
from dashboard.live.plans import Plan
from dashboard.read_only import is_read_only
from dashboard.views.parts import jobs
from dashboard.views.parts.check import check_yourself
from dashboard.views.parts.query_params import keep_in_address
from dashboard.views.parts.read_only import is_off
from dashboard.views.parts.shared import recorded
from dashboard.views.train.again import run_again
from dashboard.views.train.branch import begin_as
from dashboard.views.train.comparison import show_comparison
from dashboard.views.train.controls import controls, take_settings
from dashboard.views.train.forecast import show_forecast
from dashboard.views.train.live import live
from dashboard.views.train.one_epoch import show_one_epoch
from dashboard.views.train.other_rates import show_other_rates
from dashboard.views.train.pace import choose_delay, skip_to_end
from dashboard.views.train.questions import questions
from dashboard.views.train.recording import recording
from dashboard.views.train.tried import keep, show_tried
from pipeline.safety.errors import UserError


def show() -> None:
    """Show the page."""
    record = recorded()
    st.title("Train")
    job = _last_job()
    left, right = st.columns([3, 5], gap="large")
    with left:
        try:
            plan = controls(record)
        except UserError as error:
            st.error(str(error))
            st.stop()
        job = _buttons(plan, job)
    with right:
        expected = st.container()
        live(job, plan, record.format)
    at_other_rates = st.container()
    result = job.poll().result if job is not None else None
    if job is not None and result is not None:
        show_one_epoch(job.poll(), job.plan, record.format)
        keep(job)
    show_tried(job, record)
    if (job is None or result is not None) and not is_read_only():
        run_again(job, record)
    if job is not None and result is not None:
        show_comparison(job, result, record)
        recording(job, result, record)
    with expected:  # last, because it is computed while the rest of the page is seen already
        limits = show_forecast(plan)
    if limits is not None:
        with at_other_rates:
            show_other_rates(plan, limits)
    check_yourself("train", questions(record), "mean squared error (MSE)", "training rows", "validation rows")


def _last_job() -> Job | None:
    """The run of the address, or else the last one of this visit; say so where it is no longer kept."""
    name = st.query_params.get("job") or st.session_state.get("last job", "")
    job = jobs.registry().get(name) or next((run for run in jobs.tried_runs() if run.id == name), None)
    if job is not None:
        if "settings" not in st.session_state:  # a new visit: the widgets say what the run that it shows was
            take_settings(job.plan)
            if "branch" not in st.query_params:
                begin_as(job, recorded())
        st.query_params["job"] = st.session_state["last job"] = job.id
    elif "job" in st.query_params:
        st.info("The run in this address is no longer kept. Train it again with the settings below.")
        keep_in_address("job", None)
    return job


def _buttons(plan: Plan, job: Job | None) -> Job | None:
    """Train, Stop, and the speed; returns the job that is shown now."""
    if is_off("train"):
        return job
    active = job is not None and job.poll().active
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pressed = st.button("Train", type="primary", disabled=active)
        if st.button("Stop", disabled=not active) and job is not None:
            job.stop()
        skip_to_end(job if active else None)
        delay = choose_delay(plan, job if active else None)
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
