"""Why a learning rate works or diverges, and what normalization has to do with it."""

import streamlit as st

from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained, explained_in
from dashboard.text.limits import HIDDEN_LAYERS, NO_LIMIT
from dashboard.views.parts.caching import cached
from dashboard.views.parts.limits import BATCH_NOISE, compare_scales, explain_limit, show_factors
from dashboard.views.step.navigation import ShownUpdate
from pipeline.network.linear import Curvature

_KNOWN = ("learning rate", "batch", "gradient", "epoch")
"""What the page has explained further up."""


@cached(Record, ShownUpdate)
def rate(record: Record, shown: ShownUpdate) -> None:
    """Explain what a step does along the steepest direction at this and at other learning rates."""
    settings = shown.course.settings
    st.subheader("How large may the learning rate be?", anchor=False, help=explained("learning rate"))
    if settings.loss == "mae":
        st.markdown(NO_LIMIT, help=explained_in(NO_LIMIT, *_KNOWN))
        return
    if not record.training.settings.is_linear:
        text = f"{HIDDEN_LAYERS} What follows is about the linear model of this page."
        st.markdown(text, help=explained_in(text, *_KNOWN))
    features = record.data.whole("mse").features
    curvature = Curvature.of(features)
    explain_limit(curvature, settings)
    show_factors(curvature, settings, {shown.step.learning_rate: " (this one)"})
    st.caption(BATCH_NOISE, help=explained_in(BATCH_NOISE, *_KNOWN))
    names = [record.format.readable(name) for name in record.data.names]
    compare_scales(record.data.scaling.invert(features), names, settings)
