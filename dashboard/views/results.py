"""Results: what the recorded run achieved, beside what is possible."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts import curves, fit, weights
from dashboard.records import Record
from dashboard.views.shared import recorded
from dashboard.wording import Words, plain
from pipeline.scores import Optimum

LOSS_NAMES = {"mse": "mean squared error", "mae": "mean absolute error"}


def show() -> None:
    """Show the page."""
    record, words = recorded()
    _headline(record, words)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _losses(record, words)
    with right:
        _weights(record, words)
    _fit(record, words)


def _headline(record: Record, words: Words) -> None:
    metrics = record.metrics
    test, mean, best = metrics["test"], metrics["baseline"]["test"], metrics["optimum"]["train_rows"]["test"]
    rows = len(record.data.split.test)
    st.title(f"Off by about {words.amount(test['rmse'], 2)}")
    st.markdown(
        f"That is the root mean squared error on {rows} {words.noun}s the model never saw. "
        f"Predicting the mean for each is off by {words.amount(mean['rmse'], 2)}; "
        f"the best a linear model can do by {words.amount(best['rmse'], 2)}."
    )
    if metrics["status"] == "diverged":
        limit = metrics["curvature"]["fit_rows"]["largest_stable_learning_rate"]
        st.warning(
            f"This run diverged in epoch {metrics['epochs_run']}; shown are the weights of the last finite epoch. "
            f"Plain SGD on the mean squared error is stable below a learning rate of {plain(limit)}."
        )
    cards = st.columns(4)
    cards[0].metric("Test error (RMSE)", words.amount(test["rmse"]), border=True, help=_beside(mean, best, "rmse"))
    cards[1].metric("Test mean squared error", words.square(test["mse"]), border=True, help=_beside(mean, best, "mse"))
    cards[2].metric("Variance explained (R²)", plain(test["r2"]), border=True, help=_beside(mean, best, "r2"))
    cards[3].metric(
        "Above the optimum",
        plain(metrics["distance_to_optimum"]),
        border=True,
        help="Training mean squared error above the least that any linear model has on the same rows.",
    )


def _beside(mean: dict[str, Any], best: dict[str, Any], key: str) -> str:
    return f"Predicting the mean: {plain(mean[key], 4)}. Least squares: {plain(best[key], 4)}."


def _losses(record: Record, words: Words) -> None:
    st.subheader("Loss per epoch")
    loss = record.training["settings"]["loss"]
    logarithmic = st.segmented_control("Scale", ["Linear", "Logarithmic"], default="Logarithmic") == "Logarithmic"
    references = {}
    if loss == "mse":
        references = {
            "predicting the mean": float(np.var(record.data.part("train").target)),
            "least squares": record.metrics["optimum"]["fit_rows"]["train"]["mse"],
        }
    chart = curves.losses(curves.long_form(record.run.history), LOSS_NAMES[loss], references, logarithmic)
    st.altair_chart(chart, alt=f"Training and validation loss of {record.run.epochs_run} epochs.")


def _weights(record: Record, words: Words) -> None:
    if len(record.run.layers) > 1:
        return
    st.subheader("Weights by magnitude")
    train = record.data.part("train")
    table = pd.DataFrame(
        {
            "feature": record.data.names,
            "weight": record.run.result[:-1].astype(float),
            "optimum": Optimum.of(train.features, train.target).weights,
        }
    )
    top = table.loc[table["weight"].abs().idxmax()]
    st.markdown(
        f"Per standard deviation of {top['feature']}: {words.change(top['weight'])}. The ticks are least squares."
    )
    unit = "$1000 per standard deviation" if words.in_dollars else "per standard deviation"
    st.altair_chart(weights.weights_by_magnitude(table, f"weight ({unit})"), alt="Weights, the largest first.")


def _fit(record: Record, words: Words) -> None:
    test = record.predictions[record.predictions["part"] == "test"]
    title = words.axis(words.target)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Predicted against actual")
        chart = fit.predicted_against_actual(test, title, words.censored_at)
        st.altair_chart(chart, alt="Predicted against actual targets of the test rows.")
    with right:
        st.subheader("What is left over")
        st.altair_chart(fit.residuals(test, title, words.censored_at), alt="Residuals of the test rows.")
