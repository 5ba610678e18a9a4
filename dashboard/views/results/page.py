"""Results: what the recorded run achieved, beside what is possible."""

import streamlit as st

from dashboard.experiments.revisions import standing
from dashboard.record.snapshot import Record
from dashboard.report import results
from dashboard.report.document import Figure
from dashboard.text.glossary import explained, explained_in
from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import files_for_download, page_for_download, recorded, records
from dashboard.views.results.cards import introduction, scores, which_run


def show() -> None:
    """Show the page."""
    record = recorded()
    introduction(record)
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
    commit = standing(records().root)
    which_run(record, commit)
    page_for_download("results.html", lambda: results.sections(record, commit))
    files_for_download(record)


@cached(Record)
def _losses(record: Record, logarithmic: bool) -> None:
    figure = results.loss_per_epoch(record, logarithmic)
    _draw(figure)
    st.caption(figure.caption, help=explained_in(figure.caption, "epoch"))


@cached(Record)
def _weights(record: Record) -> None:
    st.subheader("Weights by magnitude")
    figure = results.weights(record)
    st.caption(escape_markdown(figure.caption))
    _draw(figure)


@cached(Record)
def _fits(record: Record) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Predicted against actual")
        _draw(results.predictions(record))
    with right:
        st.subheader("Residuals", help=explained("residual"))
        _draw(results.what_is_left(record))
    if some := results.drawn_rows(record):
        st.caption(some)


def _draw(figure: Figure) -> None:
    st.vega_lite_chart(figure.chart, alt=figure.alt)
