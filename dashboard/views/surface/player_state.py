"""The state of the path player: the current update, and the start that was clicked."""

import streamlit as st

from dashboard.views.parts.query_params import count
from dashboard.views.surface.widgets import key, set_controls

PLAYER = key("player")
_UPDATE = key("update")


def update() -> int:
    """The update in the address, 0 if it has none."""
    return count(_UPDATE)


def keep_update() -> None:
    """Put the current update of the player into the address."""
    at = st.session_state[PLAYER].get("update")
    if at:
        st.query_params[_UPDATE] = str(int(at))
    else:
        st.query_params.pop(_UPDATE, None)


def use_clicked_start() -> None:
    """Start from the clicked point, rounded to four digits."""
    place = st.session_state[PLAYER].get("start")
    if place:
        kernel, bias = (float(f"{value:.4g}") for value in place)
        set_controls({"start": "Typed", "kernel": kernel, "bias": bias})
