"""The run while it goes on: redrawn five times a second, the same elements from the first moment to the last."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts import curves, weights
from dashboard.charts.data import with_data
from dashboard.live.jobs import Job, Progress
from dashboard.live.plans import Plan
from dashboard.record.tables import reference_losses, weights_table, weights_title
from dashboard.text.numbers import format_number
from dashboard.text.target import LOSS_NAMES, TargetFormat
from pipeline.network.layers import predict

SECONDS_BETWEEN_DRAWINGS: Final = 0.2
_TOP: Final = 5

_PHASES: Final = {
    "warming": "Warming up: TensorFlow starts, or compiles this model",
    "running": "Training",
    "done": "Done",
    "stopped": "Stopped",
    "diverged": "Diverged",
    "failed": "Failed",
}


def live(job: Job | None, plan: Plan, words: TargetFormat) -> None:
    """Draw the job, or the empty picture of the run that `plan` would be; rerun the page when the job ends."""
    active = job is not None and job.poll().active
    st.fragment(_draw, run_every=SECONDS_BETWEEN_DRAWINGS if active else None)(job, plan, words, active)


def _draw(job: Job | None, plan: Plan, words: TargetFormat, was_active: bool) -> None:
    progress = job.poll() if job else None
    if was_active and progress is not None and not progress.active:
        st.rerun()
    plan = job.plan if job else plan
    _state(progress, plan)
    _numbers(progress, plan)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _losses(progress, plan)
    with right:
        _weights(progress, plan, words)


def _state(progress: Progress | None, plan: Plan) -> None:
    epoch = int(progress.epochs[-1]) if progress is not None and len(progress.epochs) else 0
    text = "Nothing is training" if progress is None else _PHASES[progress.phase]
    if progress is not None and progress.message:
        text += f": {progress.message}"
    if progress is not None and progress.phase == "diverged":
        text += f" in epoch {epoch}: the numbers became too large to compute with. Shown are the last finite weights"
    st.progress(min(1.0, epoch / plan.train.epochs), f"{text}.")


def _numbers(progress: Progress | None, plan: Plan) -> None:
    seen = progress is not None and len(progress.epochs) > 0
    rate = progress.samples_per_second if progress is not None else None
    numbers = {
        "Epoch": f"{progress.epochs[-1]} of {plan.train.epochs}" if progress is not None and seen else "–",
        "Samples per second": f"{rate:,.0f}" if rate else "–",
        "Training loss": format_number(float(progress.training_loss[-1]), 4) if progress is not None and seen else "–",
        "Distance to the optimum": format_number(_distance(progress, plan)),
    }
    with st.container(horizontal=True):
        for name, number in numbers.items():
            st.metric(name, number, width=165)


def _distance(progress: Progress | None, plan: Plan) -> float | None:
    """The training mean squared error of the newest weights above the least that a linear model has."""
    if progress is None or len(progress.weights) == 0:
        return None
    train = plan.data.part("train")
    error = predict(progress.layers, progress.weights[-1], train.features) - train.target
    with np.errstate(over="ignore"):
        return float(np.mean(error**2)) - reference_losses(plan.data)["least squares"]


def _losses(progress: Progress | None, plan: Plan) -> None:
    history = pd.DataFrame({"epoch": [], "training_loss": [], "validation_loss": []}, dtype=float)
    if progress is not None:
        history = pd.DataFrame(
            {
                "epoch": progress.epochs,
                "training_loss": progress.training_loss,
                "validation_loss": progress.validation_loss,
            }
        )
    references = reference_losses(plan.data) if plan.train.loss == "mse" else {}
    table = curves.long_form(history)
    picture = (LOSS_NAMES[plan.train.loss], tuple(references.items()), True, plan.train.epochs)
    spec = curves.losses(*picture, highest=curves.ceiling(table))
    said = f"training {format_number(float(history['training_loss'].iloc[-1]), 4)}" if len(history) else "nothing yet"
    st.vega_lite_chart(with_data(spec, table), alt=f"Loss per epoch: {said}.", key="live losses")


def _weights(progress: Progress | None, plan: Plan, words: TargetFormat) -> None:
    few = st.toggle("The largest five", len(plan.data.names) > _TOP, key="top five")
    shown = min(_TOP, len(plan.data.names)) if few else len(plan.data.names)
    linear = plan.train.model == "linear"
    columns = ["feature", "weight", "size", "sign", *(["optimum"] if linear else [])]
    table = pd.DataFrame({name: [] for name in columns})
    if progress is not None and len(progress.weights):
        table = weights_table(plan.data.names, progress.layers, progress.weights[-1], plan.data.part("train"))
        table = table.sort_values("size", ascending=False).head(shown)
    spec = weights.weights_by_magnitude(weights_title(plan.data, words, linear), shown, linear)
    said = ", ".join(table["feature"].head(3)) or "nothing yet"
    st.vega_lite_chart(with_data(spec, table), alt=f"Weights, the largest first: {said}.", key="live weights")
