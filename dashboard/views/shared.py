"""What every page begins with: the recorded run, or the sentence that stands in its place."""

import streamlit as st

from dashboard.records import Record, Records
from dashboard.wording import Words


@st.cache_resource(show_spinner=False)
def records() -> Records:
    """The reader of the recorded run, one for all visitors."""
    return Records()


def recorded() -> tuple[Record, Words]:
    """Give the last whole run; say so where it is not the one on disk; end the page where there is none."""
    snapshot = records().snapshot()
    if snapshot.record is None:
        if snapshot.missing:
            st.info("Nothing is recorded yet. Run the pipeline: `make repro`, or `dvc repro`.")
        else:
            st.error(f"The recorded run cannot be shown: {snapshot.problem}.")
        st.stop()
    if snapshot.problem is not None:
        st.warning(f"Showing the last whole run: {snapshot.problem}.")
    return snapshot.record, words(snapshot.record)


def words(record: Record) -> Words:
    """How to speak of a record's columns and amounts."""
    return Words.about(record.raw, record.data.target_name)
