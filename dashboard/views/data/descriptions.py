"""Sentences about the data: what they are, why they are normalized, correlations, the split."""

from datetime import datetime
from typing import Final

import numpy as np

from dashboard.record.snapshot import Record
from dashboard.text.markdown import capitalized
from dashboard.text.numbers import format_number, format_signed
from pipeline.params import value_name
from pipeline.tables.preparation import UsedRows

_FAR_APART: Final = 10
"""From this ratio of the standard deviations on, the curvatures differ a hundredfold: no learning rate suits both."""


def subject(record: Record) -> str:
    """Say what the rows are and where this copy of the table came from."""
    words, (rows, columns) = record.format, record.raw.shape
    if words.dataset is None:
        about = f"A table of your own with {rows:,} rows and {columns} columns. The model predicts {words.target}."
        left_out = UsedRows.of(record.raw, record.data.settings).left_out
        about += f" {capitalized(left_out)}." if left_out else ""
    else:
        target = words.column(words.target)
        about = (
            f"{words.title}: {words.dataset.about}. "
            f"The model predicts the {target.meaning} ({words.target}), in {target.unit}."
        )
    origin = record.run_info.data if record.run_info else None
    if origin is None:
        return f"{about} Where this copy came from is not recorded."
    day = datetime.fromisoformat(origin.fetched)
    return f"{about} This copy came from {origin.source} on {day.day} {day:%B %Y}."


def purpose(record: Record) -> str:
    """Say why features are normalized, with those of the training rows that vary most and least; categories aside."""
    names, kinds = record.data.names, record.data.encoding.kinds
    amounts = [name for name in names if name in kinds]
    rows = value_name("statistics_from", record.data.settings.statistics_from)
    features, them = ("the feature", "it") if len(names) == 1 else ("every feature", "them")
    normalized = f"After normalization {features} has mean 0 and standard deviation 1 on the {rows}."
    if record.data.scaling.is_none:
        normalized = f"This run does not normalize {them} (normalize.scaling is none)."
    raw = np.array([record.data.column(name, record.data.split.train).std() for name in amounts])
    if len(amounts) < 2 or not raw.min() > 0:
        return normalized
    wide, narrow = int(np.argmax(raw)), int(np.argmin(raw))
    times = raw[wide] / raw[narrow]
    outcome = ", so no single learning rate suits the weights of both" if times >= _FAR_APART else ""
    widest, narrowest = (record.format.readable(amounts[at]) for at in (wide, narrow))
    return (
        f"In raw units the standard deviation of {widest} is {format_number(times, 2)} times that of "
        f"{narrowest}{outcome}. {normalized}"
    )


def why_raw(record: Record, name: str) -> str:
    """Say why a column has no normalized form."""
    title = record.format.readable(name)
    if name == record.data.target_name:
        return f"{title} is the target: it keeps its own unit, and so do the predictions."
    if name not in record.data.names:
        return f"{title} is left out of the features: the model never sees it, so it is not normalized."
    return f"normalize.scaling is none in this run: the model sees {title} as it is."


def tendency(name: str, target: str, correlation: float) -> str:
    """Say how a feature is correlated with the target, both by their readable names."""
    if not np.isfinite(correlation):
        return f"{name} is the same in every row, so it has no correlation with {target}."
    strength = "very weak" if abs(correlation) < 0.1 else "weak" if abs(correlation) < 0.5 else "strong"
    return (
        f"Correlation {format_signed(correlation, 2)} ({strength}). "
        f"Where {name} is higher, {target} tends to be {'higher' if correlation > 0 else 'lower'}."
    )


def division(record: Record) -> str:
    """Say how the rows were split."""
    settings, split, dataset = record.data.settings, record.data.split, record.format.dataset
    fixed = dataset.fixed_split if dataset else None
    share = format_number(100 * len(split.test) / len(record.data.kept), 2)
    test = (
        f"The {len(split.test):,} test rows are {fixed or 'fixed'}."
        if settings.split == "tfjs"
        else f"The {len(split.test):,} test rows are {share}% of all, drawn by seed {settings.seed}."
    )
    fitted = value_name("statistics_from", settings.statistics_from)
    scaled = "" if record.data.scaling.is_none else f" Means and standard deviations come from the {fitted} only."
    return (
        f"{test} The other {len(split.train) + len(split.validation):,} are shuffled by seed {settings.seed}; the last "
        f"{len(split.validation):,} are for validation, the {len(split.train):,} before them for training."
        f"{scaled}"
    )
