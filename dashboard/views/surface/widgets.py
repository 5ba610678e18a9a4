"""The widgets of the page Loss surface; each is bound to a query parameter that begins with `surface-`."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from dashboard.views.parts.query_params import bound

RATES: Final = (
    *(float(f"{factor}e{power}") for power in range(-7, 1) for factor in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)),
    10.0,
)


def key(name: str) -> str:
    """The name of a knob of this page in the address and in the visit's memory."""
    return f"surface-{name}"


def set_controls(knobs: Mapping[str, str | float]) -> None:
    """Set knobs before they are drawn, and in the address where Streamlit does not: for those not on the page yet."""
    for name, value in knobs.items():
        if key(name) not in st.session_state:
            st.query_params[key(name)] = value if isinstance(value, str) else f"{value:g}"
        st.session_state[key(name)] = value


def one_of(title: str, options: Sequence[str], name: str, help_text: str) -> str:
    """Let one of a few options be chosen; the first is the default, and stays out of the address."""
    chosen = st.segmented_control(
        title, options, default=options[0], required=True, key=key(name), help=help_text, bind=bound(key(name))
    )
    return str(chosen)


def whole_number(
    place: st.delta_generator.DeltaGenerator, title: str, bounds: tuple[int, int, int], name: str, help_text: str
) -> int:
    """A whole number within bounds (least, most, default); what another table allowed is brought within them."""
    least, most, value = bounds
    kept = st.session_state.get(key(name))
    if kept is not None and not least <= kept <= most:
        st.session_state[key(name)] = min(max(kept, least), most)
    return int(place.number_input(title, least, most, value, key=key(name), help=help_text, bind=bound(key(name))))


def rate(place: st.delta_generator.DeltaGenerator, title: str, value: float, name: str) -> float:
    """A learning rate above 0, on a logarithmic scale."""
    return float(
        place.select_slider(
            title, RATES, value, format_func=lambda rate: f"{rate:g}", key=key(name), bind=bound(key(name))
        )
    )
