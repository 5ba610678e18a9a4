"""The widgets of the page Loss surface; each is bound to a query parameter that begins with `surface-`."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from dashboard.views.parts.query_params import in_address

RATES: Final = (
    *(float(f"{factor}e{power}") for power in range(-7, 1) for factor in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)),
    10.0,
)


def key(name: str) -> str:
    """The name of a control of this page, both in the address and in the session state."""
    return f"surface-{name}"


def set_controls(values: Mapping[str, str | float]) -> None:
    """Set controls before they are drawn; those not yet on the page are also set in the address."""
    for name, value in values.items():
        if key(name) not in st.session_state:
            st.query_params[key(name)] = value if isinstance(value, str) else f"{value:g}"
        st.session_state[key(name)] = value


def one_of(title: str, options: Sequence[str], name: str, help_text: str) -> str:
    """Offer a few options; the first is the default and is left out of the address."""
    chosen = st.segmented_control(
        title, options, default=options[0], required=True, help=help_text, **in_address(key(name))
    )
    return str(chosen)


def whole_number(
    place: st.delta_generator.DeltaGenerator, title: str, bounds: tuple[int, int, int], name: str, help_text: str
) -> int:
    """A whole number within bounds (least, most, default); a value from another table is moved within them."""
    least, most, value = bounds
    value_now = st.session_state.get(key(name))
    if value_now is not None and not least <= value_now <= most:
        st.session_state[key(name)] = min(max(value_now, least), most)
    return int(place.number_input(title, least, most, value, help=help_text, **in_address(key(name))))


def rate(place: st.delta_generator.DeltaGenerator, title: str, value: float, name: str) -> float:
    """A learning rate above 0, on a logarithmic scale."""
    return float(
        place.select_slider(title, RATES, value, format_func=lambda rate: f"{rate:g}", **in_address(key(name)))
    )
