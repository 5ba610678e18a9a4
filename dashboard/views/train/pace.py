"""How fast a run goes: slowly enough to follow it, and at any moment as fast as it can."""

from typing import Final

import streamlit as st

from dashboard.live.jobs import Job
from dashboard.live.plans import Plan
from dashboard.views.parts.jobs import tried_runs

_SECONDS: Final = 6.0
_TO_FOLLOW: Final = f"{_SECONDS:g} s a run"
_FULL: Final = "Full speed"
_PER_EPOCH: Final = {_FULL: 0.0, "0.1 s an epoch": 0.1, "1 s an epoch": 1.0}

SPEEDS: Final = (_TO_FOLLOW, *_PER_EPOCH)


def choose_delay(plan: Plan, job: Job | None) -> float:
    """Choose how many seconds an epoch lasts at least; a `job` under way says what it is now, and follows a change.

    The first run of a visit can be followed; those after it go at full speed unless something else was chosen.
    """
    usual = st.session_state.get("chosen speed") or (_FULL if tried_runs() else _TO_FOLLOW)
    now = next((speed for speed in SPEEDS if job and _delay(speed, job.plan) == job.delay), usual)
    speed = st.selectbox(
        "Speed",
        SPEEDS,
        SPEEDS.index(now),
        width=170,
        help="At full speed there is little to see.",
        key=f"speed {now} of {job.id if job else 'the next run'}",
    )
    if speed != now:
        st.session_state["chosen speed"] = speed
        if job is not None:
            job.slow_down(_delay(speed, job.plan))
    return _delay(speed, plan)


def skip_to_end(job: Job | None) -> None:
    """A button that lets a run go on as fast as it can."""
    st.button("Skip to the end", disabled=job is None, on_click=job.slow_down if job else None, args=(0.0,))


def _delay(speed: str, plan: Plan) -> float:
    """The seconds that an epoch of a run lasts at this speed."""
    epochs = plan.train.epochs - (plan.origin.epoch if plan.origin else 0)
    return _SECONDS / epochs if speed == _TO_FOLLOW else _PER_EPOCH[speed]
