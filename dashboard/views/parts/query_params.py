"""What the address of a page may set: widgets are bound to it, unless it says what no widget takes."""

import math
from typing import Literal

import streamlit as st


def bound(key: str) -> Literal["query-params"] | None:
    """Say how to bind the widget `key`: not at all where its part of the address is empty or a number without an end.

    Streamlit sets a widget back to its default for anything else that it cannot take, but fails at these two.
    """
    told = st.query_params.get(key)
    return None if told is not None and (not told or _is_endless(told)) else "query-params"


def count(key: str) -> int:
    """The count that the address says for a key that no widget is bound to; 0 where it says none."""
    told = st.query_params.get(key, "")
    return int(told) if told.isdecimal() and len(told) < 9 else 0


def _is_endless(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False
