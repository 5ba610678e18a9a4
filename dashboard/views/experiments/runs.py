"""Recorded runs in full, read once: a revision never changes."""

import streamlit as st

from dashboard.experiments.listing import Experiment
from dashboard.experiments.revisions import open_run
from dashboard.record.snapshot import Record, read_record
from dashboard.views.parts.shared import records
from pipeline.safety.errors import UserError


def record_of(run: Experiment) -> Record:
    """Read the run of an experiment, of the commit, or of the files as they are now. Raises `UserError`."""
    if run.kind != "workspace":
        return _record_of(run.revision)
    record = records().snapshot().record
    if record is None:
        raise UserError("nothing is recorded now; run `dvc repro`")
    return record


def readable(runs: list[Experiment]) -> list[tuple[Experiment, Record]]:
    """The runs that can be read in full; for the others a sentence is shown."""
    found = []
    for run in runs:
        try:
            found.append((run, record_of(run)))
        except UserError as error:
            st.warning(f"{run.name}: {error}.")
    return found


@st.cache_resource(max_entries=24, show_spinner=False)
def _record_of(revision: str) -> Record:
    with open_run(records().root, revision) as place:
        return read_record(place)
