"""Why a learning rate works or diverges, and what normalization has to do with it."""

import streamlit as st

from dashboard.record.snapshot import Record
from dashboard.text.limits import HIDDEN_LAYERS, NO_LIMIT
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.caching import cached
from dashboard.views.parts.limits import BATCH_NOISE, explain_limit, limit_of, show_factors
from dashboard.views.step.navigation import ShownUpdate
from pipeline.network.linear import Curvature


@cached(Record, ShownUpdate)
def rate(record: Record, shown: ShownUpdate) -> None:
    """Explain what a step does along the steepest direction at this and at other learning rates."""
    settings = shown.course.settings
    st.subheader("4. How large may the learning rate be?", anchor=False)
    if settings.loss == "mae":
        st.markdown(NO_LIMIT)
        return
    if record.training.settings.model != "linear":
        st.markdown(f"{HIDDEN_LAYERS} What follows is about the linear model of this page.")
    curvature = Curvature.of(shown.course.train.features)
    explain_limit(curvature, settings)
    show_factors(curvature, settings, {settings.learning_rate: " (this one)"})
    st.markdown(_without_normalization(record, shown, curvature))
    st.caption(BATCH_NOISE)


def _without_normalization(record: Record, shown: ShownUpdate, curvature: Curvature) -> str:
    if record.data.scaling.is_none:
        return (
            "The features are raw. Those with the largest numbers curve the loss most and set the limit for all "
            "weights."
        )
    features = record.data.scaling.invert(shown.course.train.features)
    raw = Curvature.of(features)
    with_momentum = " with this momentum" if shown.course.settings.momentum else ""
    without = (
        f"Without normalization λ would be {format_number(raw.largest, 4)} and the limit{with_momentum} "
        f"{format_number(limit_of(shown.course.settings, raw), 4)}"
    )
    if raw.largest < 2 * curvature.largest:
        return f"{without}: the raw features of this table are already small numbers."
    squares = (features**2).mean(axis=0)
    largest = int(squares.argmax())
    settings = shown.course.settings
    alone = ", without momentum" if settings.momentum else ""
    together = f" ({format_number(curvature.largest, 4)} in the steepest direction, which mixes the features)"
    return (
        f"{without}. Along one weight the curvature is 2 × the mean square of its feature: "
        f"{format_number(2 * squares[largest], 4)} for raw {escape_markdown(record.data.names[largest])}, but 2 "
        f"after normalization{together if len(squares) > 1 else ''}. So with raw features a learning rate of "
        f"{format_setting(settings.learning_rate)} would multiply the distance in the "
        "steepest direction by "
        f"{format_number(1 - settings.learning_rate * raw.largest, 4)} in a single step{alone}."
    )
