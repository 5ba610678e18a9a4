"""Where the next run begins: with random weights, or at an update of another run; the address of the page says it."""

from typing import Final

import streamlit as st

from dashboard.live.plans import Branch, Origin, Plan
from dashboard.record.snapshot import Record
from dashboard.record.tables import Beginning
from dashboard.views.parts import jobs
from dashboard.views.train.parents import Parent, name_of

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
        name, _, update = kept.partition(":")
        choices[kept] = str(Beginning(int(update), _whose(name, record)))
    chosen = st.selectbox(
        "Begin with",
        list(choices),
        list(choices).index(address),
        format_func=choices.__getitem__,
        disabled=len(choices) == 1,
        help="A run that goes on from another is a branch: it keeps the model, the features and the order of the rows. "
        "Choose the update below, once there is a run.",
        key=f"begin {address} of {list(choices)}",
    )
    if chosen != address:
        begin_at(chosen)
        st.rerun()
    return branch or (None if address == _RANDOM else recorded)


def _whose(name: str, record: Record) -> str:
    """What people call the run with this name in an address: its number in the table of this visit, if it has one."""
    if name == name_of(record):
        return "the recorded run"
    numbers = {job.id: number for number, job in enumerate(st.session_state.get("tried", []), start=1)}
    return f"run {numbers[name]}" if name in numbers else "an earlier run"


def begin_as(plan: Plan, record: Record) -> None:
    """Let the next run begin where another began."""
    if isinstance(plan.origin, Branch):
        begin_at(f"{plan.origin.name}:{plan.origin.update}")
    else:
        begin_at(_RANDOM if plan.origin is None and record.training.start else "")


def begin_at(address: str) -> None:
    """Let the next run begin where an address says: `run:update`, `random`, or empty as the recorded run began."""
    if address:
        st.query_params[_ADDRESS] = address
    else:
        st.query_params.pop(_ADDRESS, None)


def _branch(record: Record, address: str) -> Branch | None:
    """The branch that an address names, or `None` where there is no such run or update."""
    name, _, update = address.partition(":")
    if name == name_of(record):
        parent: Parent | None = Parent.of_recorded(record)
    else:
        job = jobs.registry().get(name)
        parent = Parent.of_job(job) if job else None
    known = parent is not None and update.isascii() and update.isdecimal() and len(update) < 10
    if parent is None or not known or not parent.first < int(update) <= parent.last:
        return None
    return parent.at(int(update))
