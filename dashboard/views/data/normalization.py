"""A column before and after normalization."""

import pandas as pd
import streamlit as st

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
    for name in map(str, record.kept.columns):
        if place := data.encoding.places.get(name):
            names += data.names[place]
        elif name not in data.names and kind_of(record.kept[name]) != "text" and record.kept[name].notna().any():
            names.append(name)
    return names


def normalized_rows(record: Record) -> pd.DataFrame:
    """Every row as the model sees it, with its target and its part."""
    table = pd.DataFrame(record.data.features, columns=record.data.names)
    table[record.data.target_name] = record.data.target
    table.insert(len(table.columns), "part", record.predictions["part"], allow_duplicates=True)
    return table


@cached(Record)
def _both(record: Record, name: str) -> None:
    data, words, title = record.data, record.format, record.format.readable(name)
    values = (record.inputs[name] if name in data.names else record.kept[name].dropna()).pipe(numbers)
    bins = columns.edges(values)
    left, right = st.columns(2, gap="large")
    with left:
        _distribution(values, bins, words.axis(name), f"{title} as it is in the table, over all rows")
    with right:
        if name not in data.names or data.scaling.is_none:
            st.info(escape_markdown(descriptions.why_raw(record, name)))
            return
        index = data.names.index(name)
        mean, deviation = float(data.scaling.mean[index]), float(data.scaling.deviation[index])
        rows = value_name("statistics_from", data.settings.statistics_from)
        formula = (
            f"({title} minus {format_number(mean)}) divided by {format_number(deviation)} (mean and standard deviation "
            f"of the {rows}), over all rows"
        )
        normalized = f"{title}, in standard deviations from its mean"
        _distribution(data.features[:, index], (bins - mean) / deviation, normalized, formula)


def _distribution(values: Floats, bins: Floats, title: str, what: str) -> None:
    low, high = format_range(float(values.min()), float(values.max()))
    mean, deviation = format_number(round(values.mean(), 9)), format_number(float(values.std()))
    sentence = f"{what}: from {low} to {high}, mean {mean}, standard deviation {deviation}."
    st.vega_lite_chart(columns.distribution(values, bins, title), alt=sentence)
    st.caption(escape_markdown(sentence))
