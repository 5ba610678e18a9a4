"""A column of the table to choose: it reads `rooms (rm)` on the page, and `rm` in the address and in the code."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.views.parts.query_params import keep_in_address


def choose_column(
    label: str,
    names: Sequence[str],
    usual: str,
    key: str,
    readable: Callable[[str], str],
    place: DeltaGenerator | None = None,
    **more: Any,
) -> str:
    """Choose one of the columns `names`, at first `usual`, which is left out of the address; return its name.

    A widget that is bound to the address would write there what it shows. So this one keeps the address itself, also
    while another page is shown.
    """
    state, written = st.session_state, f"{key} in the address"
    given = st.query_params.get(key)
    if given in names and given != state.get(written):
        state[key] = given
    elif state.get(key) not in names:
        state[key] = usual
    select = place.selectbox if place else st.selectbox
    chosen = str(select(label, names, format_func=readable, key=key, persist_state="session", **more))
    keep_in_address(key, None if chosen == usual else chosen)
    state[written] = st.query_params.get(key)
    return chosen
