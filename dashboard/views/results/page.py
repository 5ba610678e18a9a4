"""Results: what the recorded run achieved, beside what is possible."""

from typing import Final

import streamlit as st

from dashboard.charts import curves, weights
from dashboard.charts.data import with_data
from dashboard.experiments.revisions import standing
from dashboard.record.snapshot import Record
from dashboard.record.tables import reference_losses, weights_table, weights_title
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from dashboard.text.sentences import capitalized
from dashboard.text.target import LOSS_NAMES
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import files_for_download, recorded, records
from dashboard.views.results.cards import cards, headline
from dashboard.views.results.fits import fits
from dashboard.views.results.identity import which_run

_WHERE_TO_BEGIN: Final = (
    "New here? Look at the [data](data), then at [one step](step) of the training, [backpropagation](backpropagation), "
    "the [loss surface](surface), a run of your own on [Train](train), and what [seeds](seeds) change."
)


def show() -> None:
    """Show the page."""
    record = recorded()
    headline(record)
    st.caption(_WHERE_TO_BEGIN)
    cards(record)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _losses(record)
    with right:
        _weights(record)
    fits(record)
    which_run(record, standing(records().root))
    files_for_download(record)


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
