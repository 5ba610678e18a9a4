"""What can be done with selected runs: adopt, prove, rename, remove, download."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.experiments.listing import Experiment, adopt_run, prove, remove, rename
from dashboard.read_only import is_read_only
from dashboard.text.markdown import escape_markdown
from dashboard.views.experiments.runs import record_of
from dashboard.views.parts.commands import start, watch, watch_adoption
from dashboard.views.parts.read_only import is_off
from dashboard.views.parts.shared import files_for_download, records
from pipeline.safety.errors import UserError


def actions(selected: list[Experiment]) -> None:
    """Offer what fits the selection; only experiments are renamed and removed, and “now” is only downloaded."""
    experiments = [run for run in selected if run.kind == "experiment"]
    one = selected[0] if len(selected) == 1 else None
    root, off = records().root, is_read_only()
    recorded = one is not None and one.kind != "workspace"
    reason = "" if recorded else "Select one run in the table first, other than “now”. "
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, what, command in (
            ("Adopt", "Write the settings into params.yaml and run dvc repro.", adopt_run),
            ("Prove", "Train it again here, and compare every update with the recorded one.", prove),
        ):
            if st.button(label, disabled=off or not recorded, help=f"{reason}{what}") and one is not None:
                start(label.lower(), partial(command, root, one))
        with st.popover("Rename", disabled=off or one is None or one.kind != "experiment"):
            name = st.text_input("New name", one.name if one else "", key=f"rename {one.reference if one else ''}")
            if st.button("Rename it") and one is not None:
                _edit(lambda: rename(root, one, name))
        with st.popover("Remove", disabled=off or not experiments):
            names = ", ".join(run.name for run in experiments)
            st.markdown(
                f"Remove {names} for good?" if names else "Select the experiments to remove in the table first."
            )
            if st.button("Remove for good"):
                _edit(lambda: remove(root, experiments))
        with st.popover("Download", disabled=one is None):
            if one is not None and (record := record_of(one)):
                files_for_download(record)
    is_off("adopt, prove, share, rename or remove runs")
    if proved := watch("prove"):
        st.success(escape_markdown(proved.lines[-1]))
    watch_adoption("adopt")


def _edit(edit: Callable[[], None]) -> None:
    """Show the list anew after an edit, or the reason why it was refused."""
    try:
        edit()
    except UserError as error:
        st.error(str(error))
    else:
        st.rerun()
