"""Start: what this is, where to begin, and what training did to the recorded run, in one picture."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.fit import before_and_after
from dashboard.record.samples import drawn
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained_in
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import link_to, recorded
from pipeline.arrays import sample_of
from pipeline.network.layers import predict
from pipeline.record.metrics import Scores
from pipeline.record.start import updates_between
from pipeline.tables.names import counted


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
    start, size = record.training.start, record.training.settings.batch_size
    updates = updates_between(start, record.run.last_epoch, len(data.split.train), size)
    updates += start.update if start else 0
    target = f"the {meaning} ({words.target})" if meaning else words.target
    text = (
        escape_markdown(
            f"A model learns from {len(data.split.train):,} {words.nouns} to predict {target} by stochastic gradient "
            "descent (SGD): it predicts a batch of rows, measures how wrong it is, and changes its weights a little so "
            f"that it is less wrong, {counted(updates, 'time')}."
        )
        + "\n\n**The chapter** takes this apart in six lessons, from one random line to a whole run and its luck.\n\n"
        "**The lab** holds the run that `dvc repro` recorded, and lets you compare others with it and predict."
    )
    st.markdown(text, help=explained_in(text))


@cached(Record)
def _before_and_after(record: Record) -> None:
    run, words = record.run, record.format
    rows = np.sort(record.data.split.test)
    after = record.predictions(rows)[["row", "actual", "predicted"]]
    before = after.assign(predicted=predict(run.layers, run.weights[0], record.data.features(rows)))
    end = f"after {counted(run.last_epoch, 'epoch')}"
    start = "at the random start" if record.training.start is None else "where this branch began"
    moments = {start: before, end: after}
    scores = [Scores.of(each["actual"].to_numpy(), each["predicted"].to_numpy()) for each in moments.values()]
    errors = [words.amount(score["rmse"]) for score in scores]
    dots = pd.concat(each.iloc[sample_of(len(rows))].assign(when=when) for when, each in moments.items())
    st.vega_lite_chart(
        before_and_after(dots, words.axis(words.target)),
        alt=f"The test rows: off by {errors[0]} {start}, by {errors[1]} after training.",
    )
    text = (
        f"Each dot is one of {len(after):,} {words.nouns} that the model was not trained on. {capitalized(start)} "
        f"the model is off by {errors[0]}, in the end by {errors[1]} (root mean squared error)."
        + (" Then the run diverged." if record.metrics.status == "diverged" else "")
        + drawn(len(rows), "test rows")
    )
    st.caption(escape_markdown(text), help=explained_in(text))
