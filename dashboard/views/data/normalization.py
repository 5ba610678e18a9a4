"""A column before and after normalization."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.charts import columns
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained, explained_in
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number, format_range
from dashboard.views.data import descriptions
from dashboard.views.parts.caching import cached
from dashboard.views.parts.columns import choose_column
from pipeline.arrays import Floats
from pipeline.params import value_name
from pipeline.tables.kinds import kind_of, numbers


@st.fragment
def raw_and_normalized(record: Record, first: str) -> None:
    """Show a column of choice, at first `first`, before and after normalization."""
    st.subheader("Raw and normalized", anchor=False, help=explained("normalized (z-score)"))
    text = descriptions.purpose(record)
    st.markdown(escape_markdown(text), help=explained_in(text, "normalized (z-score)"))
    names = _names(record)
    _both(record, choose_column("Column", names, first, "column", record.format.readable, width=260))


def _names(record: Record) -> list[str]:
    """The columns in the order of the table, those of the model's inputs that they make instead of a feature."""
    data, names = record.data, list[str]()
    for name in map(str, data.kept.columns):
        if place := data.encoding.places.get(name):
            names += data.names[place]
        elif name not in data.names and kind_of(data.kept[name]) != "text" and data.kept[name].notna().any():
            names.append(name)
    return names


def normalized_rows(record: Record) -> pd.DataFrame:
    """Every row as the model sees it, with its target and its part."""
    table = pd.DataFrame(record.data.features(), columns=record.data.names)
    table[record.data.target_name] = record.data.target
    table.insert(len(table.columns), "part", record.predictions()["part"], allow_duplicates=True)
    return table


@cached(Record)
def _both(record: Record, name: str) -> None:
    data, words, title = record.data, record.format, record.format.readable(name)
    is_input = name in data.names
    values = data.column(name) if is_input else numbers(data.kept[name].dropna())
    bins = columns.edges(values)
    settings = data.settings
    measured = data.split.of_parts(settings.measured_parts) if is_input else np.arange(len(values))
    drawn = data.has_value(name) if is_input else np.ones(len(values), bool)
    rows = value_name("statistics_from", settings.statistics_from) if is_input else "rows that have a value"
    left, right = st.columns(2, gap="large")
    with left:
        _distribution(values, drawn, measured, rows, bins, words.axis(name), f"{title} as it is in the table")
    with right:
        if name not in data.names or data.scaling.is_none:
            st.info(escape_markdown(descriptions.why_raw(record, name)))
            return
        mean, deviation = data.scaling.of(data.names.index(name))
        formula = f"({title} minus {format_number(mean)}) divided by {format_number(deviation)}"
        normalized = f"{title}, in standard deviations from its mean"
        _distribution(
            (values - mean) / deviation, drawn, measured, rows, (bins - mean) / deviation, normalized, formula
        )


def _distribution(
    values: Floats,
    drawn: NDArray[np.bool_],
    measured: NDArray[np.int64],
    rows: str,
    bins: Floats,
    title: str,
    what: str,
) -> None:
    """Draw those `values` (rows,) that are no filled gaps, and say the mean and the standard deviation of `rows`.

    `measured` are the places of these rows.
    """
    low, high = format_range(float(values[drawn].min()), float(values[drawn].max()))
    some = values[measured]
    mean, deviation = round(float(some.mean()), 9) + 0.0, format_number(round(float(some.std()), 9))
    sentence = (
        f"{what}: from {low} to {high}. In the {rows} the mean is {format_number(mean)}, the standard deviation "
        f"{deviation}{'' if drawn.all() else '; gaps are filled with that mean, and not drawn'}."
    )
    st.vega_lite_chart(columns.distribution(values[drawn], bins, title, mean=mean), alt=sentence)
    st.caption(escape_markdown(sentence))
