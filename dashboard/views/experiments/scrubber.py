"""Any recorded run, epoch by epoch: its curve, its weights and its predictions move together."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.curves import losses
from dashboard.charts.fit import predicted_against_actual
from dashboard.charts.weights import weights_of
from dashboard.record.samples import drawn
from dashboard.record.snapshot import Record
from dashboard.record.tables import reference_losses
from dashboard.text.glossary import explained_in
from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.caching import cached
from pipeline.arrays import sample_of
from pipeline.network.layers import predict
from pipeline.record.metrics import Scores
from pipeline.record.predictions import with_residuals

_TOP = 15


@st.fragment
def scrubber(record: Record, key: str) -> None:
    """Show one moment of a run, chosen on a slider."""
    first, last = int(record.run.epochs[0]), record.run.last_epoch
    _moment(record, st.slider("Epoch", first, last, last, key=f"scrub {key}") if last > first else first)


@cached(Record)
def _moment(record: Record, epoch: int) -> None:
    run, data, words = record.run, record.data, record.format
    moment = run.after(epoch)
    left, middle, right = st.columns(3, gap="medium")
    with left:
        loss, last = record.training.settings.loss, run.last_epoch
        references = reference_losses(data, loss)
        chart = losses(run.history, words.loss_title(loss), references, epochs=last or 1, until=epoch)
        st.vega_lite_chart(chart, alt=f"Loss up to epoch {epoch}.")
    with middle:
        _, chart = weights_of(data, words, run.is_linear, run.layers, moment, _TOP)
        st.vega_lite_chart(chart, alt=f"Weights after epoch {epoch}.")
    with right:
        test = np.sort(data.split.test)
        predicted = predict(run.layers, moment, data.features(test))
        table = with_residuals(pd.DataFrame({"row": test, "actual": data.target[test], "predicted": predicted}))
        error = Scores.of(data.target[test], predicted)["rmse"]
        dots = table.iloc[sample_of(len(table))]
        chart = predicted_against_actual(dots, words.axis(words.target), words.censored_at)
        st.vega_lite_chart(chart, alt=f"Predicted against actual after epoch {epoch}.")
        begins = record.training.start is not None and epoch == run.epochs[0]
        when = "Where this branch begins" if begins else f"After epoch {epoch}"
        text = f"{when} the root mean squared error of the test rows is {words.amount(error)}."
        text += drawn(len(test), "test rows")
        st.caption(escape_markdown(text), help=explained_in(text, "epoch"))
