"""The test error in one sentence, the metrics beside those of the two references, and which run they are of."""

import pandas as pd
import streamlit as st

from dashboard.record.snapshot import Record
from dashboard.report.results import facts, headline, warning
from dashboard.text.glossary import explained_in
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.text.numbers import format_number
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import cards
from pipeline.record.metrics import FROM_OPTIMUM


@cached(Record)
def introduction(record: Record) -> None:
    """Say how far off the recorded run is on the test rows, and warn where it diverged."""
    title, sentence = headline(record)
    st.title(title)
    warned = warning(record)
    st.markdown(escape_markdown(sentence), help=explained_in(f"{sentence} {warned}"))
    if warned:
        st.warning(warned)


@cached(Record)
def scores(record: Record) -> None:
    """Show the metrics of the recorded run, each with those of the mean and of least squares."""
    metrics, words = record.metrics, record.format
    rows = (metrics.test, metrics.baseline, metrics.least_squares)
    beside = "predicting the mean {}  \nleast squares {}  \n(of training and validation rows)"
    error, *errors = (words.amount(scores["rmse"]) for scores in rows)
    squared, *squares = (format_number(scores["mse"], 4) for scores in rows)
    explained, *shares = (format_number(scores["r2"]) for scores in rows)
    cards(
        [
            ("Test error (RMSE)", error, beside.format(*errors)),
            ("Test mean squared error", squared, beside.format(*squares)),
            ("Variance explained (R²)", explained, beside.format(*shares)),
            (
                capitalized(FROM_OPTIMUM),
                format_number(metrics.distance_to_optimum),
                f"training MSE {format_number(metrics.train['mse'], 6)}  \n"
                f"of least squares on the same rows {format_number(metrics.least_training_mse, 6)}",
            ),
        ]
    )


@cached(Record)
def which_run(record: Record, commit: str | None) -> None:
    """Show what is known of the recorded run, and all its settings."""
    st.subheader("Which run this is")
    tables = facts(record, commit)
    for column, (name, values) in zip(st.columns(3), tables.items(), strict=True):
        table = pd.DataFrame({name: list(values), "value": list(values.values())})
        column.dataframe(table, hide_index=True, alt=f"What is known of this run: {name}.", height="content")
