"""How many runs a sweep has and how long they take: estimated, or from runs that are timed here."""

from typing import Final

import streamlit as st

from dashboard.live.plans import Plan, SweepPlan, Variation, max_runs
from dashboard.read_only import is_read_only
from dashboard.record.snapshot import Record
from dashboard.text.numbers import format_number
from dashboard.views.parts import jobs
from pipeline.params import Params, later_seed
from pipeline.safety.errors import UserError
from pipeline.sweep.chunks import estimated_seconds
from pipeline.sweep.grid import Grid
from pipeline.sweep.workers import cores
from pipeline.tables.names import counted

_TO_START: Final = 5
"""The seconds until TensorFlow is there, about."""

_TIMED: Final = 20
"""So many runs are timed, once their program is compiled."""


def show_duration(record: Record, settings: Params, grid: Grid) -> None:
    """Say how long the runs of `grid` take, and offer to time a few with the settings of params.yaml."""
    rows, inputs, processors = len(record.data.split.train), len(record.data.names), cores()
    expected = sum(estimated_seconds(grid.settings(run), rows, inputs) for run in range(grid.count))
    of_one = estimated_seconds(settings.train, rows, inputs)

    place = st.empty()

    def say(seconds: float, source: str) -> None:
        all_runs = expected / of_one * seconds
        whole = _TO_START + all_runs / processors
        place.markdown(
            f"**{counted(grid.count, 'run')}** on {counted(processors, 'processor')}: about **{_in_words(whole)}**, "
            f"{_TO_START} s of them to start the processes; a run takes about {_in_words(all_runs / grid.count)} "
            f"({source})."
        )

    try:
        plan = Plan.of(settings.train, settings.normalize, record)
    except UserError as error:
        st.error(str(error))
        return
    say(of_one, "estimated")
    if is_read_only():
        return
    jobs.registry().warm(plan)
    count = min(_TIMED, max_runs(plan))
    seeds = [later_seed(settings.train.seed, step) for step in range(count)]
    runs = [Variation(seed, settings.normalize.seed, settings.train.learning_rate) for seed in seeds]

    def timed(_: object, seconds: float) -> None:
        say(seconds / count, f"from {counted(count, 'run')} with the settings of params.yaml, timed here")

    hint = (
        f"Trains {counted(count, 'run')} with the settings of params.yaml, to see how long one takes on this machine."
    )
    jobs.sweep("timing", SweepPlan(plan, runs), "Time it", timed, "secondary", hint)


def _in_words(seconds: float) -> str:
    """A length of time: `7 ms`, `12 s`, `5 min`, `3 h`."""
    for unit, length in (("h", 3600), ("min", 60), ("s", 1)):
        if seconds >= 2 * length or (unit == "s" and seconds >= 1):
            return f"{format_number(seconds / length, 2)} {unit}"
    return f"{format_number(seconds * 1000, 2)} ms"
