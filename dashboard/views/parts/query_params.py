"""What the address of a page may set: widgets are bound to it, unless it says what no widget takes."""

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def in_address(key: str) -> dict[str, Any]:
    """The arguments that bind the widget `key` to its part of the address, unless it is empty or without an end.

    Streamlit sets a widget back to its default for anything else that it cannot take, but fails at these two.
    """
    text = st.query_params.get(key)
    return {"key": key, "bind": None if text is not None and (not text or _is_endless(text)) else "query-params"}


def one_of(label: str, options: Sequence[str], key: str, help_text: str | None = None, **more: Any) -> str:
    """One of a few options; the first is the default and is left out of the address."""
    bound = in_address(key) | more
    return str(st.segmented_control(label, options, default=options[0], required=True, help=help_text, **bound))


def whole_number(
    place: DeltaGenerator, label: str, bounds: tuple[int, int, int], key: str, help_text: str | None = None
) -> int:
    """A whole number within bounds (least, most, default); one that other rows allowed is moved within them."""
    least, most, value = bounds
    now = st.session_state.get(key, value)
    if not least <= now <= most:
        st.session_state[key] = min(max(now, least), most)
    return int(place.number_input(label, least, most, value, help=help_text, **in_address(key)))


def count(key: str) -> int:
    """The count that the address says for a key that no widget is bound to; 0 where it says none."""
    return count_in(st.query_params.get(key, "")) or 0


def count_in(text: str) -> int | None:
    """The count that a text of the address says, or `None`."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def keep_in_address(key: str, text: str | None) -> None:
    """Put a text into the address for a key that no widget is bound to, or take out what is there."""
    if text:
        st.query_params[key] = text
    else:
        st.query_params.pop(key, None)


def _is_endless(text: str) -> bool:
    try:
        return math.isinf(float(text))
    except ValueError:
        return False
