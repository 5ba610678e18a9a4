"""The rows of a batch: which were drawn, what is predicted for them, and how far off that is."""

from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.record.samples import LISTED
from dashboard.record.snapshot import Record
from dashboard.text.glossary import TERMS, explained, explained_in
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.text.numbers import format_number
from dashboard.text.target import loss_of_a_row
from dashboard.views.parts.query_params import in_address, one_of, whole_number
from dashboard.views.parts.shared import table_for_download
from dashboard.views.parts.tables import show_numbers
from dashboard.views.step.navigation import EXACT, ShownUpdate, digits_shown
from pipeline.tables.names import distinct

_COSTS: Final = {"mse": "error × error", "mae": "the absolute value of the error"}
_HEIGHT: Final = 283


def draw(record: Record, shown: ShownUpdate) -> None:
    """Show the features and the target of the rows that were drawn."""
    step, words = shown.step, record.format
    rows, total = record.data.split.train[step.rows], len(shown.course.train.target)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"**Stochastic gradient descent** (SGD) repeats five steps. First it draws {len(rows):,} of {total:,} "
            f"training rows at random. An **epoch** is {TERMS['epoch'].meaning}",
            help=explained("gradient"),
            width=820,
        )
        kinds = ["normalized", "original units"]
        units = one_of("Features", kinds, "step-units", format_func=str.capitalize, label_visibility="collapsed")
    taken = _columns(record, shown)
    others = {"row", *taken}
    names = [distinct(name, others | {*record.data.names} - {name}, "feature") for name in record.data.names]
    raw = units == "original units" or record.data.scaling.is_none

    def listed(most: int | None = None) -> pd.DataFrame:
        features = record.data.inputs(rows[:most]) if units == "original units" else step.features[:most]
        return pd.concat([_results(record, shown, most), pd.DataFrame(features, columns=names)], axis=1)

    unit = None if raw else "in standard deviations from the mean"
    meanings = [escape_markdown(words.description(name, unit)) for name in record.data.names]
    helps = _helps(record, shown) | dict(zip(names, meanings, strict=True))
    seen = listed(LISTED).drop(columns=taken[1:])
    said = "The rows of this batch, with target and features."
    place = st.container()  # filled when it is known whether the numbers are to be exact
    with st.container(horizontal=True, vertical_alignment="center"):
        table_for_download("rows.csv", listed, "These rows as CSV")
        st.toggle("Exact numbers", **in_address(EXACT))
        if len(rows) > LISTED:
            st.caption(f"The table shows the first {LISTED:,} of {len(rows):,} rows.", width="content")
        elif 38 + 35 * len(rows) > _HEIGHT:
            st.caption(f"The table scrolls: it has {len(rows):,} rows.", width="content")
    with place:
        show_numbers(seen, seen.columns[1:], digits_shown(), helps, height=_fitting(len(rows)), alt=said)


def predict(record: Record, shown: ShownUpdate) -> None:
    """Show the prediction for each row, and how that of one row is computed."""
    step, words = shown.step, record.format
    rows, results = record.data.split.train[step.rows], _results(record, shown, LISTED)
    target, predicted, *_ = _columns(record, shown)
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.markdown("Predict each row with the weights as they are.")
        helps, said = _helps(record, shown), "The rows of this batch, with target and prediction."
        seen = results[["row", target, predicted]]
        show_numbers(seen, seen.columns[1:], digits_shown(), helps, height=_fitting(len(rows)), alt=said)
    with right:
        label = f"{capitalized(words.noun)} of this batch, 1 to {len(rows):,}"
        chosen = whole_number(st.container(width=260), label, (1, len(rows), 1), "step-row") - 1
        raw = record.data.inputs([rows[chosen]])[0]
        inputs = np.append(step.features[chosen], 1.0)
        table = pd.DataFrame(
            {
                "feature": [words.readable(name) for name in shown.names],
                "original": np.append(raw, 1.0),
                "normalized": inputs,
                "weight": step.before,
                "weight × normalized": inputs * step.before,
            }
        )
        said = "How the prediction for one row is computed."
        show_numbers(table, table.columns[1:], digits_shown(), height=min(38 + 35 * len(table), 220), alt=said)
        size, actual = (escape_markdown(words.amount(some[chosen])) for some in (step.predictions, step.target))
        in_dollars = f" ({size})" if words.in_dollars else ""
        st.markdown(
            f"This is {record.row_in_words(rows[chosen])}. The last column adds up to the prediction: "
            f"**{format_number(step.predictions[chosen], 4)}**{in_dollars}. "
            f"The true value is {actual}, so the error is "
            f"{format_number(step.errors[chosen], 4)}{escape_markdown(words.unit)}."
        )


def loss(record: Record, shown: ShownUpdate) -> None:
    """Show the error and the loss of each row, and their mean."""
    step, words, name = shown.step, record.format, loss_of_a_row(shown.course.settings.loss)
    results = _results(record, shown, LISTED)
    left, right = st.columns([3, 2], gap="large")
    with left:
        said = "The rows of this batch, with prediction, error and loss."
        helps = _helps(record, shown)
        show_numbers(results, results.columns[1:], digits_shown(), helps, height=_fitting(len(results)), alt=said)
    label = f"Loss of the batch: mean {name}"
    right.metric(label, format_number(step.loss, 4), border=True, help=explained_in(label, "batch"))
    right.markdown(
        f"The error is predicted − {escape_markdown(words.readable(words.target))}, the true value. The **loss** of "
        f"the batch is the mean of the {name}s{escape_markdown(words.loss_unit(shown.course.settings.loss))}: "
        f"**{format_number(step.loss, 4)}**. This is the number that the update tries to make smaller."
    )


def _columns(record: Record, shown: ShownUpdate) -> list[str]:
    """The names of the target's column and of those of the results."""
    results = ["predicted", "error", loss_of_a_row(shown.course.settings.loss)]
    words = record.format
    return [distinct(words.header(words.target), ["row", *results], "target"), *results]


def _results(record: Record, shown: ShownUpdate, most: int | None) -> pd.DataFrame:
    step = shown.step
    values = (each[:most] for each in (step.target, step.predictions, step.errors, step.losses))
    rows = record.data.split.train[step.rows[:most]]
    return pd.DataFrame({"row": rows, **dict(zip(_columns(record, shown), values, strict=True))})


def _helps(record: Record, shown: ShownUpdate) -> dict[str, str]:
    """What each column of the results holds."""
    words = record.format
    meanings = (
        escape_markdown(words.description(words.target)),
        "the sum of each feature times its weight, plus the bias",
        f"predicted − {escape_markdown(words.readable(words.target))}",
        _COSTS[shown.course.settings.loss],
    )
    return dict(zip(_columns(record, shown), meanings, strict=True))


def _fitting(rows: Any) -> int:
    return min(38 + 35 * int(rows), _HEIGHT)
