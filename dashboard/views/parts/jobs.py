"""The jobs of this server: one registry of live runs and sweeps for every page and every visitor."""

from typing import Any

import streamlit as st

from dashboard.live.jobs import Job
from dashboard.live.registry import Registry
from dashboard.record.snapshot import Record
from dashboard.record.tables import changes, settings_of
from dashboard.views.parts.shared import records


@st.cache_resource(show_spinner=False, on_release=Registry.close)
def registry() -> Registry:
    """The jobs and workers of this server."""
    return Registry(records().root)


def changed_settings(job: Job, record: Record) -> dict[str, Any]:
    """What a run changed of the recorded one's settings."""
    recorded = settings_of(record.training.settings, record.data.settings)
    return changes(settings_of(job.plan.train, job.plan.normalize), recorded)
