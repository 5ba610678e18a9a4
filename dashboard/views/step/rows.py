"""The rows of a batch: features, prediction, error and loss of each."""

from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.record.snapshot import Record
from dashboard.record.tables import distinct
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.text.numbers import format_number
from dashboard.text.target import TargetFormat
from dashboard.views.parts.query_params import in_address, one_of, whole_number
from dashboard.views.parts.shared import table_for_download
from dashboard.views.parts.tables import show_numbers
from dashboard.views.step.navigation import ShownUpdate

LOSS_COLUMNS: Final = {"mse": "squared error", "mae": "absolute error"}
_COSTS: Final = {"mse": "error × error", "mae": "the absolute value of the error"}


def batch(record: Record, shown: ShownUpdate) -> None:
    """Show the rows of the batch with predictions and errors, and how one prediction is computed."""
    step, loss, words = shown.step, shown.course.settings.loss, record.format
    rows = record.data.split.train[step.rows]
    st.subheader("1. Draw the rows, predict, compare", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        kinds = ["normalized", "original units"]
        units = one_of("Features", kinds, "step-units", format_func=str.capitalize, label_visibility="collapsed")
        exact = st.toggle("Exact numbers", **in_address("step-exact"))
    features = step.features if units == "normalized" else record.raw[list(record.data.names)].to_numpy()[rows]
    results = {"predicted": step.predictions, "error": step.errors, LOSS_COLUMNS[loss]: step.losses}
    target = distinct(words.axis(words.target), ["row", *results], "target")
    table = pd.DataFrame({"row": rows, target: step.target, **results})
    taken = {"row", target, *results}
    names = [distinct(name, taken | {*record.data.names} - {name}, "feature") for name in record.data.names]
    helps = {
        target: _meaning(words, words.target, raw=True),
        "predicted": "the sum of each feature times its weight, plus the bias",
        "error": f"predicted − {escape_markdown(words.target)}",
        LOSS_COLUMNS[loss]: _COSTS[loss],
    }
    raw = units == "original units" or record.data.scaling.is_none
    meanings = [_meaning(words, name, raw) for name in record.data.names]
    listed = pd.concat([table, pd.DataFrame(features, columns=names)], axis=1)
    show_numbers(
        listed,
        listed.columns[1:],
        None if exact else 4,
        helps | dict(zip(names, meanings, strict=True)),
        height=min(38 + 35 * len(listed), 318),
        alt="The rows of this batch with prediction, error and loss of each.",
    )
    table_for_download("rows.csv", listed, "These rows as CSV")
    st.markdown(
        f"The error is predicted − {escape_markdown(words.target)} (the true value). The **loss** of the batch is the "
        f"mean of the {LOSS_COLUMNS[loss]}s{escape_markdown(words.loss_unit(loss))}: "
        f"**{format_number(step.loss, 4)}**. This is the number that the update "
        "tries to make smaller."
    )
    _one_row(record, shown, rows, exact)


def _one_row(record: Record, shown: ShownUpdate, rows: Any, exact: bool) -> None:
    step, words = shown.step, record.format
    with st.expander(f"One {words.noun} in detail: from its features to its prediction"):
        label = f"{capitalized(words.noun)} of this batch, 1 to {len(rows):,}"
        chosen = whole_number(st.container(width=260), label, (1, len(rows), 1), "step-row") - 1
        raw = record.raw[list(record.data.names)].to_numpy()[rows[chosen]]
        inputs = np.append(step.features[chosen], 1.0)
        table = pd.DataFrame(
            {
                "feature": shown.names,
                "original": np.append(raw, 1.0),
                "normalized": inputs,
                "weight": step.before,
                "weight × normalized": inputs * step.before,
            }
        )
        said = "How the prediction for one row is computed."
        show_numbers(table, table.columns[1:], None if exact else 4, height="content", alt=said)
        predicted, actual = (escape_markdown(words.amount(some[chosen])) for some in (step.predictions, step.target))
        in_dollars = f" ({predicted})" if words.in_dollars else ""
        st.markdown(
            f"This is row {rows[chosen]} of the table. The last column adds up to the prediction: "
            f"**{format_number(step.predictions[chosen], 4)}**{in_dollars}. "
            f"The true value is {actual}, so the error is "
            f"{format_number(step.errors[chosen], 4)}{escape_markdown(words.unit)}."
        )


def _meaning(words: TargetFormat, name: str, raw: bool) -> str:
    """The meaning of a column, with its unit."""
    column = words.column(name)
    unit = column.unit if raw else "in standard deviations from the mean"
    return escape_markdown(f"{column.meaning or name} ({unit})" if unit else column.meaning or name)
