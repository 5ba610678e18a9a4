"""The gradient of a batch, the update it leads to, and whether that helped."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts import gradients
from dashboard.charts.data import filled
from dashboard.lessons.step import angle, row_gradients
from dashboard.lessons.story import short
from dashboard.text.wording import plain
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import table_for_download
from dashboard.views.step.navigation import ShownUpdate
from pipeline.params import Train


@cached(ShownUpdate)
def gradient(shown: ShownUpdate) -> None:
    """Show the gradient for each weight, beside that of all rows."""
    step, course = shown.step, shown.course
    everything = row_gradients(course.train, step.before, course.settings.loss).mean(axis=0)
    st.subheader("2. The gradient: which way is up", anchor=False)
    formula = "2 × error × feature" if course.settings.loss == "mse" else "the error's sign × feature"
    st.markdown(
        f"The model has a weight for each feature, together the **kernel**, and the **bias**. For each of them: the "
        f"mean over the batch of {formula} (for the bias the feature is 1). "
        f"If a weight goes up by one, the loss changes by that much, as long as the slope stays the same."
    )
    table = pd.DataFrame({"weight": shown.names, "batch": step.gradient, "all": everything})
    left, right = st.columns([3, 2], gap="large")
    left.vega_lite_chart(filled(gradients.by_weight(shown.names), table), alt="The gradient of each weight.")
    turned = angle(step.gradient, everything)
    right.markdown(
        f"Bars are the gradient of this batch, orange ticks that of all {len(course.train.target)} rows."
        + (f" The two point **{turned:.0f}°** apart." if turned is not None else "")
    )
    right.markdown(
        "A batch is a guess at the whole, made for less work. Guesses differ from batch to batch, and average out."
    )


def update(shown: ShownUpdate) -> None:
    """Show each weight before and after, and the loss before and after, on the batch and on all rows."""
    step = shown.step
    st.subheader("3. The update: a step down", anchor=False)
    st.markdown(_rule(shown.course.settings))
    left, right = st.columns([3, 2], gap="large")
    changes = {"before": step.before, "change": step.after - step.before, "after": step.after}
    table = pd.DataFrame({"weight": shown.names, **changes})
    form = "%.17g" if st.session_state.get("step-exact") else "%.5g"
    numbers: dict[str, Any] = {name: st.column_config.NumberColumn(format=form) for name in changes}
    left.dataframe(
        table, hide_index=True, height="content", column_config=numbers, alt="Each weight before and after the update."
    )
    with left:
        table_for_download("weights.csv", table, "These weights as CSV")
    with right:
        _losses(shown)


def _rule(settings: Train) -> str:
    rate = plain(settings.learning_rate)
    if not settings.momentum:
        return f"new weight = weight − learning rate × gradient, with a learning rate of {rate}."
    move = f"{settings.momentum:g} × velocity − learning rate × gradient" if settings.nesterov else "velocity"
    return (
        f"velocity = {settings.momentum:g} × velocity before − learning rate × gradient, with a learning rate of "
        f"{rate}; then new weight = weight + {move}. Part of every step is the last one's, taken again."
    )


@cached(ShownUpdate)
def _losses(shown: ShownUpdate) -> None:
    losses = shown.course.losses(shown.step)
    names = ("Loss on this batch", f"Loss on all {len(shown.course.train.target)} rows")
    for name, (before, after) in zip(names, losses, strict=True):
        change = short(after - before).replace("−", "-")
        st.metric(name, short(after), f"{change} from {short(before)}", delta_color="inverse", border=True)
    grown = losses[:, 1] > losses[:, 0]
    if not np.isfinite(losses).all():
        st.markdown("This run has diverged: its numbers are too large to compare. Go back, or lower the learning rate.")
    elif grown[0]:
        st.markdown("It hurt even its own batch: the step was too long, and overshot.")
    elif grown[1]:
        st.markdown("It helped the batch and hurt the whole: this batch was unlike the others. The next will differ.")
    else:
        st.markdown("It helped, on the rows it saw and on all together.")
