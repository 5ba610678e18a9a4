"""The jobs of this server: one registry of live runs and sweeps for every page and every visitor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from dashboard.live.jobs import Job, SweepJob
from dashboard.live.plans import SweepPlan
from dashboard.live.registry import Registry
from dashboard.record.snapshot import Record
from dashboard.record.tables import BRANCH, Beginning, changes, settings_of
from dashboard.views.parts.read_only import is_off
from dashboard.views.parts.shared import records
from pipeline.safety.errors import UserError
from pipeline.safety.files import short

MAX_KEPT: Final = 20
"""So many of the runs of a visit are kept."""

RUNS_KEY: Final = "runs"
"""Names them in the address."""


@dataclass
class _LastSweep:
    """The last sweep that was started for a plan with this key."""

    key: str
    job: SweepJob | None = None


@st.cache_resource(show_spinner=False, on_release=Registry.close)
def registry() -> Registry:
    """The jobs and workers of this server."""
    return Registry(records().root)


def tried_runs() -> list[Job]:
    """The finished runs of this visit, the oldest first; a new visit begins with those that its address names."""
    if "tried" not in st.session_state:
        names = list(dict.fromkeys(st.query_params.get(RUNS_KEY, "").split(",")))[-MAX_KEPT:]
        named = [registry().get(name) for name in names]
        st.session_state["tried"] = [job for job in named if job is not None and job.poll().result is not None]
    runs: list[Job] = st.session_state["tried"]
    return runs


def run_names(record: Record) -> dict[str, str]:
    """What people call the runs of this visit and the recorded one, by the beginning of the hash of their weights."""
    hashes = [result.metrics.weights_sha256 for job in tried_runs() if (result := job.poll().result) is not None]
    names = {short(sha256): f"run {number}" for number, sha256 in enumerate(hashes, start=1)}
    return {**names, short(record.training.weights_sha256): "the recorded run"}


def changed_settings(job: Job, record: Record) -> dict[str, Any]:
    """What a run changed of the recorded one's settings."""
    recorded = settings_of(record.training.settings, record.data.settings)
    changed = changes(settings_of(job.plan.train, job.plan.normalize), recorded)
    begins, began = job.plan.origin, record.training.start
    if (begins and (begins.update, begins.parent_sha256)) != (began and (began.update, began.parent_sha256)):
        names = run_names(record)
        changed[BRANCH] = Beginning.of(begins.update, begins.parent_sha256, names) if begins else Beginning()
    return changed


def sweep(
    name: str,
    plan: SweepPlan,
    label: str,
    show: Callable[[pd.DataFrame, float], None],
    kind: Literal["primary", "secondary"] = "primary",
    hint: str | None = None,
) -> None:
    """Offer to carry out `plan`, watch it, and `show` its outcomes and seconds, also to others who ask for the same.

    The `hint` says what for.
    """
    if is_off("train"):
        return
    last = _last_sweep(plan.key)
    progress = last.job.poll() if last.job else None
    active, done = progress is not None and progress.active, progress is not None and progress.phase == "done"
    with st.container(horizontal=True, vertical_alignment="center"):
        trained = "These runs are trained; the slider asks for others." if done else None
        pressed = st.button(label, type=kind, key=f"start {name}", disabled=done or active, help=hint or trained)
        if last.job and active:
            st.button("Stop", key=f"stop {name}", on_click=last.job.stop)
    if pressed:
        try:
            last.job = registry().sweep(plan)
            st.rerun()
        except UserError as error:
            st.warning(str(error))
    elif progress is not None and progress.outcomes is not None:
        show(progress.outcomes, progress.seconds)
    elif last.job is not None:
        with st.container():  # a place that stays, as in `watch` for a command of DVC
            st.fragment(_watch, run_every=0.3 if active else None)(last.job, active)


@st.cache_resource(show_spinner=False, max_entries=32)
def _last_sweep(key: str) -> _LastSweep:
    return _LastSweep(key)


def _watch(job: SweepJob, was_active: bool) -> None:
    progress = job.poll()
    runs = len(job.plan.variations)
    if progress.phase == "done" or (was_active and not progress.active):
        st.rerun()
    if progress.active:
        done = f"{progress.runs} of {runs} runs" if progress.phase == "running" else f"{runs} runs: getting ready"
        st.progress(progress.runs / runs, done)
    elif progress.phase == "failed":
        st.error(progress.message)
    else:
        st.info("Stopped.")
