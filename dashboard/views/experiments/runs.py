"""Recorded runs in full, read once: a revision never changes."""

import streamlit as st

from dashboard.experiments.listing import Experiment
from dashboard.experiments.revisions import open_run
from dashboard.record.descriptions import said_of
from dashboard.record.reading import read_record
from dashboard.record.snapshot import Record
from dashboard.views.parts.shared import records
from pipeline.safety.errors import UserError


def record_of(run: Experiment) -> Record | None:
    """Read a run in full; show a sentence and give `None` where that fails."""
    try:
        return (
            records().snapshot().record
            if run.kind == "workspace"
            else _record_at(run.revision, run.params.get("download.csv"))
        )
    except UserError as error:
        st.warning(f"{run.name}: {error}.")
        return None


@st.cache_resource(max_entries=24, show_spinner=False)
def _record_at(revision: str, csv: str | None) -> Record:
    root = records().root
    with open_run(root, revision) as place:
        return read_record(place, said_of(root, csv))
