"""After a run: the loss of every update within an epoch, and what Keras would print of it."""

import numpy as np
import streamlit as st

from dashboard.charts.curves import within_epoch
from dashboard.live.jobs import Progress
from dashboard.live.plans import Plan
from dashboard.text.numbers import format_number
from dashboard.text.target import TargetFormat
from pipeline.arrays import Floats
from pipeline.network.layers import predict
from pipeline.network.losses import LOSSES


@st.fragment
def show_one_epoch(progress: Progress, plan: Plan, words: TargetFormat) -> None:
    """Let the reader choose an epoch of the finished run, and show what its training loss is made of."""
    whole = np.isfinite(progress.batch_losses).all(axis=1)
    epochs = progress.detailed_epochs[whole].tolist()
    if not epochs or plan.updates_per_epoch == 1:
        return
    with st.expander("Inside an epoch: every update, and what Keras would print"):
        epoch = st.select_slider("Epoch", epochs, epochs[0]) if len(epochs) > 1 else epochs[0]
        batch_losses = progress.batch_losses[whole][epochs.index(epoch)]
        averages = running_average(batch_losses, plan.train.batch_size, len(plan.data.split.train))
        st.vega_lite_chart(
            within_epoch(batch_losses, averages, words.loss_title(plan.train.loss)),
            alt=f"The losses of the {len(averages)} batches of epoch {epoch}, and their running average.",
        )
        printed = format_number(float(averages[-1]), 4)
        st.markdown(
            "Each dot is the loss of one batch, measured just before its update. While `fit` runs, it prints the line: "
            f"the average over the rows of this epoch so far. After the last update that is **{printed}**, "
            f"the training loss of epoch {epoch}.{_afterwards(progress, plan, epoch)}"
        )


def running_average(batch_losses: Floats, batch_size: int, rows: int) -> Floats:
    """Average the losses (updates,) up to and including each batch, weighted by its rows; the last may have fewer."""
    seen = np.minimum(batch_size * np.arange(1, len(batch_losses) + 1), rows)
    average: Floats = np.cumsum(np.diff(seen, prepend=0) * batch_losses) / seen
    return average


def _afterwards(progress: Progress, plan: Plan, epoch: int) -> str:
    """Say what the loss of all training rows is with the epoch's last weights, where these are known."""
    at = np.flatnonzero(progress.weights_epochs == epoch)
    if not len(at):
        return ""
    train = plan.data.part("train")
    with np.errstate(over="ignore"):
        errors = predict(progress.layers, progress.weights[at[0]], train.features) - train.target
        loss = float(np.mean(LOSSES[plan.train.loss].value(errors)))
    return (
        f" With the weights at the end of the epoch, the loss of all training rows is **{format_number(loss, 4)}**: "
        "the two differ because the weights changed while the average was taken."
    )
