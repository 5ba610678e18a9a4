"""The select box that sets a category of a row: one of its values, another, a gap, or what the mean row has."""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from dashboard.record import cells
from pipeline.arrays import Floats
from pipeline.tables.encoding import Feature


def choose(feature: Feature, inputs: Floats, label: str, about: str) -> None:
    """Show the values of a category, whose inputs (inputs,) it shows and sets, and what else a cell may be."""
    now = cells.in_words(feature, inputs)
    # A value of the table may be called as one of ours: so each is known by its place.
    named = [*feature.values, cells.ANOTHER, *[cells.MISSING] * feature.tells_gaps, *[cells.MEAN] * (now == cells.MEAN)]
    key = held(f"choose {feature.name}", _place(feature, inputs))
    st.selectbox(
        label,
        range(len(named)),
        format_func=lambda place: named[place],
        key=key,
        help=about,
        on_change=partial(_set_choice, feature, inputs, key),
    )
    if cells.is_another(feature, inputs):
        st.caption(f":red[**not among the {len(feature.values)} values of the training rows**]")
    else:
        st.caption(f"{len(feature.values)} values in the training rows")


def _place(feature: Feature, inputs: Floats) -> int:
    """Where the options show what the inputs of a category say: its values, another, missing, the mean."""
    count = len(feature.values)
    if cells.is_missing(feature, inputs):
        return count + 1
    if cells.is_another(feature, inputs):
        return count
    return int(np.argmax(inputs)) if inputs.max() == 1 else count + 1 + feature.tells_gaps


def _set_choice(feature: Feature, inputs: Floats, key: str) -> None:
    place, count = st.session_state[key], len(feature.values)
    if place < count:
        inputs[:] = cells.inputs_of(feature, feature.values[place])
    elif place == count:
        inputs[:] = 0
    elif feature.tells_gaps and place == count + 1:
        inputs[:] = cells.inputs_of(feature, None)


def held(key: str, value: Any) -> str:
    """Make the widget with this key show a value, and return the key."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key
