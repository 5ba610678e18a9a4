"""Branch: go on from any update of a run with other settings."""

from dataclasses import replace
from typing import Final

import numpy as np
import streamlit as st

from dashboard.live.jobs import Job
from dashboard.live.plans import Branch, Origin, Plan
from dashboard.record.snapshot import Record
from dashboard.text.numbers import format_number
from dashboard.views.parts import jobs
from dashboard.views.parts.shared import store
from dashboard.views.train.controls import take_settings
from pipeline.network.layers import Layer, Weights
from pipeline.record.start import Start, position, updates_between
from pipeline.safety.errors import UserError

_ADDRESS: Final = "branch"
"""Holds `run:update`, or `random` where the recorded run is a branch and the next run is not to be one."""

_RECORDED: Final = "recorded"
_RANDOM: Final = "random"


def choose_origin(record: Record) -> Origin:
    """Say where the next run begins, with a way back to random weights."""
    address = st.query_params.get(_ADDRESS, "")
    if address == _RANDOM or (not address and record.training.start is None):
        if record.training.start and st.button("Begin where the recorded run began"):
            _begin_at("")
        return None
    origin: Origin = record.training.start
    if address:
        try:
            origin = _branch(record, address)
        except (UserError, ValueError):
            st.info(
                "The run that this address goes on from is no longer kept. The next run begins as the recorded one."
            )
            del st.query_params[_ADDRESS]
    if origin is not None:
        whose = "the recorded run" if address.startswith(_RECORDED) else "an earlier run"
        with st.container(border=True):
            st.markdown(
                f"**The next run is a branch.** It begins at update {origin.update:,} of {whose}, after "
                f"{origin.epoch:,} whole epochs, and goes on in the same order of the rows. Change what you like but "
                "the model and the features."
            )
            if st.button("Begin with random weights instead"):
                _begin_at(_RANDOM if record.training.start else "")
    return origin


def offer_branch(job: Job | None, record: Record) -> None:
    """Let the reader choose an update of the run that is shown, or of the recorded one, to go on from."""
    parent, name, layers, path = _recorded(record) if job is None else _tried(job)
    last = _last_update(job, record, parent)
    st.subheader("Branch from here", anchor=False)
    whose = "the recorded run" if job is None else "this run"
    st.caption(
        f"Go on from any update of {whose} with another learning rate, batch size, momentum or scaling, and compare "
        "the two."
    )
    first = _first_update(parent)
    if last <= first:
        return
    left, right = st.columns([3, 2], gap="large", vertical_alignment="bottom")
    update = left.slider("Update", first, last, (first + last) // 2, key=f"branch of {name}")
    rows, size = len(parent.data.split.train), parent.train.batch_size
    known = parent.origin if isinstance(parent.origin, Start) else None
    epoch, used = position(update, known, rows, size)
    place = f"In epoch {epoch + 1:,}, after {used:,} of its {rows:,} rows" if used else f"After epoch {epoch:,}"
    loss = ""
    if path is not None and update - first < len(path):
        value = parent.training_loss(layers, path[update - first], parent.train.loss)
        loss = f": the loss of all training rows is {format_number(value, 4)}"
    left.caption(f"{place}{loss}.")
    if right.button("Branch from here"):
        take_settings(parent)
        _begin_at(f"{name}:{update}")


def begin_as(plan: Plan, record: Record) -> None:
    """Let the next run begin where another began."""
    if isinstance(plan.origin, Branch):
        st.query_params[_ADDRESS] = f"{plan.origin.name}:{plan.origin.update}"
    elif plan.origin is None and record.training.start:
        st.query_params[_ADDRESS] = _RANDOM
    else:
        st.query_params.pop(_ADDRESS, None)


def _begin_at(address: str) -> None:
    if address:
        st.query_params[_ADDRESS] = address
    else:
        st.query_params.pop(_ADDRESS, None)
    st.rerun()


def _branch(record: Record, address: str) -> Branch:
    """The branch that an address names. Raises `UserError` or `ValueError` where there is no such run or update."""
    name, _, number = address.partition(":")
    update = int(number)
    job = None if name == _RECORDED else jobs.registry().get(name)
    if job is None and name != _RECORDED:
        raise UserError("no such run")
    if job is not None and job.poll().result is None:
        raise UserError("a run that has no result")
    parent, _, _, path = _recorded(record) if job is None else _tried(job)
    if not _first_update(parent) <= update <= _last_update(job, record, parent):
        raise UserError("no such update")
    result = job.poll().result if job else None
    sha256 = result.sha256["weights.parquet"] if result else record.training.weights_sha256
    place = update - _first_update(parent)
    known = path is not None and place < len(path)
    state = path[[max(place - 1, 0), place]].astype(np.float64) if path is not None and known else None
    return Branch(name, parent, update, sha256, state)


def _recorded(record: Record) -> tuple[Plan, str, tuple[Layer, ...], Weights | None]:
    facts = record.training
    plan = Plan.of(facts.settings, record.data.settings, record.raw, store().tfjs_test_rows(), facts.start)
    linear = facts.settings.model == "linear"
    return plan, _RECORDED, record.run.layers, record.run.weights if linear else None


def _tried(job: Job) -> tuple[Plan, str, tuple[Layer, ...], Weights | None]:
    progress = job.poll()
    result = progress.result
    if result is None:
        raise UserError("the run has no result")
    linear = job.plan.train.model == "linear"
    return replace(job.plan, origin=result.start), job.id, progress.layers, result.path if linear else None


def _first_update(parent: Plan) -> int:
    return parent.origin.update if parent.origin else 0


def _last_update(job: Job | None, record: Record, parent: Plan) -> int:
    """The last update of a run after which its numbers are finite."""
    result = job.poll().result if job else None
    metrics = result.metrics if result else record.metrics
    epochs = metrics.epochs_run - (metrics.status == "diverged")
    known = parent.origin if isinstance(parent.origin, Start) else None
    return _first_update(parent) + updates_between(known, epochs, len(parent.data.split.train), parent.train.batch_size)
