"""The test error in one sentence, and the metrics beside those of the two references."""

import streamlit as st

from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import cards


@cached(Record)
def headline(record: Record) -> None:
    """Say how far off the recorded run is on the test rows, and warn where it diverged."""
    metrics, words = record.metrics, record.format
    test, mean, best = metrics.test, metrics.baseline.test, metrics.optimum.train_rows.test
    st.title(f"Off by about {words.amount(test['rmse'], 2)}")
    sentence = (
        f"That is the root mean squared error on {len(record.data.split.test)} {words.nouns} the model never saw. "
        f"Predicting the mean for each is off by {words.amount(mean['rmse'], 2)}; "
        f"the least-squares fit, the best that a linear model finds in the training rows, "
        f"by {words.amount(best['rmse'], 2)}."
    )
    st.markdown(escape_markdown(sentence))
    if metrics.status == "diverged":
        limit = metrics.curvature.fit_rows.largest_stable_learning_rate
        st.warning(
            f"This run diverged in epoch {metrics.epochs_run}; shown are the weights of the last finite epoch. "
            f"Plain SGD on the mean squared error is stable below a learning rate of {format_number(limit)}."
        )


@cached(Record)
def scores(record: Record) -> None:
    """Show the metrics of the recorded run, each with those of the mean and of least squares."""
    metrics, words = record.metrics, record.format
    rows = (metrics.test, metrics.baseline.test, metrics.optimum.train_rows.test)
    beside = "predicting the mean {}  \nleast squares {}"
    error, *errors = (words.amount(scores["rmse"]) for scores in rows)
    squared, *squares = (format_number(scores["mse"], 4) for scores in rows)
    explained, *shares = (format_number(scores["r2"]) for scores in rows)
    least = format_number(metrics.optimum.fit_rows.train["mse"], 4)
    cards(
        [
            ("Test error (RMSE)", error, beside.format(*errors)),
            ("Test mean squared error", squared, beside.format(*squares)),
            ("Variance explained (R²)", explained, beside.format(*shares)),
            (
                "Distance to the optimum",
                format_number(metrics.distance_to_optimum),
                f"training error {format_number(metrics.train['mse'], 4)}  \nleast for a linear model {least}",
            ),
        ]
    )
