"""Start: what this is, where to begin, and what training did to the recorded run, in one picture."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.fit import before_and_after
from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import link_to, recorded
from pipeline.network.layers import predict
from pipeline.network.sgd import updates_per_epoch


def show() -> None:
    """Show the page."""
    record = recorded()
    st.title("A laboratory for stochastic gradient descent", anchor=False)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _introduction(record)
        link_to("surface", "Begin the chapter: a line and its loss surface", ":material/arrow_forward:")
        link_to("results", "Look at the recorded run", ":material/arrow_forward:")
    with right:
        _before_and_after(record)


@cached(Record)
def _introduction(record: Record) -> None:
    words, data = record.format, record.data
    meaning = words.column(words.target).meaning
    updates = record.run.epochs_run * updates_per_epoch(len(data.split.train), record.training.settings.batch_size)
    target = f"{words.target}, the {meaning}," if meaning else words.target
    st.markdown(
        escape_markdown(
            f"A model learns from {len(data.split.train):,} {words.nouns} to predict {target} by stochastic gradient "
            "descent (SGD): it predicts a few rows, measures how wrong it is, and changes its weights a little so that "
            f"it is less wrong, {updates:,} times."
        )
        + "\n\n**The chapter** takes this apart in six lessons, from one random line to a whole run and its luck.\n\n"
        "**The lab** holds the run that `dvc repro` recorded, and lets you compare others with it and predict."
    )


@cached(Record)
def _before_and_after(record: Record) -> None:
    run, words = record.run, record.format
    after = record.predictions.loc[record.predictions["part"] == "test", ["row", "actual", "predicted"]]
    before = after.assign(predicted=predict(run.layers, run.weights[0], record.data.features[after["row"]]))
    end = f"after {run.epochs_run:,} epoch{'' if run.epochs_run == 1 else 's'}"
    moments = {"at the random start": before, end: after}
    squares = [((each["predicted"] - each["actual"]) ** 2).mean() for each in moments.values()]
    errors = [words.amount(float(np.sqrt(square))) for square in squares]
    st.vega_lite_chart(
        before_and_after(pd.concat(each.assign(when=when) for when, each in moments.items()), words.axis(words.target)),
        alt=f"The test rows: off by {errors[0]} at the random start, by {errors[1]} after training.",
    )
    st.caption(
        escape_markdown(
            f"Each dot is one of {len(after):,} {words.nouns} that the model was not trained on. At its random start "
            f"the model is off by {errors[0]}, in the end by {errors[1]} (root mean squared error)."
        )
    )
