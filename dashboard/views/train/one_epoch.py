"""After a run: the loss of every update within an epoch, and what Keras would print of it."""

import numpy as np
import streamlit as st

from dashboard.charts.curves import within_epoch
from dashboard.live.jobs import Progress
from dashboard.live.plans import Plan
from dashboard.text.numbers import format_number
from dashboard.text.target import TargetFormat
from pipeline.network.sgd import running_average


@st.fragment
def show_one_epoch(progress: Progress, plan: Plan, words: TargetFormat) -> None:
    """Let the reader choose an epoch of the finished run, and show what its training loss is made of."""
    whole = np.isfinite(progress.batch_losses).all(axis=1)
    epochs = progress.detailed_epochs[whole].tolist()
    if not epochs or plan.updates_per_epoch == 1:
        return
    with st.expander("Inside an epoch: every update, and what Keras would print"):
        first, last, every = epochs[0], epochs[-1], plan.epochs_in_detail.step
        epoch = st.slider("Epoch", first, last, first, every) if last > first else first
        batch_losses = progress.batch_losses[whole][epochs.index(epoch)]
        averages = running_average(batch_losses, plan.train.batch_size, len(plan.data.split.train))
        st.vega_lite_chart(
            within_epoch(batch_losses, averages, words.loss_title(plan.train.loss)),
            alt=f"The losses of the {len(averages):,} batches of epoch {epoch}, and their running average.",
        )
        st.markdown(
            "Each dot is the loss of one batch, measured just before its update. The line is what Keras's `fit` prints "
            "while it runs: the average over the rows of this epoch so far. After the last update that is "
            f"**{format_number(float(averages[-1]), 4)}**, the training loss of epoch {epoch}."
            f"{_afterwards(progress, plan, epoch, float(averages[-1]))}"
        )


def _afterwards(progress: Progress, plan: Plan, epoch: int, average: float) -> str:
    """Say what the loss of all training rows is with the epoch's last weights, where these are known."""
    at = np.flatnonzero(progress.weights_epochs == epoch)
    if not len(at):
        return ""
    loss = format_number(plan.data.training_loss(progress.layers, progress.weights[at[0]], plan.train.loss), 4)
    why = (
        ", the same to four digits."
        if loss == format_number(average, 4)
        else ": the two differ because the weights changed while the average was taken."
    )
    return f" With the weights at the end of the epoch, the loss of all training rows is **{loss}**{why}"
