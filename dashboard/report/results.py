"""What a recorded run achieved, in sentences, tables and figures, for the page Results and for a page to hand over."""

from typing import Any

import pandas as pd

from dashboard.charts.curves import losses
from dashboard.charts.fit import predicted_against_actual, residuals
from dashboard.charts.weights import weights_of
from dashboard.record.samples import in_words
from dashboard.record.snapshot import Record
from dashboard.record.tables import LINES_OF_REFERENCES, Beginning, reference_losses
from dashboard.report.document import Figure, Section, Table
from dashboard.text.limits import describe_limits
from dashboard.text.markdown import without_marks
from dashboard.text.numbers import format_number, format_signed
from pipeline.network.initial import initial_state
from pipeline.params import value_name
from pipeline.record.metrics import METRICS
from pipeline.record.runs import ending


def sections(record: Record, commit: str | None) -> list[Section]:
    """A recorded run in full; `commit` says where it stands in git."""
    title, sentence = headline(record)
    about = [
        Table(pd.DataFrame({name: list(values), "": list(values.values())}))
        for name, values in facts(record, commit).items()
    ]
    return [
        Section(title, [sentence, without_marks(warning(record)), Table(scores(record), "On the test rows.")]),
        Section("Loss per epoch", [loss_per_epoch(record)]),
        Section("Weights by magnitude", [weights(record)]),
        Section("Predicted against actual", [predictions(record)]),
        Section("Residuals", [what_is_left(record), drawn_rows(record)]),
        Section(
            "Which run this is", [*about, Table(hashes(record), "Two runs with the same hash are equal bit for bit.")]
        ),
    ]


def headline(record: Record) -> tuple[str, str]:
    """How far off the run is on the test rows, and a sentence that compares this with the two references."""
    metrics, words = record.metrics, record.format
    test, mean, best = metrics.test, metrics.baseline, metrics.least_squares
    return (
        f"Off by about {words.amount(test['rmse'], 2)}",
        f"That is the root mean squared error on {len(record.data.split.test):,} {words.nouns} the model never saw. "
        f"Predicting the mean of the training and validation rows for each {words.noun} is off by "
        f"{words.amount(mean['rmse'], 2)}, and the least-squares fit to those rows by {words.amount(best['rmse'], 2)}.",
    )


def warning(record: Record) -> str:
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
    return record.data.training_loss(layers, initial_state(layers, settings.seed), settings.loss)


def scores(record: Record) -> pd.DataFrame:
    """One row for the run and one for each reference, one column for each metric, as text."""
    rows = record.metrics.on_test_rows()
    table = {
        metric.name: [format_number(scores[key], 6) for scores in rows.values()] for key, metric in METRICS.items()
    }
    return pd.DataFrame({"": list(rows), **table})


def loss_per_epoch(record: Record, logarithmic: bool = True) -> Figure:
    """The loss of each epoch beside those of predicting the mean and of least squares."""
    loss, history = record.training.settings.loss, record.run.history
    references = reference_losses(record.data, loss)
    last = history.iloc[-1]
    first = "Epoch 0 is the state before the first update. "
    if record.training.start:
        first = f"Epoch {record.run.epochs[0]}, the first that is drawn, is the moment at which this branch began. "
    return Figure(
        losses(history, record.format.loss_title(loss), references, logarithmic),
        f"Loss up to epoch {record.run.epochs_run}: training ends at {format_number(last['training_loss'], 4)}, "
        f"validation at {format_number(last['validation_loss'], 4)}.",
        "The training loss of an epoch is the mean over its rows, each measured just before its batch's update; the "
        f"validation loss is measured after the epoch. {first}" + (LINES_OF_REFERENCES if references else ""),
    )


def weights(record: Record) -> Figure:
    """The last weights of the run, the largest first."""
    run, data, words = record.run, record.data, record.format
    table, chart = weights_of(data, words, run.is_linear, run.layers, run.result)
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
    else:
        units = run.layers[0].units
        caption = f"Each bar is the root mean square of a feature's weights to the {units} units of the first layer."
    largest = table.head(3)
    sizes = zip(largest["feature"], largest["weight"], strict=True)
    written = format_signed if linear else format_number
    said = ", ".join(f"{words.readable(name)} {written(value)}" for name, value in sizes)
    return Figure(chart, f"Weights, the largest first: {said}.", caption)


def predictions(record: Record) -> Figure:
    """What the run predicts for the test rows, against their targets."""
    words = record.format
    chart = predicted_against_actual(_test(record), words.axis(words.target), words.censored_at)
    return Figure(chart, f"Test rows around the 45-degree line, R² {format_number(record.metrics.test['r2'])}.")


def what_is_left(record: Record) -> Figure:
    """The residuals of the test rows, against what is predicted for them."""
    words, size = record.format, record.metrics.test["mae"]
    chart = residuals(_test(record), words.axis(words.target), words.unit, words.censored_at)
    return Figure(chart, f"Residuals of the test rows, {words.amount(size)} in size on average.")


def drawn_rows(record: Record) -> str:
    """Say which test rows both charts show, where they do not show all."""
    some = in_words(len(record.data.split.test), "test rows")
    return f"Both charts show {some}. The numbers of the page are those of all rows." if some else ""


def _test(record: Record) -> pd.DataFrame:
    return record.predictions(record.sample("test"))


def facts(record: Record, commit: str | None) -> dict[str, dict[str, str]]:
    """What is known of the run, and its settings, by section of params.yaml: names and values as text."""
    start = record.training.start
    run: dict[str, Any] = {
        "status": ending(record.metrics.status, record.run.epochs_run),
        "began with": str(Beginning.of(start.update, start.parent_sha256) if start else Beginning()),
        "data": record.format.title,
        "rows": ", ".join(f"{len(rows):,} {part}" for part, rows in record.data.split.parts().items()),
        "device": record.training.device,
        "versions": ", ".join(f"{name} {version}" for name, version in record.training.versions.items()),
        "committed in": commit,
    }
    if info := record.run_info:
        run["trained"] = f"{info.trained}, in {info.seconds:.2f} s"
        run["data from"] = info.data.source if info.data else "not known"
    normalize = record.data.settings.model_dump()
    normalize |= {name: ", ".join(normalize[name]) or "none" for name in ("features", "categories")}
    tables = {"run": run, "train": record.training.settings.model_dump(), "normalize": normalize}
    return {
        section: {name: str(value_name(name, value)) for name, value in values.items()}
        for section, values in tables.items()
    }


def hashes(record: Record) -> pd.DataFrame:
    """The SHA-256 of the raw table and of each file of the run, in full."""
    files = {"raw table": record.source.raw_sha256, **record.training.sha256}
    return pd.DataFrame({"file": list(files), "SHA-256": list(files.values())})
