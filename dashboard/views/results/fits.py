"""How well the recorded run fits the test rows."""

import streamlit as st

from dashboard.charts import fit
from dashboard.record.snapshot import Record
from dashboard.text.numbers import format_number
from dashboard.views.parts.caching import cached


@cached(Record)
def fits(record: Record) -> None:
    """Draw the predictions against the targets, and the residuals."""
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
