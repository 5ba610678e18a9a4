"""Where the next run begins: with random weights, or at an update of another run; the address of the page says it."""

from typing import Final

import streamlit as st

from dashboard.live.jobs import Job
from dashboard.live.plans import Branch, Origin
from dashboard.record.snapshot import Record
from dashboard.record.tables import Beginning
from dashboard.views.parts import jobs
from dashboard.views.parts.ended_runs import EndedRun, name_of
from dashboard.views.parts.jobs import run_names
from dashboard.views.parts.query_params import count_in, keep_in_address

_ADDRESS: Final = "branch"
"""Holds `run:update`, or `random` where the recorded run is a branch and the next run is not to be one."""

_RANDOM: Final = "random"


def choose_origin(record: Record) -> Origin:
    """Choose where the next run begins: with random weights, at the branch in the address, or as the recorded run."""
    recorded, address = record.training.start, st.query_params.get(_ADDRESS, "")
    branch = None
    if address not in ("", _RANDOM) and (branch := _branch(record, address)) is None:
        st.info("The run that this address goes on from has no such update, or is no longer kept.")
        begin_at("")
        address = ""
    if branch:
        st.session_state["last branch"] = address
    kept = st.session_state.get("last branch", address)
    choices = {_RANDOM if recorded else "": str(Beginning())}
    if recorded:
        choices[""] = f"update {recorded.update:,}, as the recorded run"
    if kept not in ("", _RANDOM):
        known = branch or _branch(record, kept)
        if known:
            choices[kept] = str(Beginning.of(known.update, known.parent_sha256, run_names(record)))
    chosen = st.selectbox(
        "Begin with",
        list(choices),
        list(choices).index(address),
        format_func=choices.__getitem__,
        disabled=len(choices) == 1,
        help="A run that goes on from another is a branch: it keeps the model, the features and, with the same seed, "
        "the order of the rows. Choose the update below, once there is a run.",
        key=f"begin {address} of {list(choices)}",
    )
    if chosen != address:
        begin_at(chosen)
        st.rerun()
    return branch or (None if address == _RANDOM else recorded)


def begin_as(job: Job, record: Record) -> None:
    """Let the next run begin where that of a job began."""
    origin, recorded = job.plan.origin, record.training.start
    if isinstance(origin, Branch):
        begin_at(f"{origin.name}:{origin.update}")
    elif origin is None:
        begin_at(_RANDOM if recorded else "")
    else:  # as the recorded run began, unless another one is recorded since
        begin_at("" if recorded and recorded == origin else f"{job.id}:{origin.update}")


def begin_at(address: str) -> None:
    """Let the next run begin where an address says: `run:update`, `random`, or empty as the recorded run began."""
    keep_in_address(_ADDRESS, address)


def _branch(record: Record, address: str) -> Branch | None:
    """The branch that an address names, or `None` where there is no such run or update."""
    name, _, update = address.partition(":")
    if name == name_of(record):
        parent: EndedRun | None = EndedRun.of_recorded(record)
    else:
        job = jobs.registry().get(name)
        parent = EndedRun.of_job(job) if job else None
    number = count_in(update)
    if parent is None or number is None:
        return None
    return parent.at(number) if max(1, parent.first) <= number <= parent.last else None
