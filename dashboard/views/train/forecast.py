"""How a run will end, before pressing Train: from theory for least squares, from a few quick runs otherwise."""

from typing import Final

import numpy as np
import streamlit as st

from dashboard.lessons.forecasts import MAX_FEATURES, Forecast, Moment, forecast
from dashboard.live.plans import Plan
from dashboard.record.prepared import PreparedRows
from dashboard.text.glossary import explained_in
from dashboard.text.limits import describe_limits
from dashboard.text.markdown import capitalized
from dashboard.text.numbers import format_number
from dashboard.views.parts.caching import cached
from dashboard.views.train.quick_runs import show_quick_runs
from pipeline.network.limits import Limits
from pipeline.params import Train
from pipeline.record.start import Start

KNOWN: Final = ("learning rate", "batch", "epoch", "momentum")
"""The terms that the controls beside the forecast explain."""

ANY_SEED: Final = {"seed": 0, "device": "auto"}
"""Settings that make no difference to a forecast."""

_REASONS: Final = {
    "slow": "The epochs end before the weights arrive. ",
    "good": "",
    "noisy": "The weights arrive, but every batch's gradient points in a different direction and keeps them moving. ",
    "may diverge": "Some orders of the rows make the loss grow. ",
    "diverges": "The steps overshoot, each farther than the last. ",
}


def show_forecast(plan: Plan) -> Limits | None:
    """Say what to expect of the run that `plan` asks for; return the limits, if there is a theory to draw with them."""
    data, train = plan.data, plan.train
    limits = _limits(data, train.template)
    begins = moment_of(plan)
    if limits is not None and len(plan.data.names) <= MAX_FEATURES and (begins or plan.origin is None):
        _show_verdict(data, train.model_copy(update=ANY_SEED), limits, begins)
        return limits
    text = describe_limits(limits, train)
    st.markdown(text, help=explained_in(text, *KNOWN))
    show_quick_runs(plan)
    return None


def moment_of(plan: Plan) -> Moment | None:
    """Where a branch begins, as far as its weights are known before it is trained."""
    origin = plan.origin
    if isinstance(origin, Start):
        start = origin.scaled_as(plan.data.scaling)
        return Moment(start.weights, start.velocity, start.epoch, start.rows)
    if origin is None or origin.last_two is None or plan.data.token != origin.parent.data.token:
        return None
    before, after = origin.last_two
    if origin.parent.train.momentum == 0:
        return Moment(after, np.zeros_like(after), *origin.position)
    if origin.parent.train.nesterov:  # with its look-ahead the last step is not the velocity
        return None
    return Moment(after, after - before, *origin.position)


@cached(PreparedRows)
def _limits(data: PreparedRows, train: Train) -> Limits | None:
    return data.stable_rates(train)


@cached(PreparedRows)
def expected_ends(
    data: PreparedRows, train: Train, rates: tuple[float, ...] = (), begins: Moment | None = None
) -> Forecast:
    """How runs of all epochs end, at each of `rates`, or at that of the settings: see `forecast`."""
    return forecast(data.part("train"), train, rates, begins=begins, whole=data.whole("mse"))


@cached(PreparedRows)
def _show_verdict(data: PreparedRows, train: Train, limits: Limits, begins: Moment | None) -> None:
    expected = expected_ends(data, train, begins=begins)
    verdict = expected.verdict()
    ends = _ends(expected, begins is not None)
    text = f"**{capitalized(verdict)}.** {_REASONS[verdict]}{ends} {describe_limits(limits, train)}" + (
        " Early stopping may end a run sooner." if train.early_stopping_patience else ""
    )
    st.markdown(text, help=explained_in(text, *KNOWN))


def _ends(expected: Forecast, is_branch: bool) -> str:
    over, first = "random seeds", "they began with"
    if is_branch:
        over, first = "random orders of the rows", "random weights have"
    share, low, high = float(expected.diverging[0]), float(expected.low[0]), float(expected.high[0])
    enough = (n for n in (4, 5, 6) if format_number(low, n) != format_number(expected.least_loss, n))
    digits = next(enough, 4)
    least = f"the least possible is {format_number(expected.least_loss, digits)}"
    if expected.verdict() == "diverges":
        return f"Over {over}, {share:.0%} of runs end with a larger loss than {first}; {least}."
    ends = f"half of the runs end below {format_number(float(expected.median[0]), digits)}"
    if np.isfinite(high):
        bounds = [format_number(end, digits) for end in (low, high)]
        within = f"of about {bounds[0]}" if bounds[0] == bounds[1] else f"between {' and '.join(bounds)}"
        ends = f"nine of ten runs end with weights whose training mean squared error is {within}"
    grown = f" About {share:.0%} end with a larger loss than {first}." if share >= 0.005 else ""
    return f"Over {over}, {ends}; {least}.{grown}"
