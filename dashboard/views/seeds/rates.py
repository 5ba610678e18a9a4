"""Sixty-four learning rates: where training is slow, where it is good, and where it diverges."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts import seeds
from dashboard.charts.data import with_data
from dashboard.lessons.forecasts import QuadraticLoss
from dashboard.live.plans import Plan
from dashboard.live.sweep_jobs import SweepProgress
from dashboard.live.sweep_plans import SweepPlan, Variation, max_runs
from dashboard.record.snapshot import Record
from dashboard.text.numbers import format_number
from dashboard.text.target import LOSS_NAMES, TargetFormat
from dashboard.views.parts.shared import table_for_download
from dashboard.views.seeds.running import sweep
from pipeline.network.linear import Optimum
from pipeline.record.scores import Scores

_RATES: Final = 64
_BELOW: Final = 2_000
_BEYOND: Final = 5
_TOP: Final = 100


def rates(record: Record, words: TargetFormat, plan: Plan) -> None:
    """Train the recorded settings at many learning rates and show the loss each ends with."""
    st.subheader("The same settings, another learning rate", anchor=False)
    train, settings = record.data.part("train"), plan.train
    limit = None
    same = "From the same start and with the same batches, only the learning rate differs. "
    if settings.model == "linear" and settings.loss == "mse":
        limit = QuadraticLoss.of(train).limit(settings.momentum, settings.nesterov)
        st.markdown(
            same
            + "On all rows at once the largest that is stable is "
            + ("2 / λ" if not settings.momentum else "2 / λ, moved by momentum,")
            + f" = **{format_number(limit, 4)}**, with λ the largest curvature of the loss on these rows."
        )
    elif settings.loss == "mse":
        st.markdown(same + "With hidden layers the largest stable learning rate cannot be computed in advance.")
    else:
        st.markdown(
            same
            + "The absolute error has no 2 / λ: its gradient does not grow with the error, so with a large rate a run "
            "jumps back and forth instead of diverging."
        )
    count = min(_RATES, max_runs(plan))
    middle = limit if limit is not None else settings.learning_rate * 50
    chosen = np.geomspace(middle / _BELOW, middle * _BEYOND, count)
    seeds = {"seed": settings.seed, "split_seed": plan.normalize.seed}
    variations = [Variation(learning_rate=float(f"{rate:.4g}"), **seeds) for rate in chosen]
    sweep(
        "rates",
        SweepPlan.of(plan, variations),
        f"Train {count} learning rates",
        lambda progress: _result(record, words, plan, limit, progress),
    )


def _result(record: Record, words: TargetFormat, plan: Plan, limit: float | None, progress: SweepProgress) -> None:
    outcomes, settings = progress.outcomes, plan.train
    if outcomes is None:
        return
    train = record.data.part("train")
    column = f"train_{settings.loss}"
    table = pd.DataFrame({"learning_rate": outcomes["learning_rate"], "loss": outcomes[column]})
    mean = Scores.of(train.target, np.full_like(train.target, train.target.mean()))
    worst = (mean["mse"] if settings.loss == "mse" else mean["mae"]) or 1.0
    references = [("predicting the mean", worst)]
    if settings.loss == "mse":
        best = Optimum.of(train.features, train.target)
        references.append(("least squares", Scores.of(train.target, best.predict(train.features))["mse"]))
    top = worst * _TOP
    finite = table["loss"].dropna()
    bottom = 0.8 * min([*finite[finite > 0], *(level for _, level in references if level > 0)])
    domain = (float(table["learning_rate"].min()) * 0.9, float(table["learning_rate"].max()) * 1.1)
    picture = seeds.over_rates(
        f"final training {LOSS_NAMES[settings.loss]}{words.squared_unit if settings.loss == 'mse' else words.unit}",
        domain,
        (bottom, top),
        limit,
        settings.learning_rate,
        tuple((name, level) for name, level in references if level > 0),
    )
    marked = f"2 / λ = {format_number(limit)}" if limit is not None else "the recorded rate"
    described = f"The final loss for each learning rate, both on logarithmic scales. Marked is {marked}."
    st.vega_lite_chart(with_data(picture, seeds.rates(table, top)), alt=described)
    _reading(table, limit, settings.momentum, progress.seconds, top)
    with st.expander("Exact numbers"):
        st.dataframe(outcomes, hide_index=True, alt="Every learning rate with its errors.")
        table_for_download("learning_rates.csv", outcomes)


def _reading(table: pd.DataFrame, limit: float | None, momentum: float, seconds: float, top: float) -> None:
    lost = table.loc[~(table["loss"] <= top), "learning_rate"]
    text = f"{len(table)} runs in {seconds:.1f} s. At the far left a run is still on its way when its epochs end."
    if table["loss"].notna().any():
        best = int(np.nanargmin(table["loss"].to_numpy()))
        rate, loss = (float(table[name].iloc[best]) for name in ("learning_rate", "loss"))
        text += f" The best learning rate here is **{format_number(rate)}**, with a loss of {format_number(loss, 4)}."
    if len(lost):
        text += (
            f" Of the rates tried, runs diverge from {format_number(lost.min())} on (triangles: diverged, "
            "or above the chart)"
        )
        sooner = limit is not None and lost.min() < limit
        text += ", below the limit, because a batch gradient varies more than that of all rows." if sooner else "."
    st.markdown(text)
    if limit is not None and not momentum:
        below, beyond = (float(f"{share * limit:.1g}") for share in (0.6, 1.2))
        st.markdown(
            f"Why a cliff? A step multiplies the distance to the optimum along the steepest direction by 1 − rate × λ. "
            f"At {format_number(below)} that is {format_number(1 - 2 * below / limit)}: it shrinks. At "
            f"{format_number(beyond)} it is "
            f"{format_number(1 - 2 * beyond / limit)}: every step overshoots and ends farther away on the other side."
        )
