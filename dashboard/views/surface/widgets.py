"""The widgets of the page on the loss surface; each is bound to a query parameter that begins with `surface-`."""

from collections.abc import Mapping
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.text.glossary import explained
from dashboard.views.parts.query_params import in_address, keep_in_address
from pipeline.arrays import round_numbers, significant

_in_address: Final = "{:g}".format

RATES: Final = (*round_numbers(range(-7, 1), (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)), 10.0)


def key(name: str) -> str:
    """The name of a control of this page, both in the address and in the session state."""
    return f"surface-{name}"


PLAYER: Final = key("player")
UPDATE: Final = key("update")


def set_controls(values: Mapping[str, str | float]) -> None:
    """Set controls before they are drawn; those not yet on the page are also set in the address."""
    for name, value in values.items():
        if key(name) not in st.session_state:
            st.query_params[key(name)] = value if isinstance(value, str) else _in_address(value)
        st.session_state[key(name)] = value


def rate(place: DeltaGenerator, title: str, value: float, name: str) -> float:
    """A learning rate above 0, on a logarithmic scale. Its label is what the address holds, so it is plain text."""
    more = {"help": explained("learning rate"), **in_address(key(name))}
    return float(place.select_slider(title, RATES, value, format_func=_in_address, **more))


def keep_update() -> None:
    """Put the current update of the player into the address."""
    at = st.session_state[PLAYER].get("update")
    keep_in_address(UPDATE, str(int(at)) if at else None)


def use_clicked_start() -> None:
    """Start from the point that was clicked in the player, rounded to four digits."""
    place = st.session_state[PLAYER].get("start")
    if place:
        kernel, bias = (significant(value, 4) for value in place)
        set_controls({"start": "Typed", "kernel": kernel, "bias": bias})
