"""How a run will end, before pressing Train: from theory for least squares, from a few quick runs otherwise."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.forecast import ENDS, over_rates
from dashboard.lessons.forecasts import MAX_FEATURES, MAY_DIVERGE, NOTICEABLE, RUNS_OF_MANY_RATES, Forecast, forecast
from dashboard.live.plans import Plan
from dashboard.text.limits import describe_limits
from dashboard.text.markdown import capitalized
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.caching import cached
from dashboard.views.train.quick_runs import show_quick_runs
from pipeline.arrays import Floats
from pipeline.network.limits import Limits, learning_rate_limits
from pipeline.params import Train
from pipeline.tables.preparation import Rows

_RATES: Final = 32

CHECK: Final = Path(__file__).with_name("forecast_check.json")
"""How often the forecast was right, as `make forecast` has measured it."""

_ANY_SEED: Final = {"seed": 0, "device": "auto"}
_ANY_LENGTH: Final = {"learning_rate": 1.0, "epochs": 1, "early_stopping_patience": 0}
"""Settings that make no difference to a forecast, and others that make none to the limits."""

_REASONS: Final = {
    "slow": "The epochs end before the weights arrive. ",
    "good": "",
    "noisy": "The weights arrive, but every batch's gradient points in a different direction and keeps them moving. ",
    "may diverge": "Some orders of the rows make the loss grow. ",
    "diverges": "The steps overshoot, each farther than the last. ",
}


def show_forecast(plan: Plan) -> Limits | None:
    """Say what to expect of the run that `plan` asks for; return the limits, if there is a theory to draw with them."""
    rows, train = plan.data.part("train"), plan.train
    limits = _limits(rows, train.model_copy(update={**_ANY_SEED, **_ANY_LENGTH}))
    if limits is not None and len(plan.data.names) <= MAX_FEATURES:
        _show_verdict(rows, train.model_copy(update=_ANY_SEED), limits)
        return limits
    st.markdown(describe_limits(limits, train))
    show_quick_runs(plan)
    return None


def show_other_rates(plan: Plan, limits: Limits) -> None:
    """Draw what to expect at other learning rates."""
    _show_rates(plan.data.part("train"), plan.train.model_copy(update=_ANY_SEED), limits)


@cached()
def _limits(rows: Rows, train: Train) -> Limits | None:
    return learning_rate_limits(rows.features, train)


_expected: Final = cached()(forecast)


@cached()
def _show_verdict(rows: Rows, train: Train, limits: Limits) -> None:
    expected = _expected(rows, train)
    verdict = expected.verdict()
    st.markdown(
        f"**{capitalized(verdict)}.** {_REASONS[verdict]}{_ends(expected)} {describe_limits(limits, train)}"
        + (" Early stopping may end a run sooner." if train.early_stopping_patience else "")
    )


@cached()
def _show_rates(rows: Rows, train: Train, limits: Limits) -> None:
    expected = _expected(rows, train)
    table, domain = _over_rates(rows, train, expected, limits)
    st.vega_lite_chart(
        over_rates(table, train.learning_rate, limits.full_batch, domain, "final training MSE"),
        alt="The final training loss that is expected at each learning rate. "
        f"At {format_setting(train.learning_rate)}: {expected.verdict()}.",
    )
    st.caption(_accuracy())


def _ends(expected: Forecast) -> str:
    share, low, high = float(expected.diverging[0]), float(expected.low[0]), float(expected.high[0])
    enough = (n for n in (4, 5, 6) if format_number(low, n) != format_number(expected.least_loss, n))
    digits = next(enough, 4)
    least = f"the least possible is {format_number(expected.least_loss, digits)}"
    if expected.verdict() == "diverges":
        return f"Over random seeds, {share:.0%} of runs end with a larger loss than they began with; {least}."
    ends = f"half of the runs end below {format_number(float(expected.median[0]), digits)}"
    if np.isfinite(high):
        bounds = [format_number(end, digits) for end in (low, high)]
        within = f"of about {bounds[0]}" if bounds[0] == bounds[1] else f"between {' and '.join(bounds)}"
        ends = f"nine of ten runs end with weights whose training mean squared error is {within}"
    grown = f" About {share:.0%} end with a larger loss than they began with." if share >= 0.005 else ""
    return f"Over random seeds, {ends}; {least}.{grown}"


def _accuracy() -> str:
    check = json.loads(CHECK.read_text())
    wrong = check["falsely_diverging"] + check["missed_divergence"]
    return (
        f"The forecast says “good” where it expects half of the runs within {NOTICEABLE:.0%} of the least possible "
        f"loss (plus a millionth of the starting loss) and less than {MAY_DIVERGE:.0%} to diverge. It was checked on "
        f"{check['tables']} tables with {check['settings']:,} random combinations of settings, {check['seeds']} runs "
        f"of each: {check['coverage']:.0%} of the runs ended inside the interval, and the verdict on divergence was "
        f"wrong for {format(wrong, '.1%') if wrong else 'none'} of the combinations. The chart is estimated from "
        f"{RUNS_OF_MANY_RATES} simulated runs at each rate: rough near the limit, where runs end far apart."
    )


def _over_rates(
    rows: Rows, train: Train, expected: Forecast, limits: Limits
) -> tuple[pd.DataFrame, tuple[float, float]]:
    """Forecast many learning rates: rows (begin, end, verdict, rate, low, median, high), and the loss axis's domain."""
    chosen = train.learning_rate
    rates = np.geomspace(min(limits.minibatch / 1000, chosen / 2), max(limits.full_batch * 8, chosen * 2), _RATES)
    all_rates = forecast(rows, train, rates.tolist())
    half = np.sqrt(rates[1] / rates[0])
    top = 1.5 * expected.start_loss
    bottom = max(0.7 * float(np.min(all_rates.low)), 1e-6 * top)
    table = pd.DataFrame(
        {
            "begin": rates / half,
            "end": rates * half,
            "verdict": [all_rates.verdict(at) for at in range(_RATES)],
            "rate": rates,
            **{name: np.clip(getattr(all_rates, name), bottom, 10 * top) for name in ENDS},
            **{f"{name} in words": _in_words(getattr(all_rates, name), 10 * top) for name in ENDS},
        }
    )
    return table, (bottom, top)


def _in_words(losses: Floats, most: float) -> list[str]:
    return [format_number(loss) if loss < most else f"more than {format_number(most, 2)}" for loss in losses]
