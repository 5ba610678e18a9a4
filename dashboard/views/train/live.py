"""The run while it goes on: redrawn five times a second, the same elements from the first moment to the last."""

import math
from itertools import count
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.curves import losses
from dashboard.charts.weights import weights_of
from dashboard.live.jobs import Job, Progress
from dashboard.live.plans import Plan
from dashboard.record.tables import LINES_OF_REFERENCES, reference_losses
from dashboard.text.glossary import explained, explained_in
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.text.numbers import format_number
from dashboard.text.target import TargetFormat
from dashboard.views.train.network import live_network
from pipeline.record.metrics import FROM_OPTIMUM

SECONDS_BETWEEN_DRAWINGS: Final = 0.2
_TOP: Final = 5
_MAX_DOTS: Final = 1_400

_PHASES: Final = {
    "warming": "Warming up: TensorFlow starts, or compiles this model",
    "running": "Training",
    "done": "Done",
    "stopped": "Stopped",
    "diverged": "Diverged",
    "failed": "Failed",
}

_LOSS: Final = "Training loss, epoch mean"
_DISTANCE: Final = capitalized(FROM_OPTIMUM)


def live(job: Job | None, plan: Plan, words: TargetFormat) -> None:
    """Draw the job, or the empty picture of the run that `plan` would be; rerun the page when the job ends."""
    active = job is not None and job.poll().active
    st.fragment(_draw, run_every=SECONDS_BETWEEN_DRAWINGS if active else None)(job, plan, words, active)


def _draw(job: Job | None, plan: Plan, words: TargetFormat, was_active: bool) -> None:
    shown = job or Job(plan, delay=0)  # one that is not begun draws the empty picture
    progress = shown.poll()
    if was_active and not progress.active:
        st.rerun()
    epoch = int(progress.epochs[-1]) if len(progress.epochs) else 0
    text = _PHASES[progress.phase] if job else "Nothing is training"
    if progress.message:
        text += f": {progress.message}"
    if progress.phase == "diverged":
        text += f" in epoch {epoch}: the numbers became too large to compute with. Shown are the last finite weights"
    st.progress(min(1.0, epoch / shown.plan.train.epochs), f"{text}.")
    _numbers(progress, shown.plan, words)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _losses(progress, shown.plan, words)
    with right:
        _weights(progress, shown.plan, words)
    live_network(progress, shown.plan, words)


def _numbers(progress: Progress, plan: Plan, words: TargetFormat) -> None:
    begun, rate = len(progress.epochs) > 0, progress.samples_per_second
    loss = format_number(float(progress.training_loss[-1]), 4) if begun else "–"
    hints = {
        _LOSS: f"The {escape_markdown(words.loss_title(plan.train.loss))}, averaged over the last epoch: "
        "each row is measured just before its batch's update, not with the newest weights.",
        _DISTANCE: explained("from least squares", "least squares"),
    }
    numbers = {
        f"Epoch of {plan.train.epochs:,}": f"{progress.epochs[-1]:,}" if begun else "–",
        "Rows per second": f"{rate:,.0f}" if rate else "–",
        _LOSS: loss,
        _DISTANCE: format_number(_distance(progress, plan)),
    }
    with st.container(horizontal=True):
        for name, number in numbers.items():
            st.metric(name, number, width="content", help=hints.get(name))


def _distance(progress: Progress, plan: Plan) -> float | None:
    """The training mean squared error of the newest weights, minus the least that a linear model has."""
    if len(progress.weights) == 0:
        return None
    loss = plan.data.training_loss(progress.layers, progress.weights[-1], "mse")
    return loss - reference_losses(plan.data, "mse")["least squares"]


def _losses(progress: Progress, plan: Plan, words: TargetFormat) -> None:
    kinds = ("training_loss", "validation_loss")
    history = pd.DataFrame({"epoch": progress.epochs, **{kind: getattr(progress, kind) for kind in kinds}})
    loss = plan.train.loss
    references = reference_losses(plan.data, loss)
    batches = _batches(progress, plan)
    chart = losses(history, words.loss_title(loss), references, epochs=plan.train.epochs, batches=batches)
    said = f"training {format_number(float(progress.training_loss[-1]), 4)}" if len(history) else "nothing yet"
    st.vega_lite_chart(chart, alt=f"Loss per epoch: {said}.", key="live losses")
    notes = [LINES_OF_REFERENCES] if references else []
    if stride := _stride(plan):
        one_in = stride * plan.epochs_in_detail.step
        some = "" if one_in == 1 else f" (one batch in {one_in:,} is drawn)"
        notes.append(
            f"Each dot is the loss of one batch{some}, measured just before its update. Dots far below all "
            "lines are drawn at a tenth of the lowest line."
        )
    text = " ".join(notes)
    st.caption(text, help=explained_in(text, "batch"))


def _batches(progress: Progress, plan: Plan) -> pd.DataFrame:
    """The losses of single batches (epoch, loss), each where its update begins."""
    updates, stride = plan.updates_per_epoch, _stride(plan)
    began = progress.detailed_epochs[:, np.newaxis] - 1 + np.arange(updates) / updates
    table = pd.DataFrame({"epoch": began.ravel(), "loss": progress.batch_losses.ravel()})
    return table.iloc[::stride] if stride else table.head(0)


def _stride(plan: Plan) -> int:
    """Of how many batches one is drawn: no common divisor with an epoch's updates, so each place in it has its turn.

    Where an epoch is one update, or too large to report, it is 0.
    """
    updates, epochs = plan.updates_per_epoch, len(plan.epochs_in_detail)
    if updates == 1 or not epochs:
        return 0
    return next(stride for stride in count(math.ceil(epochs * updates / _MAX_DOTS)) if math.gcd(stride, updates) == 1)


def _weights(progress: Progress, plan: Plan, words: TargetFormat) -> None:
    few = st.toggle("Only the five largest weights", len(plan.data.names) > _TOP, key="top five")
    last, most = progress.weights[-1] if len(progress.weights) else None, _TOP if few else None
    table, chart = weights_of(plan.data, words, plan.train.is_linear, progress.layers, last, most)
    said = ", ".join(words.readable(name) for name in table["feature"].head(3)) or "nothing yet"
    st.vega_lite_chart(chart, alt=f"Weights, the largest first: {said}.", key="live weights")
