"""What will happen, before pressing: the learning rate against the limit of this very data."""

import hashlib
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts import gauges
from dashboard.lessons.forecasts import Forecast, QuadraticLoss, forecast
from dashboard.live.plans import Plan
from dashboard.text.numbers import format_number
from dashboard.text.sentences import capitalized

_STEPS: Final = 240
_SINGLE: Final = "A single run may end several times as far above, or much closer."


def _fingerprint(plan: Plan) -> str:
    settings = plan.data.settings.model_dump_json()
    return hashlib.sha256(settings.encode() + plan.data.features.tobytes() + plan.data.target.tobytes()).hexdigest()


def _fingerprint_with_settings(plan: Plan) -> str:
    return _fingerprint(plan) + plan.train.model_dump_json()


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs={Plan: _fingerprint_with_settings})
def show_forecast(plan: Plan) -> None:
    """Show the forecast for a linear model on the mean squared error; say that there is none for others."""
    train = plan.train
    if train.model != "linear" or train.loss != "mse":
        reason = "With hidden layers" if train.model != "linear" else "For the mean absolute error"
        st.info(f"{reason} the largest stable learning rate cannot be computed in advance. Try it.")
        return
    bowl = _landscape(plan)
    rows = len(plan.data.split.train)
    outlook = forecast(bowl, train, rows)
    st.markdown(f"**{capitalized(outlook.verdict)}.** {_explain(plan, outlook, bowl)}")
    st.vega_lite_chart(
        gauges.learning_rates(_zones(plan), train.learning_rate, outlook.limit),
        alt=f"Learning rate {train.learning_rate:g}: {outlook.verdict}. "
        f"It diverges beyond {format_number(outlook.limit)}.",
    )


def _explain(plan: Plan, outlook: Forecast, bowl: QuadraticLoss) -> str:
    rate, limit = f"{plan.train.learning_rate:g}", format_number(outlook.limit)
    match outlook.verdict:
        case "diverges" if plan.train.learning_rate > outlook.limit:
            return f"A step of {rate} overshoots: on these rows the limit, 2/λ_max, is {limit}. Every step grows."
        case "diverges":
            return (
                f"The limit for all rows at once is {limit}, but a batch of {plan.train.batch_size} is steeper than "
                f"the loss of all rows: training is stable only up to about {format_number(outlook.minibatch_limit)}."
            )
        case "noisy" if plan.train.learning_rate >= outlook.minibatch_limit:
            return (
                f"Below the limit of {limit}, but batches of {plan.train.batch_size} are stable only up to about "
                f"{format_number(outlook.minibatch_limit)}: the error fluctuates, "
                f"far above the optimum's {format_number(bowl.least_loss)}."
            )
        case "noisy":
            return (
                f"Below the limit of {limit}, but the gradient of each batch of {plan.train.batch_size} points in a "
                "different direction: on average "
                f"over seeds the error stays up to {format_number(outlook.noise_floor)} above the optimum's "
                f"{format_number(bowl.least_loss)}. {_SINGLE}"
            )
        case "slow" if plan.train.learning_rate > outlook.limit / 2:
            return (
                f"So close to the limit of {limit} a step overshoots nearly as far as it came: after "
                f"{plan.train.epochs} epochs the error is still {format_number(outlook.optimization_error)} above "
                "the optimum's "
                f"{format_number(bowl.least_loss)}."
            )
        case "slow":
            return (
                f"Below the limit of {limit}: after {plan.train.epochs} epochs the error is still "
                f"{format_number(outlook.optimization_error)} above the optimum's {format_number(bowl.least_loss)}."
            )
    return (
        f"Below the limit of {limit}: after {plan.train.epochs} epochs the error should be at most "
        f"{format_number(outlook.optimization_error + outlook.noise_floor)} above the optimum's "
        f"{format_number(bowl.least_loss)}, "
        f"on average over seeds. {_SINGLE}"
    )


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs={Plan: _fingerprint})
def _landscape(plan: Plan) -> QuadraticLoss:
    """Measure the bowl once for the same rows."""
    return QuadraticLoss.of(plan.data.part("train"))


def _zones(plan: Plan) -> pd.DataFrame:
    """Forecast all learning rates: rows (begin, end, verdict), without a gap."""
    bowl, train, count = _landscape(plan), plan.train, len(plan.data.split.train)
    outlook = forecast(bowl, train, count)
    exponents = np.log10([outlook.minibatch_limit / 2000, outlook.limit * 20, train.learning_rate])
    rates = np.logspace(exponents.min(), exponents.max(), _STEPS)
    rows: list[tuple[float, float, str]] = []
    for begin, end in pairwise(rates):
        verdict = forecast(bowl, train.model_copy(update={"learning_rate": begin}), count).verdict
        if rows and rows[-1][2] == verdict:
            rows[-1] = (rows[-1][0], float(end), verdict)
        else:
            rows.append((float(begin), float(end), verdict))
    return pd.DataFrame(rows, columns=["begin", "end", "verdict"])
