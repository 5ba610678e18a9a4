"""Predict: the model's prediction for one row, feature by feature, and for a file of rows."""

from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import recorded
from dashboard.views.predict.sliders import Setting, feature_inputs, start_from
from dashboard.views.predict.upload import file_of_rows
from dashboard.views.predict.waterfall import draw_waterfall, predictor_of

SEEN: Final = {
    "train": "a training row: the model was fitted on it",
    "validation": "a validation row: watched during training, but the model was not fitted on it",
    "test": "a test row: the model has never seen it",
}

IN_VIEW: Final = """<style>
div:has(> .st-key-prediction) {
  position: sticky; top: 3.75rem; z-index: 9; padding-bottom: 0.5rem; background: light-dark(#ffffff, #11171d);
}
</style>"""
"""The prediction stays in view while the sliders below it are moved."""


def show() -> None:
    """Show the page."""
    record = recorded()
    words = record.format
    _one_row(record)
    file_of_rows(record, words, predictor_of(record))


@st.fragment
def _one_row(record: Record) -> None:
    words, predictor = record.format, predictor_of(record)
    st.html(IN_VIEW)
    title, head = st.container(key="prediction"), st.container()
    setting = start_from(record, words, predictor)
    left, right = st.columns([3, 2], gap="large")
    with left:
        feature_inputs(record, words, predictor, setting)
    with right:
        draw_waterfall(record, setting)
    with title:
        _title(record, setting)
    with head:
        _cards(record, setting)


@cached(Record)
def _title(record: Record, setting: Setting) -> None:
    words, predicted = record.format, predictor_of(record).predict_row(setting.now)
    amount = words.amount(predicted) if words.in_dollars else f"{words.target} {words.amount(predicted)}"
    whose = f"this {words.noun}" if setting.row is not None else f"the mean {words.noun}"
    st.title(escape_markdown(f"{amount} for {whose}"), anchor=False)


@cached(Record)
def _cards(record: Record, setting: Setting) -> None:
    words, predictor = record.format, predictor_of(record)
    raw = record.raw[list(record.data.names)]
    beyond = (setting.now < raw.min().to_numpy()) | (setting.now > raw.max().to_numpy())
    guess = (
        f" The model has seen nothing like it: {_listed(record, beyond)} outside the table's range."
        if beyond.any()
        else ""
    )
    st.markdown(escape_markdown(f"The recorded model predicts this for {_what(record, setting)}.{guess}"))
    predicted, train, row = predictor.predict_row(setting.now), record.data.part("train").target, setting.row
    actual = float(train.mean() if row is None else record.data.target[row])
    part = None if row is None else str(record.predictions["part"].iloc[row])
    cards = [
        ("Actual mean", words.amount(actual), f"over {len(train)} training rows")
        if part is None
        else ("Actual", words.amount(actual), f"row {row}, {SEEN[part]}"),
        (
            "Predicted minus actual",
            words.change(predicted - actual),
            f"the typical error on test rows is {words.amount(record.metrics.test['rmse'], 2)}",
        ),
        (
            "Difference from the mean",
            words.change(predicted - predictor.start),
            f"prediction at the mean: {words.amount(predictor.start)}",
        ),
    ]
    for column, (label, value, told) in zip(st.columns(3), cards, strict=True):
        with column.container(border=True, height="stretch"):
            st.metric(label, value)
            st.caption(escape_markdown(told))


def _what(record: Record, setting: Setting) -> str:
    start = "the mean of the training rows" if setting.row is None else f"row {setting.row} of the table"
    changed = setting.now != setting.origin
    return f"{start}, {_listed(record, changed)} changed" if changed.any() else start


def _listed(record: Record, marked: NDArray[np.bool_], most: int = 4) -> str:
    """The names of the first few marked features, from a mask (features,)."""
    names = [name for name, is_marked in zip(record.data.names, marked, strict=True) if is_marked]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
