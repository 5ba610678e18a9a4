"""Share runs with a team: push those that are selected, fetch those of others."""

from pathlib import Path

import streamlit as st

from dashboard.experiments.commands import Command
from dashboard.experiments.listing import Experiment
from dashboard.experiments.sharing import Remotes, Shared, fetch, git_remotes, look, not_here, on_remote, push
from dashboard.read_only import is_read_only
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.views.parts.commands import start, watch
from dashboard.views.parts.shared import records
from pipeline.safety.errors import UserError


def share(selected: list[Experiment]) -> None:
    """Show where runs are shared, or how that is set up; offer to push the selected ones and to fetch others."""
    if is_read_only():
        return
    root = records().root
    st.subheader("Share")
    try:
        remotes = Remotes.of(root, st.session_state.get("git remote"))  # as chosen below
    except UserError as error:
        st.caption(f"{capitalized(str(error))}.")
        return
    st.caption(
        f"Git remote {escape_markdown(f'{remotes.git} ({remotes.git_url})')} for settings and metrics, "
        f"DVC remote {escape_markdown(f'{remotes.data} ({remotes.data_url})')} for data and models. "
        "Select experiments in the table to push them. Prove, above, trains a fetched one again."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _push(root, remotes, [run for run in selected if run.kind == "experiment"])
        _fetch(root, remotes)
    watch("share")


def _push(root: Path, remotes: Remotes, experiments: list[Experiment]) -> None:
    names = git_remotes(root)
    if len(names) > 1:
        st.selectbox("Git remote", names, key="git remote", width=160)
    reason = "" if experiments else "Select experiments in the table first. "
    purpose = f"{reason}Send them to {remotes.git}, and their data to {remotes.data}."
    if st.button("Push", disabled=not experiments, help=purpose):
        start("share", lambda: push(root, remotes.git, experiments))


def _fetch(root: Path, remotes: Remotes) -> None:
    """Offer the runs that were seen on the remote; they are all chosen at first."""
    if st.button(f"Look at {remotes.git}", help="See which runs are there that are not here."):
        start("share", lambda: _look(root, remotes.git))
    found = not_here(root, remotes.git)
    nothing = "Nothing new" if _was_looked_at(root, remotes.git) else f"Look at {remotes.git} first"
    chosen = st.multiselect(
        f"On {remotes.git}, not here",
        found,
        default=found,
        format_func=_in_words,
        key=f"fetch {' '.join(each.revision for each in found)}",
        disabled=not found,
        placeholder="Choose runs" if found else nothing,
        width=360,
    )
    reason = "" if chosen else f"Look at {remotes.git} first, and choose runs. "
    if st.button("Fetch", disabled=not chosen, help=f"{reason}Get them, and their data from {remotes.data}."):
        start("share", lambda: fetch(root, remotes.git, chosen))


def _look(root: Path, remote: str) -> Command:
    command = st.session_state[f"look {remote}"] = look(root, remote)
    return command


def _was_looked_at(root: Path, remote: str) -> bool:
    """Whether runs were seen on a remote, or this visit has looked and seen none."""
    command: Command | None = st.session_state.get(f"look {remote}")
    return bool(on_remote(root, remote)) or (command is not None and command.state == "succeeded")


def _in_words(shared: Shared) -> str:
    return f"{shared.name}, by {shared.author}"
