"""The widgets that set one feature of a row, for each kind: they show what its inputs say and change these in place."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, Final

import numpy as np
import streamlit as st

from dashboard.record import cells
from dashboard.record.predictions import Span
from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number, format_range
from dashboard.views.parts.caching import cached
from dashboard.views.predict.choice import choose, held
from pipeline.arrays import Floats
from pipeline.tables.encoding import Feature
from pipeline.tables.kinds import numbers

MAX_DISTANCE: Final = 1e100


def set_feature(record: Record, feature: Feature, inputs: Floats) -> None:
    """Show the widgets of a feature, whose inputs (inputs,) they show and set."""
    words = record.format
    label, about = escape_markdown(words.readable(feature.name)), escape_markdown(words.description(feature.name))
    if feature.kind == "category":
        choose(feature, inputs, label, about)
        return
    missing = cells.is_missing(feature, inputs)
    show = {"number": _number, "yes_no": _yes_no, "date": _date}[feature.kind]
    caption = show(record, feature, inputs, (label, about), missing)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(caption)
        if feature.tells_gaps:
            key = held(f"missing {feature.name}", missing)
            st.checkbox("missing", key=key, on_change=partial(_set_missing, feature, inputs, key))


def _yes_no(record: Record, feature: Feature, inputs: Floats, texts: tuple[str, str], missing: bool) -> str:
    key = held(f"switch {feature.name}", bool(inputs[0] >= 0.5))
    change = partial(_set, feature, inputs, lambda: bool(st.session_state[key]))
    st.toggle(texts[0], key=key, help=texts[1], disabled=missing, on_change=change)
    share = format_number(100 * float(np.nanmean(numbers(record.data.kept[feature.name]))), 3)
    now = "" if missing or inputs[0] in (0, 1) else f"{format_number(float(inputs[0]), 3)} on average; "
    of = "the rows that have a value" if record.data.kept[feature.name].isna().any() else "the table"
    return f"{now}yes in {share}% of {of}"


def _date(record: Record, feature: Feature, inputs: Floats, texts: tuple[str, str], missing: bool) -> str:
    span, has_times = _span(record, feature.name), _has_times(record, feature.name)
    time = cells.time_of(float(inputs[0]))
    key = held(f"day {feature.name}", time if has_times else time.date())
    change = partial(_set, feature, inputs, lambda: st.session_state[key])
    more: dict[str, Any] = {"key": key, "help": texts[1], "disabled": missing, "on_change": change}
    if has_times:
        st.datetime_input(texts[0], min_value=datetime.min, max_value=datetime.max, step=60, **more)
    else:
        st.date_input(texts[0], min_value=date.min, max_value=date.max, **more)
    first, last = (cells.moment(days) for days in (span.smallest, span.largest))
    return _extent(texts[0], f"{first} to {last}", float(inputs[0]) in span)


@cached(Record)
def _has_times(record: Record, name: str) -> bool:
    days = numbers(record.data.kept[name].dropna())
    return bool(np.any(days != np.floor(days)))


def _number(record: Record, feature: Feature, inputs: Floats, texts: tuple[str, str], missing: bool) -> str:
    name, value, (label, about) = feature.name, float(inputs[0]), texts
    span = _span(record, name)
    slide, type_in = held(f"slide {name}", span.clamp(value)), held(f"type {name}", value)
    varies = span.low < span.high
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if varies:
            move = partial(_set, feature, inputs, lambda: span.clamp(st.session_state[slide]))
            st.slider(
                label,
                span.low,
                span.high,
                step=span.step,
                format="%.6g",
                key=slide,
                on_change=move,
                help=about,
                disabled=missing,
            )
        st.number_input(
            label if not varies else f"{label}, as a number",
            -MAX_DISTANCE,
            MAX_DISTANCE,
            step=span.step,
            format="%.6g",
            key=type_in,
            on_change=partial(_set, feature, inputs, lambda: st.session_state[type_in]),
            label_visibility="collapsed" if varies else "visible",
            width=120,
            disabled=missing,
        )
    return _extent(label, " to ".join(format_range(span.smallest, span.largest)), value in span)


def _extent(label: str, extent: str, inside: bool) -> str:
    return f"{extent} in the table" if inside else f":red[**{label} is outside the table's {extent}**]"


@cached(Record)
def _span(record: Record, name: str) -> Span:
    values = numbers(record.data.kept[name])
    return Span.of(values[~np.isnan(values)])


def _set(feature: Feature, inputs: Floats, cell: Callable[[], cells.Cell]) -> None:
    if (value := cell()) is not None:
        inputs[:] = cells.inputs_of(feature, value)


def _set_missing(feature: Feature, inputs: Floats, key: str) -> None:
    missing = cells.inputs_of(feature, None)
    inputs[:] = missing if st.session_state[key] else [*missing[:-1], 0]
