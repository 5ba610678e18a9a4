"""A DVC command under way: started once, watched by every page that asked for it, stopped on demand."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.experiments.commands import Command
from dashboard.text.markdown import capitalized
from pipeline.safety.errors import UserError


@dataclass
class CommandSlot:
    """The last command of this server and what it was started for."""

    command: Command | None = None
    purpose: str = ""


@st.cache_resource(show_spinner=False)
def _slot() -> CommandSlot:
    """The one slot of this server: every session and every rerun finds the same command in it."""
    return CommandSlot()


def start(purpose: str, command: Callable[[], Command]) -> None:
    """Start a command for a purpose. Where it is refused, the reason is shown where `watch` is."""
    slot = _slot()
    try:
        slot.command, slot.purpose = command(), purpose
        st.session_state.pop("refusal", None)
    except UserError as error:
        st.session_state["refusal"] = (purpose, str(error))


def watch(purpose: str) -> Command | None:
    """Show the output of the command that was started for a purpose; give the command if it has succeeded."""
    about, reason = st.session_state.get("refusal", ("", ""))
    if about == purpose:
        st.error(reason)
    command = _slot().command
    if command is None or _slot().purpose != purpose:
        return None
    running = command.state == "running"
    with st.container():  # a place that stays: were the fragment gone for a moment, what is below would move up
        st.fragment(_output, run_every=0.4 if running else None)(command, running)
    return command if not running and command.state == "succeeded" else None


def watch_adoption(purpose: str) -> None:
    """Show the output of an adoption, and what it has led to once it has succeeded."""
    if watch(purpose):
        st.success("Adopted: params.yaml holds these settings, and Results shows this run.")


def _output(command: Command, was_running: bool) -> None:
    state = command.state
    if was_running and state != "running":
        st.rerun()
    said = {"running": "under way", "succeeded": "done", "stopped": "stopped; nothing was changed by it"}
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.markdown(f"**{capitalized(command.title)}**: {said.get(state, command.problem)}")
        right.button("Stop", key=f"stop {command.began}", disabled=state != "running", on_click=command.stop)
        if state == "running" and command.share is not None:
            st.progress(command.share)
        st.code("\n".join(command.lines[-200:]) or " ", language=None, height=220)
