"""A sweep on the server: started once for all who ask for the same, watched until it ends, ready for the next visit."""

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.live.jobs import SweepJob
from dashboard.live.plans import SweepPlan
from dashboard.views.parts import jobs
from pipeline.safety.errors import UserError

_KEPT: Final = 32


@st.cache_resource(show_spinner=False)
def sweeps() -> dict[str, SweepJob]:
    """The sweeps of this server by what they do, the latest last."""
    return {}


def sweep(name: str, plan: SweepPlan, label: str, show: Callable[[pd.DataFrame, float], None]) -> None:
    """Offer to carry out `plan`, watch it, and `show` its outcomes and seconds, also to others who ask for the same."""
    key = plan.key
    job = sweeps().get(key)
    done = job is not None and job.poll().phase == "done"
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(label, type="primary", key=f"start {name}", disabled=done or _active(job))
        if st.button("Stop", key=f"stop {name}", disabled=not _active(job)) and job is not None:
            job.stop()
    if pressed:
        job = _start(key, plan)
        if job is not None:
            st.rerun()
    if job is not None and not done:
        with st.container():  # a place that stays, as in `watch` for a command of DVC
            st.fragment(_watch, run_every=0.3 if _active(job) else None)(job)
    elif job is not None and (progress := job.poll()).outcomes is not None:
        show(progress.outcomes, progress.seconds)


def _active(job: SweepJob | None) -> bool:
    return job is not None and job.poll().active


def _start(key: str, plan: SweepPlan) -> SweepJob | None:
    try:
        job = jobs.registry().sweep(plan)
    except UserError as error:
        st.warning(str(error))
        return None
    kept = sweeps()
    kept.pop(key, None)
    kept[key] = job
    while len(kept) > _KEPT:
        kept.pop(next(iter(kept)))
    return job


def _watch(job: SweepJob) -> None:
    progress = job.poll()
    runs = len(job.plan.variations)
    if progress.phase == "done":
        st.rerun()
    if progress.active:
        done = f"{progress.runs} of {runs} runs" if progress.phase == "running" else f"{runs} runs: getting ready"
        st.progress(progress.runs / runs, done)
    elif progress.phase == "failed":
        st.error(progress.message)
    else:
        st.info("Stopped.")
