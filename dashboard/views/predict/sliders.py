"""A row set by hand: the row it starts from, and widgets for each feature."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st

from dashboard.record.predictions import Predictor
from dashboard.record.snapshot import Record
from dashboard.views.parts.query_params import in_address, one_of
from dashboard.views.predict.widgets import set_feature
from pipeline.arrays import Floats

MAX_SHOWN: Final = 20


@dataclass(frozen=True)
class Setting:
    """A row to predict: its inputs (inputs,) now, those it started from, and the row of the table these are of.

    `row` is `None` for the mean of the training rows.
    """

    row: int | None
    origin: Floats
    now: Floats


def start_from(record: Record, predictor: Predictor) -> Setting:
    """Choose a row to start from, and remember the features set during this visit."""
    last, of_table = len(record.data.kept) - 1, f"A {record.format.noun} of the table"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = one_of("Start from", [of_table, "The mean"], "start")
        first, free = int(record.data.split.test[0]), start == of_table
        chosen = st.number_input(f"Row, 0 to {last}", 0, last, first, **in_address("row"), disabled=not free, width=140)
        st.button("Random row", on_click=_draw, args=(last,), disabled=not free)
        st.button("Reset the features", on_click=st.session_state.pop, args=("set by hand", None))
    row = int(chosen) if free else None
    origin = predictor.mean_row if row is None else record.data.inputs([row])[0]
    return Setting(row, origin, _remembered((record.metrics.weights_sha256, record.data.names, row), origin))


def feature_inputs(record: Record, predictor: Predictor, setting: Setting) -> None:
    """Show the widgets of each feature, the most influential first."""
    encoding = record.data.encoding
    shown = by_reach(record, predictor)
    if len(shown) > MAX_SHOWN:
        shown = st.multiselect(
            f"Features to set, at most {MAX_SHOWN} at a time",
            shown,
            shown[: MAX_SHOWN // 2],
            format_func=lambda index: record.format.readable(encoding.features[index].name),
            max_selections=MAX_SHOWN,
            key="moved",
            persist_state="session",
        )
    for first in range(0, len(shown), 2):
        for column, index in zip(st.columns(2), shown[first : first + 2], strict=False):
            feature = encoding.features[index]
            with column.container(gap=None):
                set_feature(record, feature, setting.now[encoding.places[feature.name]])


def by_reach(record: Record, predictor: Predictor) -> list[int]:
    """The places of the features among all, the most influential first."""
    reach = np.sqrt(record.data.encoding.totals(predictor.reach**2))
    return [int(index) for index in np.argsort(-reach, kind="stable")]


def _draw(last: int) -> None:
    st.session_state["row"] = int(np.random.default_rng().integers(last + 1))


def _remembered(token: tuple[object, ...], origin: Floats) -> Floats:
    """The inputs last set during this visit; `origin` when the row or the record is another."""
    last = st.session_state.get("set by hand")
    if last is None or last[0] != token:
        last = st.session_state["set by hand"] = (token, origin.copy())
    now: Floats = last[1]
    return now
