"""Results: what the recorded run achieved, beside what is possible."""

import streamlit as st

from dashboard.charts.curves import losses
from dashboard.charts.fit import predicted_against_actual, residuals
from dashboard.charts.weights import weights_by_magnitude
from dashboard.experiments.revisions import standing
from dashboard.record.samples import in_words
from dashboard.record.snapshot import Record
from dashboard.record.tables import LINES_OF_REFERENCES, reference_losses, weights_table, weights_title
from dashboard.text.glossary import explained, explained_in
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number, format_signed
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import files_for_download, recorded, records
from dashboard.views.results.cards import headline, scores, which_run


def show() -> None:
    """Show the page."""
    record = recorded()
    headline(record)
    scores(record)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("Loss per epoch", help=explained("epoch"))
        scale = st.segmented_control(
            "Scale of the loss",
            ["Logarithmic", "Linear"],
            default="Logarithmic",
            required=True,
            label_visibility="collapsed",
        )
        _losses(record, scale == "Logarithmic")
    with right:
        _weights(record)
    _fits(record)
    which_run(record, standing(records().root))
    files_for_download(record)


@cached(Record)
def _losses(record: Record, logarithmic: bool) -> None:
    loss, history = record.training.settings.loss, record.run.history
    references = reference_losses(record.data, loss)
    last = history.iloc[-1]
    st.vega_lite_chart(
        losses(history, record.format.loss_title(loss), references, logarithmic),
        alt=f"Loss up to epoch {record.run.epochs_run}: training ends at {format_number(last['training_loss'], 4)}, "
        f"validation at {format_number(last['validation_loss'], 4)}.",
    )
    first = "Epoch 0 is the state before the first update. "
    if record.training.start:
        first = f"Epoch {record.run.epochs[0]}, the first that is drawn, is the moment at which this branch began. "
    text = (
        "The training loss of an epoch is the mean over its rows, each measured just before its batch's update; the "
        f"validation loss is measured after the epoch. {first}" + (LINES_OF_REFERENCES if references else "")
    )
    st.caption(text, help=explained_in(text, "epoch"))


@cached(Record)
def _weights(record: Record) -> None:
    st.subheader("Weights by magnitude")
    run, data, words = record.run, record.data, record.format
    table = weights_table(data.names, run.layers, run.result, data.whole("mse"))
    linear = run.is_linear
    if linear:
        unit = "One" if data.scaling.is_none else "One standard deviation"
        top = table.iloc[0]
        ticks = "grey ticks are the weights" if len(table) > 1 else "grey tick is the weight"
        size, bias = words.amount(abs(top["weight"])), words.amount(float(run.result[-1]))
        moves = "raises" if top["weight"] > 0 else "lowers"
        caption = f"{unit} more of {words.readable(top['feature'])} {moves} the prediction by {size}. "
        caption += f"The {ticks} of least squares on the training rows. The bias, {bias}, is not drawn."
        if record.training.settings.loss == "mae":
            caption += " This run minimizes the absolute error and heads for other weights."
        st.caption(escape_markdown(caption))
    else:
        units = run.layers[0].units
        st.caption(f"Each bar is the root mean square of a feature's weights to the {units} units of the first layer.")
    largest = table.head(3)
    sizes = zip(largest["feature"], largest["weight"], strict=True)
    written = format_signed if linear else format_number
    said = ", ".join(f"{words.readable(name)} {written(value)}" for name, value in sizes)
    st.vega_lite_chart(
        weights_by_magnitude(table, weights_title(data, words, linear), len(table), words.titles(data.names)),
        alt=f"Weights, the largest first: {said}.",
    )


@cached(Record)
def _fits(record: Record) -> None:
    words, metrics = record.format, record.metrics.test
    rows = record.sample("test")
    test = record.predictions(rows)
    title = words.axis(words.target)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Predicted against actual")
        chart = predicted_against_actual(test, title, words.censored_at)
        st.vega_lite_chart(chart, alt=f"Test rows around the 45-degree line, R² {format_number(metrics['r2'])}.")
    with right:
        st.subheader("Residuals", help=explained("residual"))
        chart = residuals(test, title, words.unit, words.censored_at)
        st.vega_lite_chart(chart, alt=f"Residuals of the test rows, {words.amount(metrics['mae'])} in size on average.")
    if some := in_words(len(record.data.split.test), "test rows"):
        st.caption(f"Both charts show {some}. The numbers of the page are those of all rows.")
