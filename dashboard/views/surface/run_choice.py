"""The run whose path is drawn on the cut: the recorded one, or one tried on the page Train."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import streamlit as st

from dashboard.live.jobs import Job
from dashboard.record.prepared import PreparedRows
from dashboard.record.snapshot import Record
from dashboard.record.tables import in_words, weight_names
from dashboard.views.parts import jobs
from dashboard.views.parts.ended_runs import EndedRun
from dashboard.views.parts.jobs import changed_settings
from dashboard.views.parts.query_params import keep_in_address
from dashboard.views.surface.widgets import key
from pipeline.arrays import Floats
from pipeline.params import Train
from pipeline.record.start import Start, kept_every, updates_between
from pipeline.tables.preparation import Rows

RECORDED: Final = "recorded"
_RUN: Final = key("run")


@dataclass(frozen=True)
class ChosenRun:
    """A run to draw: the data it was trained on, its settings, and its weights after every update.

    `path` (kept, parameters) holds the run's weights after every update, or after `every` so many, or is `None` if it
    has hidden layers. A long tried run keeps only the weights of its first updates; `taken` counts all of them. A
    branch has a `start`.
    """

    kind: str
    data: PreparedRows
    settings: Train
    path: Floats | None
    taken: int
    every: int = 1
    start: Start | None = None

    @classmethod
    def of(cls, kind: str, run: EndedRun) -> Self:
        """Collect what is drawn of a run."""
        data, settings = run.plan.data, run.plan.train
        rows, size = len(data.split.train), settings.batch_size
        if run.path is None:  # a linear model with its settings, which cannot go on from the weights of another
            return cls(kind, data, settings, None, updates_between(None, settings.epochs, rows, size))
        every = kept_every(settings, run.start, rows)  # and at the ends of epochs, between these
        path = run.path[run.updates % every == 0].astype(np.float64)
        return cls(kind, data, settings, path, run.last - run.first, every, run.start)

    @property
    def measured(self) -> Rows:
        """The rows that the run was trained on, or those that stand for them."""
        return self.data.measured(self.settings.loss)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the weights of the linear model."""
        return weight_names(self.data.names)


def choose_run(record: Record) -> ChosenRun:
    """Offer the recorded run, the runs tried in this visit, and the run in the address."""
    tried = _tried()
    labels = {RECORDED: "Recorded"}
    labels |= {name: f"Tried: {in_words(changed_settings(job, record))}" for name, job in tried.items()}
    if (named := st.query_params.get(_RUN, RECORDED)) not in labels:
        keep_in_address(_RUN, None)
        st.info("The run in this address is no longer available. This is the recorded run.")
        named = RECORDED
    chosen = RECORDED
    if tried:
        chosen = st.selectbox(
            "Run",
            list(labels),
            list(labels).index(named),
            format_func=labels.__getitem__,
            key=_RUN,
            on_change=_keep_choice,  # a bound widget would write its label into the address, not the id
            help="The recorded run, or one that you tried on the page Train.",
        )
    if chosen in tried and (run := EndedRun.of_job(tried[chosen])):
        return ChosenRun.of("tried", run)
    return ChosenRun.of("recorded", EndedRun.of_recorded(record))


def _tried() -> dict[str, Job]:
    """The finished runs of this visit that are still available, and those its addresses named."""
    named: dict[str, None] = st.session_state.setdefault(key("runs named"), {})
    if _RUN in st.query_params:
        named[st.query_params[_RUN]] = None
    ids = [*(job.id for job in jobs.tried_runs()), *named]
    found = {job_id: jobs.registry().get(job_id) for job_id in ids}
    return {job_id: job for job_id, job in found.items() if job is not None and job.poll().result is not None}


def _keep_choice() -> None:
    chosen = st.session_state[_RUN]
    keep_in_address(_RUN, None if chosen == RECORDED else chosen)
