"""Sweep: choose which settings vary, train all their combinations, see what each does, record the best run."""

import shlex

import streamlit as st

from dashboard.experiments.sweeping import sweep
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained_in
from dashboard.views.parts.commands import start, watch
from dashboard.views.parts.read_only import is_off
from dashboard.views.parts.shared import recorded, records
from dashboard.views.sweep.choice import choose
from dashboard.views.sweep.duration import show_duration
from dashboard.views.sweep.results import show_results
from pipeline import params
from pipeline.params import Params
from pipeline.params.editing import PARAMS
from pipeline.safety.errors import UserError
from pipeline.sweep.grid import Grid
from pipeline.tables.names import counted

_PURPOSE = "sweep"


def show() -> None:
    """Show the page."""
    record = recorded()
    st.title("Sweep", anchor=False)
    text = (
        "A sweep trains every combination of some settings, each run from random weights, and keeps the losses and "
        "errors that each ends with. All other settings are those of params.yaml, and all runs share their rows."
    )
    st.markdown(text, help=explained_in(text))
    try:
        settings = params.load(records().root / PARAMS)
    except UserError as error:
        st.warning(str(error))
    else:
        _choose_and_run(record, settings)
    show_results(record)


def _choose_and_run(record: Record, settings: Params) -> None:
    try:
        texts = choose(settings.train, len(record.data.split.train))
        grid = Grid.of(settings.train, texts)
    except UserError as error:
        st.error(str(error))
        return
    show_duration(record, settings, grid)
    _run(grid, texts)


def _run(grid: Grid, texts: list[str]) -> None:
    words = " ".join(f"--set {shlex.quote(text)}" for text in texts)
    st.code(f"python -m pipeline.sweep {words}", language="bash", wrap_lines=True)
    if is_off("train"):
        return
    hint = "Does what the command above does, in the background: you can look at other pages meanwhile."
    if st.button(f"Run {counted(grid.count, 'run')}", type="primary", help=hint):
        start(_PURPOSE, lambda: sweep(records().root, grid.count, texts))
    watch(_PURPOSE)
    st.caption("A sweep that was stopped goes on with the runs that are left when you run it again.")
