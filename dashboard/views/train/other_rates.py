"""How a run would end at other learning rates, as theory forecasts it."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.forecast import ENDS, over_rates
from dashboard.lessons.forecasts import MAY_DIVERGE, NOTICEABLE, RUNS_OF_MANY_RATES, Forecast, Moment
from dashboard.live.plans import Plan
from dashboard.record.prepared import PreparedRows
from dashboard.text.glossary import explained_in
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.caching import cached
from dashboard.views.train.forecast import ANY_SEED, KNOWN, expected_ends, moment_of
from pipeline.arrays import Floats
from pipeline.network.limits import Limits
from pipeline.params import Train

_RATES: Final = 32

CHECK: Final = Path(__file__).with_name("forecast_check.json")
"""How often the forecast was right, as `make forecast` has measured it."""


def show_other_rates(plan: Plan, limits: Limits) -> None:
    """Draw what to expect at other learning rates."""
    _show_rates(plan.data, plan.train.model_copy(update=ANY_SEED), limits, moment_of(plan))


@cached(PreparedRows)
def _show_rates(data: PreparedRows, train: Train, limits: Limits, begins: Moment | None) -> None:
    expected = expected_ends(data, train, begins=begins)
    table, domain = _over_rates(data, train, expected, limits, begins)
    left, right = st.columns([3, 5], gap="large", vertical_alignment="center")
    left.vega_lite_chart(
        over_rates(table, train.learning_rate, limits.full_batch, domain, "final training MSE"),
        alt="The final training loss that is expected at each learning rate. "
        f"At {format_setting(train.learning_rate)}: {expected.verdict()}.",
    )
    text = _accuracy()
    right.caption(text, help=explained_in(text, *KNOWN))


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
    data: PreparedRows, train: Train, expected: Forecast, limits: Limits, begins: Moment | None
) -> tuple[pd.DataFrame, tuple[float, float]]:
    """Forecast many learning rates: rows (begin, end, verdict, rate, low, median, high), and the loss axis's domain."""
    chosen = train.learning_rate
    rates = np.geomspace(min(limits.minibatch / 1000, chosen / 2), max(limits.full_batch * 8, chosen * 2), _RATES)
    all_rates = expected_ends(data, train, tuple(rates.tolist()), begins)
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
