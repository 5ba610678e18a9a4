"""The gradient of a batch, the update it leads to, and whether it reduced the loss."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.gradients import by_weight
from dashboard.lessons.surfaces import angles
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained_in
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import table_for_download
from dashboard.views.parts.tables import show_numbers
from dashboard.views.step.navigation import ShownUpdate, digits_shown
from pipeline.params import Train, value_name

_ROW_HEIGHT: Final = 30
"""In pixels: the weights of a dozen features fit one screen."""


@cached(Record, ShownUpdate)
def gradient(record: Record, shown: ShownUpdate) -> None:
    """Show the gradient for each weight, compared with the gradient of all rows."""
    step, course = shown.step, shown.course
    everything = course.surface.gradients(step.before[np.newaxis])[0]
    formula = "2 × error × feature" if course.settings.loss == "mse" else "the error's sign × feature"
    each = "feature" if record.data.encoding.is_plain else "of its inputs"
    st.markdown(
        f"The **gradient** is the direction in which the loss grows fastest. The model has one weight for each {each}, "
        "together called the **kernel**, and a **bias**. The gradient of "
        f"each is the mean over the batch of {formula} (for the bias the feature is 1): the change of the loss per "
        f"unit of the weight."
    )
    left, right = st.columns([3, 2], gap="large")
    titles = record.format.titles(shown.names)
    left.vega_lite_chart(by_weight(shown.names, step.gradient, everything, titles), alt="The gradient of each weight.")
    (between,) = angles(step.gradient[np.newaxis], everything[np.newaxis])
    right.markdown(
        f"The bars show the gradient of this batch, the orange ticks that of all {len(course.train.target):,} rows."
        + (f" The angle between the two is **{between:.0f}°**." if np.isfinite(between) else "")
    )
    right.markdown(
        "The gradient of a batch estimates that of all rows for less work. The estimates differ from batch to batch, "
        "but they average out."
    )


def update(record: Record, shown: ShownUpdate) -> None:
    """Show each weight before and after, and the loss before and after, on the batch and on all rows."""
    step = shown.step
    text = rule(shown.course.settings, step.learning_rate)
    st.markdown(text, help=explained_in(text, "gradient"))
    left, right = st.columns([3, 2], gap="large")
    moved = step.after - step.before
    changes = {"before": step.before, "gradient": step.gradient, "change": moved, "after": step.after}
    if shown.course.settings.momentum:
        changes |= {"velocity": step.velocity, "new velocity": step.new_velocity}
    table = pd.DataFrame({"weight": shown.names, **changes})
    with left:
        seen = table.assign(weight=[record.format.readable(name) for name in shown.names])
        show_numbers(
            seen,
            changes,
            digits_shown(5),
            height="content",
            row_height=_ROW_HEIGHT,
            alt="Each weight before and after the update.",
        )
        table_for_download("weights.csv", table, "These weights as CSV")
    with right:
        _losses(shown)


def rule(settings: Train, learning_rate: float) -> str:
    """How a weight changes with these settings at the learning rate of an epoch."""
    rate, momentum = format_setting(learning_rate), format_setting(settings.momentum)
    if settings.schedule != "constant":
        rate += f" in this epoch ({value_name('schedule', settings.schedule)} schedule)"
    if not settings.momentum:
        return f"new weight = weight − learning rate × gradient, with a learning rate of {rate}."
    move = f"{momentum} × new velocity − learning rate × gradient" if settings.nesterov else "new velocity"
    return (
        f"new velocity = {momentum} × velocity − learning rate × gradient, with a learning rate of {rate}; "
        f"then new weight = weight + {move}. Every step after the first repeats part of the one before it."
    )


@cached(ShownUpdate)
def _losses(shown: ShownUpdate) -> None:
    losses = shown.course.losses(shown.step)
    names = ("Loss on this batch", f"Loss on all {len(shown.course.train.target):,} rows")
    for name, (before, after) in zip(names, losses, strict=True):
        st.metric(
            name,
            format_number(after, 4),
            f"{format_number(after - before, 4)} from {format_number(before, 4)}",
            delta_color="red" if after > before else "green",  # st.metric takes no true minus for a sign
            delta_arrow="up" if after > before else "down",
            border=True,
        )
    if np.array_equal(shown.step.before, shown.step.after):
        st.markdown("The weights did not move: the learning rate is too small to change them.")
        return
    grown = losses[:, 1] > losses[:, 0]
    if not np.isfinite(losses).all():
        st.markdown(
            "This run has diverged: its numbers are too large to compute with. Go back, or lower the learning rate."
        )
    elif grown[0]:
        momentum = ", or momentum carried the weights on" if shown.course.settings.momentum else ""
        st.markdown(f"The loss grew even on the batch itself: the step was too long and overshot{momentum}.")
    elif grown[1]:
        st.markdown(
            "The loss fell on the batch but grew on all rows: this batch was unlike the others. The next will differ."
        )
    else:
        st.markdown("The loss fell, both on this batch and on all rows.")
