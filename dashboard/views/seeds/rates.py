"""Sixty-four learning rates: where training is slow, where it is good, and where it diverges."""

from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.seeds import over_rates
from dashboard.live.plans import Plan, SweepPlan, Variation, max_runs
from dashboard.record.snapshot import Record
from dashboard.record.tables import loss_of_the_mean, reference_losses
from dashboard.text.glossary import explained_in
from dashboard.text.limits import describe_limits, limit_on_all_rows
from dashboard.text.numbers import format_number
from dashboard.views.parts.jobs import sweep
from dashboard.views.parts.limits import explain_limit
from dashboard.views.parts.shared import table_for_download
from pipeline.arrays import significant
from pipeline.network.linear import Curvature
from pipeline.params import Train

_RATES: Final = 64
_BELOW: Final = 2_000
_BEYOND: Final = 5
_TOP: Final = 100


def rates(record: Record, plan: Plan) -> None:
    """Train the recorded settings at many learning rates and show the loss each ends with."""
    settings, curvature = plan.train, Curvature.of(record.data.whole("mse").features)
    limit = curvature.limit(settings) if settings.has_quadratic_loss else None
    about = describe_limits(None, settings) if limit is None else f"{limit_on_all_rows(limit, settings)}."
    text = f"From the same start and with the same batches, only the learning rate differs. {about}"
    st.markdown(text, help=explained_in(text))
    count = min(_RATES, max_runs(plan))
    middle = limit if limit is not None else settings.learning_rate * 50
    chosen = np.geomspace(middle / _BELOW, middle * _BEYOND, count)
    variations = [
        Variation(seed=settings.seed, split_seed=plan.normalize.seed, learning_rate=significant(rate, 4))
        for rate in chosen
    ]
    show = partial(_result, record, settings, curvature, limit)
    sweep("rates", SweepPlan(plan, variations), f"Train {count} learning rates", show)


def _result(
    record: Record, settings: Train, curvature: Curvature, limit: float | None, outcomes: pd.DataFrame, seconds: float
) -> None:
    words = record.format
    table = pd.DataFrame({"learning_rate": outcomes["learning_rate"], "loss": outcomes[f"train_{settings.loss}"]})
    references = reference_losses(record.data, settings.loss) or loss_of_the_mean(record.data, settings.loss)
    top = (references["predicting the mean"] or 1.0) * _TOP
    levels = {name: level for name, level in references.items() if level > 0}
    bottom = 0.8 * min([*table["loss"][table["loss"] > 0], *levels.values()])
    title = f"final training {words.loss_title(settings.loss)}"
    picture = over_rates(table, title, (bottom, top), limit, settings.learning_rate, levels)
    marked = f"the limit {format_number(limit)}" if limit is not None else "the recorded rate"
    described = f"The final loss for each learning rate, both on logarithmic scales. Marked is {marked}."
    st.vega_lite_chart(picture, alt=described)
    _reading(table, limit, seconds, top)
    if limit is not None:
        explain_limit(curvature, settings)
    with st.expander("Exact numbers"):
        st.dataframe(outcomes, hide_index=True, alt="Every learning rate with its errors.")
        table_for_download("learning_rates.csv", outcomes)


def _reading(table: pd.DataFrame, limit: float | None, seconds: float, top: float) -> None:
    lost = table.loc[~(table["loss"] <= top), "learning_rate"]
    text = f"{len(table)} runs in {seconds:.1f} s. At the far left a run is still on its way when its epochs end."
    if table["loss"].notna().any():
        best = int(np.nanargmin(table["loss"].to_numpy()))
        rate, loss = (float(table[name].iloc[best]) for name in ("learning_rate", "loss"))
        text += f" The best learning rate here is **{format_number(rate)}**, with a loss of {format_number(loss, 4)}."
    if len(lost):
        text += f" Of the rates tried, runs diverge from {format_number(lost.min())} on"
        text += " (triangles: diverged, or above the chart)"
        sooner = limit is not None and lost.min() < limit
        text += ", below the limit, because a batch gradient varies more than that of all rows." if sooner else "."
    st.markdown(text, help=explained_in(text, "learning rate", "batch"))
