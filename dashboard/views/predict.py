"""Predict: the price of a house, feature by feature, and of a file of houses."""

from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.contributions import falls, waterfall
from dashboard.predictions import MOST_ROWS, Floats, Predictor, read_houses
from dashboard.records import Record
from dashboard.views.shared import csv, recorded
from dashboard.views.sliders import Setting, feature_inputs, start_from
from dashboard.wording import Words, plain, verbatim
from pipeline.errors import UserError

SEEN: Final = {
    "train": "a training row: the model was fitted on it",
    "validation": "a validation row: watched in training, not fitted on",
    "test": "a test row: the model has never seen it",
}

IN_VIEW: Final = """<style>
div:has(> .st-key-price) { position: sticky; top: 3.75rem; z-index: 9; padding-bottom: 0.5rem; background: light-dark(#ffffff, #11171d); }
</style>"""
"""The price stays in view while the sliders below it are moved."""


def show() -> None:
    """Show the page."""
    record, words = recorded()
    predictor = Predictor.of(record.run, record.data)
    _one_row(record, words, predictor)
    _many_rows(record, words, predictor)


@st.fragment
def _one_row(record: Record, words: Words, predictor: Predictor) -> None:
    st.html(IN_VIEW)
    price, head = st.container(key="price"), st.container()
    setting = start_from(record, words, predictor)
    left, right = st.columns([3, 2], gap="large")
    with left:
        feature_inputs(record, words, predictor, setting)
    with right:
        _waterfall(record, words, predictor, setting)
    with price:
        _price(words, predictor, setting)
    with head:
        _cards(record, words, predictor, setting)


def _price(words: Words, predictor: Predictor, setting: Setting) -> None:
    price = predictor.price(setting.now)
    amount = words.amount(price) if words.in_dollars else f"{words.target} {words.amount(price)}"
    whose = f"this {words.noun}" if setting.row is not None else f"the mean {words.noun}"
    st.title(verbatim(f"{amount} for {whose}"), anchor=False)


def _cards(record: Record, words: Words, predictor: Predictor, setting: Setting) -> None:
    st.markdown(verbatim(f"That is what the recorded model predicts for {_what(record, setting)}."))
    price, train, row = predictor.price(setting.now), record.data.part("train").target, setting.row
    actual = float(train.mean() if row is None else record.data.target[row])
    part = None if row is None else str(record.predictions["part"].iloc[row])
    cards = [
        ("Actual mean", words.amount(actual), f"over {len(train)} training rows")
        if part is None
        else ("Actual", words.amount(actual), f"row {row}, {SEEN[part]}"),
        (
            "Predicted minus actual",
            words.change(price - actual),
            f"on test rows it is off by about {words.amount(record.metrics['test']['rmse'], 2)}",
        ),
        ("From the mean", words.change(price - predictor.start), f"predicted there: {words.amount(predictor.start)}"),
    ]
    for column, (label, value, told) in zip(st.columns(3), cards, strict=True):
        with column.container(border=True, height="stretch"):
            st.metric(label, value)
            st.caption(verbatim(told))


def _what(record: Record, setting: Setting) -> str:
    start = "the mean of the training rows" if setting.row is None else f"row {setting.row} of the table"
    changed = [name for name, differs in zip(record.data.names, setting.now != setting.origin, strict=True) if differs]
    if not changed:
        return start
    told = ", ".join(changed[:4]) + (f" and {len(changed) - 4} more" if len(changed) > 4 else "")
    return f"{start}, {told} changed"


def _waterfall(record: Record, words: Words, predictor: Predictor, setting: Setting) -> None:
    st.subheader(f"From the mean to this {words.noun}", anchor=False)
    order = np.argsort(-predictor.reach, kind="stable")
    parts = predictor.contributions(setting.now)[order]
    labels = [f"{record.data.names[index]} {plain(setting.now[index])}" for index in order]
    table = falls(labels, parts.tolist(), predictor.start, ("mean row", f"this {words.noun}"))
    chart = waterfall(
        table,
        f"predicted {words.axis(words.target)}",
        _domain(record, predictor, predictor.contributions(setting.origin)[order]),
        lambda amount, change: words.change(amount) if change else words.amount(amount),
    )
    largest = np.argsort(-np.abs(parts))[:3]
    told = ", ".join(f"{labels[index]} {words.change(parts[index])}" for index in largest)
    price = predictor.price(setting.now)
    st.altair_chart(
        chart,
        alt=f"From {words.amount(predictor.start)} for the mean row to {words.amount(price)}. The most: {told}.",
    )
    st.caption(_method(record))


def _domain(record: Record, predictor: Predictor, parts: Floats) -> tuple[float, float]:
    """What nine in ten predictions lie in, and the way to the row that was chosen: it stays while features are set."""
    low, high = np.quantile(record.predictions["predicted"], [0.05, 0.95])
    way = predictor.start + np.cumsum(parts)
    return float(min(low, way.min())), float(max(high, way.max()))


def _method(record: Record) -> str:
    if len(record.run.layers) == 1:
        deviation = "" if record.data.scaling.is_none else ", in standard deviations"
        return f"Each bar is the feature's weight times its distance from the mean{deviation}. The bars add up exactly."
    return (
        "Each bar is the feature's distance from the mean times the mean slope of the prediction on the straight way "
        "there: integrated gradients (Sundararajan, Taly and Yan, 2017). The bars add up to the prediction."
    )


@st.fragment
def _many_rows(record: Record, words: Words, predictor: Predictor) -> None:
    st.subheader(f"A file of {words.noun}s", anchor=False)
    names = list(record.data.names)
    st.markdown(
        f"A CSV file with a column for each of the {len(names)} features, by its name in the table, in the table's "
        f"units; at most {MOST_ROWS:,} rows and 1 MB. Other columns are ignored. The file stays on this machine."
    )
    example = record.raw[names].iloc[record.data.split.test[:3]]
    st.download_button("An example to fill in", partial(csv, example), "houses.csv", "text/csv", on_click="ignore")
    st.file_uploader(f"CSV file of {words.noun}s", "csv", key="file", on_change=_keep, max_upload_size=1)
    if "kept file" not in st.session_state:
        return
    name, content = st.session_state["kept file"]
    try:
        houses = read_houses(content, name, names)
    except UserError as error:
        st.error(verbatim(f"{error}."))
        return
    predicted = pd.Series(predictor.predict(houses.features.to_numpy()), name=f"predicted {words.target}")
    table = pd.concat([predicted, houses.features], axis=1)
    ignored = f" Ignored: {', '.join(houses.ignored)}." if houses.ignored else ""
    st.markdown(
        verbatim(
            f"{name}: {len(table)} predictions, from {words.amount(predicted.min())} "
            f"to {words.amount(predicted.max())}.{ignored}"
        )
    )
    st.dataframe(table, height="auto", alt=f"Predictions for the {len(table)} rows of {name}.")
    st.download_button("predictions.csv", partial(csv, table), "predictions.csv", "text/csv", on_click="ignore")


def _keep() -> None:
    """Keep the file for this visit: a widget forgets it when the page is left."""
    file = st.session_state["file"]
    if file is None:
        st.session_state.pop("kept file", None)
    else:
        st.session_state["kept file"] = (file.name, file.getvalue())
