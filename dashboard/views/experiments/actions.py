"""What can be done with selected runs: rename, remove, adopt, download."""

import streamlit as st

from dashboard.experiments.adoption import adopt
from dashboard.experiments.listing import Experiment, remove, rename
from dashboard.views.experiments.runs import readable
from dashboard.views.parts.commands import start, watch
from dashboard.views.parts.shared import files_for_download, records
from pipeline.safety.errors import UserError


def actions(selected: list[Experiment]) -> None:
    """Offer what fits the selection; the commit and the files as they are now can only be adopted or downloaded."""
    experiments = [run for run in selected if run.kind == "experiment"]
    one = selected[0] if len(selected) == 1 else None
    root = records().root
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button(
            "Adopt", disabled=one is None or one.kind == "workspace", help="Into params.yaml, then dvc repro."
        ):
            start("adopt", lambda: adopt(root, one.params if one else {}))
        with st.popover("Rename", disabled=one is None or one.kind != "experiment"):
            _rename(one)
        with st.popover("Remove", disabled=not experiments):
            _remove(experiments)
        with st.popover("Download", disabled=one is None):
            for _, record in readable([one] if one else []):
                files_for_download(record)
    done = watch("adopt")
    if done is not None and done.state == "succeeded":
        st.success("Adopted: params.yaml holds its settings, and Results shows it.")


def _rename(run: Experiment | None) -> None:
    name = st.text_input("New name", run.name if run else "", key=f"rename {run.reference if run else ''}")
    if st.button("Rename it") and run is not None:
        try:
            rename(records().root, run, name)
        except UserError as error:
            st.error(str(error))
        else:
            st.rerun()


def _remove(experiments: list[Experiment]) -> None:
    st.markdown(f"Remove {', '.join(run.name for run in experiments) or 'nothing'} for good?")
    if st.button("Remove for good") and experiments:
        try:
            remove(records().root, experiments)
        except UserError as error:
            st.error(str(error))
        else:
            st.rerun()
