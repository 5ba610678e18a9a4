"""Predict: the model's prediction for one row, feature by feature, and for a file of rows."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.record.cells import is_another
from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import cards, recorded
from dashboard.views.predict.sliders import Setting, feature_inputs, start_from
from dashboard.views.predict.upload import file_of_rows
from dashboard.views.predict.waterfall import draw_waterfall, predictor_of
from pipeline.arrays import Floats
from pipeline.tables.names import first_few
from pipeline.tables.splits import PARTS

SEEN: Final = {
    "train": "a training row: the model was fitted on it",
    "validation": "a validation row: watched during training, but the model was not fitted on it",
    "test": "a test row: the model has never seen it",
}

IN_VIEW: Final = """<style>
div:has(> .st-key-prediction) {{
  position: sticky; top: 3.75rem; z-index: 9; padding-bottom: 0.5rem; background: light-dark({}, {});
}}
</style>"""
"""The prediction stays in view, on the page's own ground, while the sliders below it are moved."""


def show() -> None:
    """Show the page."""
    record = recorded()
    _one_row(record)
    file_of_rows(record, predictor_of(record))


@st.fragment
def _one_row(record: Record) -> None:
    st.html(IN_VIEW.format(*(st.get_option(f"theme.{kind}.backgroundColor") for kind in ("light", "dark"))))
    title, head = st.container(key="prediction"), st.container()
    setting = start_from(record, predictor_of(record))
    left, right = st.columns([3, 2], gap="large")
    with left:
        feature_inputs(record, predictor_of(record), setting)
    with right:
        draw_waterfall(record, setting)
    with title:
        _title(record, setting)
    with head:
        _comparison(record, setting)


@cached(Record)
def _title(record: Record, setting: Setting) -> None:
    words, predicted = record.format, predictor_of(record).predict_row(setting.now)
    amount = (
        words.amount(predicted) if words.in_dollars else f"{words.readable(words.target)} {words.amount(predicted)}"
    )
    whose = f"this {words.noun}" if setting.row is not None else f"the mean {words.noun}"
    st.title(escape_markdown(f"{amount} for {whose}"), anchor=False)


@cached(Record)
def _comparison(record: Record, setting: Setting) -> None:
    words, predictor, row = record.format, predictor_of(record), setting.row
    encoding = record.data.encoding
    start = "the mean of the training rows" if row is None else record.row_in_words(row)
    changed = setting.now != setting.origin
    smallest, largest = _ranges(record)
    beyond = (setting.now < smallest) | (setting.now > largest)
    another = np.zeros_like(changed)
    for feature in encoding.features:
        place = encoding.places[feature.name]
        another[place] = is_another(feature, setting.now[place])
    sentence = f"The recorded model predicts this for {start}{_listed(record, changed, ', {} changed')}."
    warning = _listed(record, beyond, " The model has seen nothing like it: {} outside the table's range.")
    if row is not None and (gaps := _untold_gaps(record, row)):
        warning += (
            f" The table has no value for {gaps}: no training row lacks it, so the model takes the mean, or no value."
        )
    warning += _listed(record, another, " To the model it is none of the values it has seen: {}.")
    st.markdown(escape_markdown(sentence + warning))
    predicted, train = predictor.predict_row(setting.now), record.data.target[record.data.split.train]
    if row is None:
        label, actual, note = "Actual mean", float(train.mean()), f"over {len(train):,} training rows"
    else:
        seen = SEEN[PARTS[record.data.places[row]]]
        label, actual, note = "Actual", float(record.data.target[row]), f"row {row}, {seen}"
    typical, mean = words.amount(record.metrics.test["rmse"]), words.amount(predictor.start)
    cards(
        [
            (label, words.amount(actual), note),
            (
                "Predicted minus actual",
                words.change(predicted - actual),
                f"root mean squared error on test rows: {typical}",
            ),
            (f"From the mean {words.noun}", words.change(predicted - predictor.start), f"predicted for it: {mean}"),
        ]
    )


@cached(Record)
def _ranges(record: Record) -> tuple[Floats, Floats]:
    """The smallest and the largest of each input (inputs,) in the table, before the scaling."""
    ends = [(column.min(), column.max()) for column in map(record.data.column, record.data.names)]
    smallest, largest = np.array(ends).T
    return smallest, largest


def _untold_gaps(record: Record, row: int) -> str:
    """The features that are missing in a row of the table, where no training row told the model of gaps."""
    features = [feature.name for feature in record.data.encoding.features if not feature.tells_gaps]
    return ", ".join(record.format.readable(name) for name in features if pd.isna(record.data.kept[name].iloc[row]))


def _listed(record: Record, marked: NDArray[np.bool_], sentence: str, most: int = 4) -> str:
    """The sentence with the names of the first few features of which a mask (inputs,) marks any, if there are such."""
    places = record.data.encoding.places
    of_features = [marked[place].any() for place in places.values()]
    names = [record.format.readable(name) for name, is_marked in zip(places, of_features, strict=True) if is_marked]
    return sentence.format(first_few(names, most)) if names else ""
