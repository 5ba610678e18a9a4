"""What to expect of a run that has no theory: a few quick runs with other seeds."""

from typing import Final

import streamlit as st

from dashboard.live.plans import Plan
from dashboard.live.sweep_jobs import SweepProgress
from dashboard.live.sweep_plans import SweepPlan, Variation
from dashboard.text.numbers import format_number
from dashboard.views.parts.sweeping import sweep
from pipeline.params import Train, value_name
from pipeline.safety.errors import UserError

_RUNS: Final = 5


def show_quick_runs(plan: Plan) -> None:
    """Offer to train the settings of `plan` with a few seeds, and say between which losses the runs end."""
    variations = [
        Variation(seed=seed, split_seed=plan.normalize.seed, learning_rate=plan.train.learning_rate)
        for seed in range(_RUNS)
    ]
    try:
        runs = SweepPlan.of(plan, variations)
    except UserError as error:
        st.caption(f"There is no quick forecast: {error}.")
        return
    sweep("forecast", runs, f"Try {_RUNS} seeds", lambda progress: _result(plan.train, progress))


def _result(train: Train, progress: SweepProgress) -> None:
    if progress.outcomes is None:
        return
    losses = progress.outcomes[f"train_{train.loss}"].dropna()
    diverged = _RUNS - len(losses)
    between = " and ".join(format_number(loss, 4) for loss in (losses.min(), losses.max()))
    ends = f"with a training {value_name('loss', train.loss)} between {between}"
    st.markdown(
        f"{_RUNS} runs with the seeds 0 to {_RUNS - 1} took {progress.seconds:.1f} s"
        + (f" and ended {ends}." if not diverged else f"; {diverged} of them diverged.")
        + (f" The others ended {ends}." if diverged and len(losses) else "")
    )
