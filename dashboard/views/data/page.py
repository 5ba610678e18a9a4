"""Data: what the columns mean, what normalization does to them, how they correlate, how the rows are split."""

from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts import columns
from dashboard.charts.palette import TEST, TRAINING, VALIDATION
from dashboard.record.samples import drawn
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_signed
from dashboard.views.data import descriptions
from dashboard.views.data.listing import columns_of_table
from dashboard.views.data.normalization import normalized_rows, raw_and_normalized
from dashboard.views.data.questions import questions
from dashboard.views.parts.caching import cached
from dashboard.views.parts.check import check_yourself
from dashboard.views.parts.columns import choose_column
from dashboard.views.parts.shared import recorded, table_for_download
from pipeline.arrays import sample_of
from pipeline.tables.names import counted

_TITLES: Final = {"train": ("training", TRAINING), "validation": ("validation", VALIDATION), "test": ("test", TEST)}


def show() -> None:
    """Show the page."""
    record = recorded()
    ranked = _ranked(record)
    _subject(record)
    raw_and_normalized(record, first=ranked[0])
    columns_of_table(record)
    left, right = st.columns(2, gap="large")
    with left:
        _against_target(record, ranked)
    with right:
        _correlations(record)
    _split(record)
    with st.container(horizontal=True):
        table_for_download("raw.csv", record.raw)
        table_for_download("normalized.csv", partial(normalized_rows, record))
    check_yourself("data", list(questions(record, ranked[0])))


@cached(Record)
def _ranked(record: Record) -> list[str]:
    """The features, those most strongly correlated with the target first."""
    return [str(name) for name in columns.strongest(_of_each_two(record), record.format.target).index]


@cached(Record)
def _of_each_two(record: Record) -> pd.DataFrame:
    """The correlations of each two of the model's inputs and the target, over all rows."""
    data = record.data
    rows = data.every_row
    return pd.DataFrame(rows.features, columns=list(data.names)).assign(**{data.target_name: rows.target}).corr()


@cached(Record)
def _subject(record: Record) -> None:
    words = record.format
    features = counted(len(record.data.settings.features), "feature")
    st.title(f"{len(record.data.kept):,} {words.nouns}, {features}", anchor=False)
    st.markdown(escape_markdown(descriptions.subject(record)))


@st.fragment
def _against_target(record: Record, names: list[str]) -> None:
    words = record.format
    st.subheader(f"A feature against {escape_markdown(words.readable(words.target))}", anchor=False)
    _one_against_target(record, choose_column("Feature", names, names[0], "feature", words.readable, width=260))


@cached(Record)
def _one_against_target(record: Record, name: str) -> None:
    words, target = record.format, record.format.target
    data = record.data
    every = pd.DataFrame({"row": range(len(data.kept)), "feature": data.column(name), "target": data.target})
    table = every[data.has_value(name)]
    titles = words.readable(name), words.readable(target)
    sentence = descriptions.tendency(*titles, float(table["feature"].corr(table["target"])))
    some = sample_of(len(table))
    chart = columns.against_target(table, some, (words.axis(name), words.axis(target)), words.censored_at)
    st.vega_lite_chart(chart, alt=f"{titles[1]} against {titles[0]}. {sentence}")
    given = " that have a value" if len(table) < len(every) else ""
    text = f"{sentence} The grey line is the least-squares fit to all {len(table):,} rows{given}."
    text += drawn(len(table), f"rows{given}")
    st.caption(escape_markdown(text), help=explained("least squares"))


@cached(Record)
def _correlations(record: Record) -> None:
    st.subheader("Correlations", anchor=False)
    words = record.format
    table = _of_each_two(record)
    ranked = columns.strongest(table, words.target)
    names = [words.target, *ranked.index][: columns.MAX_IN_MATRIX]
    target, titles = words.readable(words.target), words.titles(names)
    strongest = ", ".join(
        f"{words.readable(str(name))} {format_signed(value, 2)}" for name, value in ranked.head(3).items()
    )
    chart = columns.correlation_matrix(table.loc[names, names], titles)
    st.vega_lite_chart(chart, alt=f"Correlations. The strongest with {target}: {strongest}.")
    inputs = "features" if len(ranked) == len(record.data.settings.features) else "inputs of the model"
    some = "" if len(names) > len(ranked) else f"{len(names) - 1} of {len(ranked)} {inputs} are shown. "
    if len(ranked) > 1:
        st.caption(
            escape_markdown(
                f"{some}Ordered by the size of the correlation with {target}; the strongest are {strongest}."
            )
        )


@cached(Record)
def _split(record: Record) -> None:
    words = record.format
    parts_of_a_table = explained("training rows", "validation rows", "test rows")
    st.subheader("How the rows are split", anchor=False, help=parts_of_a_table)
    st.markdown(escape_markdown(descriptions.division(record)))
    bins = columns.edges(record.data.target)
    parts = {name: record.data.target[rows] for name, rows in record.data.split.parts().items()}
    highest = max(int(np.histogram(values, bins)[0].max()) for values in parts.values())
    for column, (name, values) in zip(st.columns(3, gap="medium"), parts.items(), strict=True):
        title, colour = _TITLES[name]
        with column:
            st.markdown(f"**{len(values):,} {title} rows**")
            mean = f"mean {words.amount(float(values.mean()))}, standard deviation {words.amount(float(values.std()))}"
            chart = columns.distribution(values, bins, words.axis(words.target), colour, highest)
            st.vega_lite_chart(chart, alt=f"{words.readable(words.target)} in the {title} rows: {mean}.")
            st.caption(escape_markdown(mean))
