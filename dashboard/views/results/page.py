"""Results: what the recorded run achieved, beside what is possible."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.charts import curves, fit, weights
from dashboard.charts.data import with_data
from dashboard.record.provenance import commit
from dashboard.record.snapshot import Record
from dashboard.record.tables import reference_losses, weights_table, weights_title
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from dashboard.text.sentences import capitalized
from dashboard.text.target import LOSS_NAMES
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import files_for_download, recorded, records

_WHERE_TO_BEGIN: Final = (
    "New here? Look at the [data](data), then at [one step](step) of the training, [backpropagation](backpropagation), "
    "the [loss surface](surface), a run of your own on [Train](train), and what [seeds](seeds) change."
)


def show() -> None:
    """Show the page."""
    record, _ = recorded()
    _headline(record)
    st.caption(_WHERE_TO_BEGIN)
    _cards(record)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _losses(record)
    with right:
        _weights(record)
    _fit(record)
    _which_run(record, commit(records().root))
    files_for_download(record)


@cached(Record)
def _headline(record: Record) -> None:
    metrics, words = record.metrics, record.format
    test, mean, best = metrics.test, metrics.baseline.test, metrics.optimum.train_rows.test
    st.title(f"Off by about {words.amount(test['rmse'], 2)}")
    told = (
        f"That is the root mean squared error on {len(record.data.split.test)} {words.nouns} the model never saw. "
        f"Predicting the mean for each is off by {words.amount(mean['rmse'], 2)}; "
        f"the least-squares fit, the best that a linear model finds in the training rows, "
        f"by {words.amount(best['rmse'], 2)}."
    )
    st.markdown(escape_markdown(told))
    if metrics.status == "diverged":
        limit = metrics.curvature.fit_rows.largest_stable_learning_rate
        st.warning(
            f"This run diverged in epoch {metrics.epochs_run}; shown are the weights of the last finite epoch. "
            f"Plain SGD on the mean squared error is stable below a learning rate of {format_number(limit)}."
        )


@cached(Record)
def _cards(record: Record) -> None:
    metrics, words = record.metrics, record.format
    test, mean, best = metrics.test, metrics.baseline.test, metrics.optimum.train_rows.test
    least = metrics.optimum.fit_rows.train["mse"]
    cards = [
        ("Test error (RMSE)", words.amount(test["rmse"]), words.amount(mean["rmse"]), words.amount(best["rmse"])),
        ("Test mean squared error", *(format_number(scores["mse"], 4) for scores in (test, mean, best))),
        ("Variance explained (R²)", *(format_number(scores["r2"]) for scores in (test, mean, best))),
    ]
    columns = st.columns(4)
    for column, (label, value, at_mean, at_best) in zip(columns, cards, strict=False):
        with column.container(border=True, height="stretch"):
            st.metric(label, value)
            st.caption(
                escape_markdown(f"predicting the mean {at_mean}") + "  \n" + escape_markdown(f"least squares {at_best}")
            )
    with columns[3].container(border=True, height="stretch"):
        st.metric("Distance to the optimum", format_number(metrics.distance_to_optimum))
        st.caption(
            f"training error {format_number(metrics.train['mse'], 4)}  \n"
            f"least for a linear model {format_number(least, 4)}"
        )


def _losses(record: Record) -> None:
    st.subheader("Loss per epoch")
    scale = st.segmented_control(
        "Scale of the loss",
        ["Logarithmic", "Linear"],
        default="Logarithmic",
        required=True,
        label_visibility="collapsed",
    )
    _curve(record, scale == "Logarithmic")


@cached(Record)
def _curve(record: Record, logarithmic: bool) -> None:
    loss = record.training.settings.loss
    references = reference_losses(record.data) if loss == "mse" else {}
    table = curves.long_form(record.run.history)
    picture = (LOSS_NAMES[loss], tuple(references.items()), logarithmic)
    spec = curves.losses(*picture, highest=curves.ceiling(table))
    last = record.run.history.iloc[-1]
    st.vega_lite_chart(
        with_data(spec, table),
        alt=f"Loss over {record.run.epochs_run} epochs: training ends at {format_number(last['training_loss'], 4)}, "
        f"validation at {format_number(last['validation_loss'], 4)}.",
    )


@cached(Record)
def _weights(record: Record) -> None:
    st.subheader("Weights by magnitude")
    run, data, words = record.run, record.data, record.format
    table = weights_table(data.names, run.layers, run.result, data.part("train"))
    linear = len(run.layers) == 1
    top = int(table["size"].to_numpy().argmax())
    if linear:
        per = "one standard deviation" if not data.scaling.is_none else "one"
        told = f"{capitalized(per)} more of {data.names[top]}: {words.change(float(table['weight'].iloc[top]))}. "
        st.caption(escape_markdown(f"{told}The grey ticks are the least-squares weights."))
    else:
        st.caption(f"How strongly each feature enters the {run.layers[0].units} units of the first layer, on average.")
    spec = weights.weights_by_magnitude(weights_title(data, words, linear), len(table), linear)
    largest = table.sort_values("size", ascending=False).head(3)
    said = ", ".join(f"{name} {value:+.2f}" for name, value in zip(largest["feature"], largest["weight"], strict=True))
    st.vega_lite_chart(with_data(spec, table), alt=f"Weights, the largest first: {said}.")


@cached(Record)
def _fit(record: Record) -> None:
    predictions, words = record.predictions, record.format
    test = predictions.loc[predictions["part"] == "test"]
    title = words.axis(words.target)
    scores = record.metrics.test
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Predicted against actual")
        chart = fit.predicted_against_actual(test, title, words.censored_at)
        st.vega_lite_chart(chart, alt=f"Test rows around the 45-degree line, R² {format_number(scores['r2'])}.")
    with right:
        st.subheader("Residuals")
        chart = fit.residuals(test, title, words.censored_at)
        st.vega_lite_chart(chart, alt=f"Residuals of the test rows, {format_number(scores['mae'])} in size on average.")


@cached(Record)
def _which_run(record: Record, commit: str | None) -> None:
    st.subheader("Which run this is")
    told: dict[str, Any] = {
        "status": f"{record.metrics.status.replace('_', ' ')} after {record.run.epochs_run} epochs",
        "data": record.format.title,
        "rows": ", ".join(f"{len(rows)} {part}" for part, rows in record.data.split.parts().items()),
        "device": record.training.device,
        "versions": ", ".join(f"{name} {version}" for name, version in record.training.versions.items()),
        "commit": commit,
    }
    if info := record.run_info:
        told["trained"] = f"{info.trained}, in {info.seconds:.2f} s"
        told["data from"] = info.data.source if info.data else "not known"
    normalize = record.data.settings.model_dump()
    normalize["features"] = ", ".join(normalize["features"])
    columns = st.columns(3)
    for column, name, values in zip(
        columns, ("run", "train", "normalize"), (told, record.training.settings.model_dump(), normalize), strict=True
    ):
        table = pd.DataFrame({name: list(values), "value": [str(value) for value in values.values()]})
        column.dataframe(table, hide_index=True, alt=f"What is known of this run: {name}.", height="content")
