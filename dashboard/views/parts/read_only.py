"""What stands in the place of a button or a file that a server does not offer because it is read-only."""

import streamlit as st

from dashboard.read_only import is_read_only, why_off
from dashboard.text.markdown import capitalized


def is_off(what: str) -> bool:
    """Whether something, such as `train`, is off because this server is read-only; if so, say why."""
    if is_read_only():
        st.info(f"{capitalized(why_off(what))}.", icon=":material/lock:")
    return is_read_only()
