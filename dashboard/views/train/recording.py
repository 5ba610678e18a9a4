"""Record a tried run as a DVC experiment, prove that it is the same run, adopt it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.experiments.differences import difference
from dashboard.experiments.listing import adopt, list_experiments, names_of, record
from dashboard.experiments.naming import suggest_name
from dashboard.experiments.repository import obstacle
from dashboard.experiments.revisions import open_run
from dashboard.live.jobs import Job, Result
from dashboard.record.snapshot import Record
from dashboard.record.tables import in_words, settings_of
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.views.parts.commands import start, watch, watch_adoption
from dashboard.views.parts.jobs import changed_settings
from dashboard.views.parts.shared import records
from pipeline.record.start import text_of
from pipeline.safety.errors import UserError


def recording(job: Job, result: Result, recorded: Record) -> None:
    """Offer to record and to adopt the run of a finished job."""
    root = records().root
    st.subheader("Keep it")
    if job.poll().phase == "stopped":
        st.info("A stopped run cannot be recorded: DVC would train it to the end. To keep it, set fewer epochs.")
        return
    settings, begins = settings_of(job.plan.train, job.plan.normalize), text_of(result.start)
    now = list_experiments(root)[0].params
    differing = {key: value for key, value in settings.items() if now.get(key) != value}
    st.caption(f"Compared with params.yaml as it is now: {in_words(differing)}.")
    problem = obstacle(root)
    if problem:
        st.info(f"{capitalized(problem)}. It can still be adopted: that runs `dvc repro`.")
    left, middle, right = st.columns([3, 1, 1], vertical_alignment="bottom")
    proposal = suggest_name(changed_settings(job, recorded), names_of(root))
    name = left.text_input("Name", st.session_state.get(f"name {job.id}", proposal), disabled=bool(problem))
    purpose = f"record {job.id}"
    if middle.button("Record", disabled=bool(problem), help="A DVC experiment with these settings.", width="stretch"):
        st.session_state[f"name {job.id}"] = name
        start(purpose, lambda: record(root, settings, name, begins))
    if right.button("Adopt", help="Write these settings into params.yaml and run dvc repro.", width="stretch"):
        start(f"adopt {job.id}", lambda: adopt(root, settings, begins))
    if watch(purpose):
        _prove(st.session_state.get(f"name {job.id}", name), result, job.plan.data.names)
    watch_adoption(f"adopt {job.id}")


def _prove(name: str, result: Result, features: Sequence[str]) -> None:
    root = records().root
    try:
        revision = next(each.revision for each in list_experiments(root) if each.name == name)
        with open_run(root, revision) as place:
            found = difference(place, result.sha256, result.updates, result.path, features)
    except (UserError, StopIteration) as error:
        st.error(f"The recorded run cannot be read: {error}")
        return
    if found:
        st.error(f"Recorded as {name}, but it is not the same as this run: {escape_markdown(found)}.")
    else:
        st.success(f"Recorded as {name}. The recorded weights are equal bit for bit; the losses are equal as recorded.")
