"""The test error in one sentence, the metrics beside those of the two references, and which run they are of."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.record.snapshot import Record
from dashboard.record.tables import Beginning
from dashboard.text.glossary import explained_in
from dashboard.text.limits import describe_limits
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.text.numbers import format_number
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import cards
from pipeline.network.initial import initial_state
from pipeline.network.layers import predict
from pipeline.params import value_name
from pipeline.record.metrics import FROM_OPTIMUM, mean_loss
from pipeline.record.runs import ending


@cached(Record)
def headline(record: Record) -> None:
    """Say how far off the recorded run is on the test rows, and warn where it diverged."""
    metrics, words = record.metrics, record.format
    test, mean, best = metrics.test, metrics.baseline, metrics.least_squares
    st.title(f"Off by about {words.amount(test['rmse'], 2)}")
    sentence = (
        f"That is the root mean squared error on {len(record.data.split.test):,} {words.nouns} the model never saw. "
        f"Predicting the mean of the training and validation rows for each {words.noun} is off by "
        f"{words.amount(mean['rmse'], 2)}, and the least-squares fit to those rows by {words.amount(best['rmse'], 2)}."
    )
    warning = _warning(record)
    st.markdown(escape_markdown(sentence), help=explained_in(f"{sentence} {warning}"))
    if warning:
        st.warning(warning)


def _warning(record: Record) -> str:
    """Say in Markdown that the run diverged, or was diverging, and why; nothing where it was not."""
    metrics, (first, last) = record.metrics, record.run.history["training_loss"].iloc[[0, -1]]
    if record.training.start:
        first = _at_random(record)
    if metrics.status == "diverged":
        what = f"This run diverged in epoch {metrics.epochs_run}; shown are the weights of the last finite epoch."
    elif last > first:
        what = (
            "This run was diverging when its epochs ended: its training loss is larger than at random weights, "
            f"{format_number(last)} instead of {format_number(first)}."
        )
    else:
        return ""
    settings = record.training.settings
    limits = record.data.stable_rates(settings)
    return f"{what} {describe_limits(limits, settings)}"


def _at_random(record: Record) -> float:
    """The training loss at the random weights of the seed; a branch began lower, where noise alone may lift it."""
    settings, layers = record.training.settings, record.run.layers
    rows = record.data.whole(settings.loss) if record.run.is_linear else record.data.part("train")
    weights = initial_state(layers, settings.seed)
    return mean_loss(settings.loss, rows.target, predict(layers, weights, rows.features))


@cached(Record)
def scores(record: Record) -> None:
    """Show the metrics of the recorded run, each with those of the mean and of least squares."""
    metrics, words = record.metrics, record.format
    rows = (metrics.test, metrics.baseline, metrics.least_squares)
    beside = "predicting the mean {}  \nleast squares {}  \n(of training and validation rows)"
    error, *errors = (words.amount(scores["rmse"]) for scores in rows)
    squared, *squares = (format_number(scores["mse"], 4) for scores in rows)
    explained, *shares = (format_number(scores["r2"]) for scores in rows)
    cards(
        [
            ("Test error (RMSE)", error, beside.format(*errors)),
            ("Test mean squared error", squared, beside.format(*squares)),
            ("Variance explained (R²)", explained, beside.format(*shares)),
            (
                capitalized(FROM_OPTIMUM),
                format_number(metrics.distance_to_optimum),
                f"training MSE {format_number(metrics.train['mse'], 6)}  \n"
                f"of least squares on the same rows {format_number(metrics.least_training_mse, 6)}",
            ),
        ]
    )


@cached(Record)
def which_run(record: Record, commit: str | None) -> None:
    """Show what is known of the recorded run, and all its settings."""
    st.subheader("Which run this is")
    start = record.training.start
    run: dict[str, Any] = {
        "status": ending(record.metrics.status, record.run.epochs_run),
        "began with": str(Beginning.of(start.update, start.parent_sha256) if start else Beginning()),
        "data": record.format.title,
        "rows": ", ".join(f"{len(rows):,} {part}" for part, rows in record.data.split.parts().items()),
        "device": record.training.device,
        "versions": ", ".join(f"{name} {version}" for name, version in record.training.versions.items()),
        "commit": commit,
    }
    if info := record.run_info:
        run["trained"] = f"{info.trained}, in {info.seconds:.2f} s"
        run["data from"] = info.data.source if info.data else "not known"
    normalize = record.data.settings.model_dump()
    normalize |= {name: ", ".join(normalize[name]) or "none" for name in ("features", "categories")}
    tables = {"run": run, "train": record.training.settings.model_dump(), "normalize": normalize}
    for column, (name, values) in zip(st.columns(3), tables.items(), strict=True):
        table = pd.DataFrame({name: list(values), "value": [str(value_name(*pair)) for pair in values.items()]})
        column.dataframe(table, hide_index=True, alt=f"What is known of this run: {name}.", height="content")
