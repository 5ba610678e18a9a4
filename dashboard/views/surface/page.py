"""The loss surface, over the two weights of a line or over all weights, with the path of SGD on it."""

import streamlit as st

from dashboard.views.parts.query_params import one_of
from dashboard.views.parts.shared import recorded
from dashboard.views.surface.all_weights import show_all_weights
from dashboard.views.surface.one_feature import show_one_feature
from dashboard.views.surface.widgets import key


def show() -> None:
    """Show the page."""
    record = recorded()
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title("The loss surface", anchor=False, width="content")
        help_text = (
            "A line through one feature, or the linear model of all features: the recorded run if it is linear, "
            "otherwise a linear model with its settings."
        )
        options = ["One feature", "All features"]
        chosen = one_of("Model", options, key("model"), help_text, label_visibility="collapsed", width="content")
    if chosen == options[0]:
        show_one_feature(record)
    else:
        show_all_weights(record)
