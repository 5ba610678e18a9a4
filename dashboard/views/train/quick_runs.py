"""What to expect of a run that has no theory: a few quick runs with other seeds."""

from dataclasses import replace
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.live.plans import Plan, SweepPlan, Variation, max_runs
from dashboard.text.numbers import format_number
from dashboard.views.parts.jobs import sweep
from pipeline.params import Train, value_name

_RUNS: Final = 5


def show_quick_runs(plan: Plan) -> None:
    """Offer to train the settings of `plan` with a few seeds, and say between which losses the runs end."""
    count = min(_RUNS, max_runs(plan))
    if count < 2:
        st.caption("A single run takes so long with these settings that there is no quick forecast.")
        return
    st.markdown("A few quick runs give a forecast:")
    variations = [
        Variation(seed=seed, split_seed=plan.normalize.seed, learning_rate=plan.train.learning_rate)
        for seed in range(count)
    ]
    any_seed = replace(plan, train=plan.train.model_copy(update={"seed": 0}))  # the same runs, whichever is chosen
    runs = SweepPlan(any_seed, variations)
    sweep("forecast", runs, f"Try {count} seeds", partial(_result, plan.train))


def _result(train: Train, outcomes: pd.DataFrame, seconds: float) -> None:
    losses = outcomes[f"train_{train.loss}"].dropna()
    count = len(outcomes)
    diverged = count - len(losses)
    between = " and ".join(format_number(loss, 4) for loss in (losses.min(), losses.max()))
    ends = f"with a training {value_name('loss', train.loss)} between {between}"
    st.markdown(
        f"{count} runs with the seeds 0 to {count - 1} took {seconds:.1f} s"
        + (f" and ended {ends}." if not diverged else f"; {diverged} of them diverged.")
        + (f" The others ended {ends}." if diverged and len(losses) else "")
    )
