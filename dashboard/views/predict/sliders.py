"""A row set by hand: the row it starts from, and a slider and a number field for each feature."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import streamlit as st

from dashboard.record.predictions import Predictor, Span
from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_range
from dashboard.views.parts.caching import cached
from dashboard.views.parts.query_params import in_address, one_of
from pipeline.arrays import Floats

MAX_SLIDERS: Final = 20
MAX_DISTANCE: Final = 1e100


@dataclass(frozen=True)
class Setting:
    """A row to predict: its features (features,) now, those it started from, and the row of the table these are of.

    `row` is `None` for the mean of the training rows.
    """

    row: int | None
    origin: Floats
    now: Floats


def start_from(record: Record, predictor: Predictor) -> Setting:
    """Choose a row to start from, and remember the features set during this visit."""
    last, of_table = len(record.raw) - 1, f"A {record.format.noun} of the table"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = one_of("Start from", [of_table, "The mean"], "start")
        first, free = int(record.data.split.test[0]), start == of_table
        chosen = st.number_input(f"Row, 0 to {last}", 0, last, first, **in_address("row"), disabled=not free, width=140)
        st.button("Random row", on_click=_draw, args=(last,), disabled=not free)
        st.button("Reset the features", on_click=st.session_state.pop, args=("set by hand", None))
    row = int(chosen) if free else None
    origin = predictor.mean_row if row is None else record.raw[list(record.data.names)].to_numpy()[row]
    return Setting(row, origin, _remembered((record.metrics.weights_sha256, record.data.names, row), origin))


def feature_inputs(record: Record, predictor: Predictor, setting: Setting) -> None:
    """Show a slider and a number for each feature, the most influential first."""
    names = record.data.names
    shown = [int(index) for index in np.argsort(-predictor.reach, kind="stable")]
    if len(names) > MAX_SLIDERS:
        shown = st.multiselect(
            f"Features to set, at most {MAX_SLIDERS} at a time",
            shown,
            shown[: MAX_SLIDERS // 2],
            format_func=lambda index: record.format.readable(names[index]),
            max_selections=MAX_SLIDERS,
            key="moved",
            persist_state="session",
        )
    for first in range(0, len(shown), 2):
        for column, index in zip(st.columns(2), shown[first : first + 2], strict=False):
            with column.container(gap=None):
                _feature(record, index, setting.now)


@cached(Record)
def _span(record: Record, name: str) -> Span:
    return Span.of(record.raw[name].to_numpy())


def _feature(record: Record, index: int, now: Floats) -> None:
    name, words, value = record.data.names[index], record.format, float(now[index])
    span = _span(record, name)
    slide, type_in = f"slide {name}", f"type {name}"
    for key, held in ((slide, span.clamp(value)), (type_in, value)):
        if st.session_state.get(key) != held:
            st.session_state[key] = held
    label, about = escape_markdown(words.readable(name)), escape_markdown(words.description(name))
    varies = span.low < span.high
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if varies:
            move = partial(_set, now, index, slide, span)
            st.slider(label, span.low, span.high, step=span.step, format="%.6g", key=slide, on_change=move, help=about)
        st.number_input(
            label if not varies else f"{label}, as a number",
            -MAX_DISTANCE,
            MAX_DISTANCE,
            step=span.step,
            format="%.6g",
            key=type_in,
            on_change=partial(_set, now, index, type_in, None),
            label_visibility="collapsed" if varies else "visible",
            width=120,
        )
    extent = " to ".join(format_range(span.smallest, span.largest))
    st.caption(f"{extent} in the table" if value in span else f":red[**{label} is outside the table's {extent}**]")


def _set(now: Floats, index: int, key: str, span: Span | None) -> None:
    value = st.session_state[key]
    if value is not None:
        now[index] = span.clamp(value) if span else value


def _draw(last: int) -> None:
    st.session_state["row"] = int(np.random.default_rng().integers(last + 1))


def _remembered(token: tuple[object, ...], origin: Floats) -> Floats:
    """The features last set during this visit; `origin` when the row or the record is another."""
    last = st.session_state.get("set by hand")
    if last is None or last[0] != token:
        last = st.session_state["set by hand"] = (token, origin.copy())
    now: Floats = last[1]
    return now
