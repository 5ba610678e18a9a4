"""The data in sentences: what they are, why they are normalized, what goes with the target, how rows are split."""

from datetime import datetime

import numpy as np

from dashboard.record.snapshot import Record
from dashboard.text.target import TargetFormat


def subject(record: Record, words: TargetFormat) -> str:
    """Say what the rows are and where this copy of the table came from."""
    rows, columns = record.raw.shape
    target = words.column(words.target)
    if words.dataset is None:
        about = f"Your own table of {rows:,} rows and {columns} columns. The model predicts {words.target}."
    else:
        about = (
            f"{words.title}: census tracts of greater Boston in 1970, a row for each. "
            f"The model predicts {words.target}: {target.meaning} ({target.unit})."
        )
    origin = record.run_info.data if record.run_info else None
    if origin is None:
        return f"{about} Where this copy came from is not recorded."
    day = datetime.fromisoformat(origin.fetched)
    return f"{about} This copy came from {origin.source} on {day.day} {day:%B %Y}."


def ethics(record: Record) -> str:
    """Say what is wrong with the Boston data, in Markdown."""
    used = (
        "It is among the features of this run, against the default."
        if "b" in record.data.names
        else "It is left out of the features here, as in the TensorFlow.js example."
    )
    return (
        "The column `b` is computed from the share of Black residents, by a formula that assumes racial segregation "
        f"to affect prices. {used} Leaving it out does not remove the problem: other columns stand in for it, `lstat` "
        "above all. scikit-learn removed the data set for this reason. It is here to learn how training works and no "
        "more: predict no real prices with it."
    )


def purpose(record: Record) -> str:
    """Say why features are normalized, with those of the training rows that vary most and least."""
    names = record.data.names
    raw = record.raw[list(names)].to_numpy()[record.data.split.train].std(axis=0)
    if len(names) == 1 or not raw.min() > 0:
        return "Normalized, every feature varies by 1 around 0, so that one learning rate suits all of them."
    wide, narrow = int(np.argmax(raw)), int(np.argmin(raw))
    far = (
        f"Raw, {names[wide]} varies {float(f'{raw[wide] / raw[narrow]:.2g}'):,.0f} times as widely as "
        f"{names[narrow]}: no learning rate suits both."
    )
    if record.data.scaling.is_none:
        return f"{far} This run leaves them so (normalize.scaling is none)."
    return f"{far} Normalized, every feature varies by 1 around 0 in the rows that its scaling is fitted on."


def why_raw(record: Record, name: str) -> str:
    """Say why a column has no normalized form."""
    if name == record.data.target_name:
        return f"{name} is the target: it stays in its own unit, and so do the predictions."
    if name not in record.data.names:
        return f"{name} is left out of the features: the model never sees it, so it is not normalized."
    return f"normalize.scaling is none in this run: the model sees {name} as it is."


def tendency(name: str, target: str, correlation: float) -> str:
    """Say how a feature goes with the target."""
    if not np.isfinite(correlation):
        return f"{name} is the same in every row: it goes with nothing."
    strength = "hardly" if abs(correlation) < 0.1 else "loosely" if abs(correlation) < 0.5 else "closely"
    return (
        f"Correlation {correlation:+.2f}: {name} and {target} are {strength} linked. "
        f"Where {name} is higher, {target} tends to be {'higher' if correlation > 0 else 'lower'}."
    )


def division(record: Record) -> str:
    """Say how the rows were split."""
    settings, split = record.data.settings, record.data.split
    test = (
        f"The {len(split.test)} test rows are those of the TensorFlow.js example."
        if settings.split == "tfjs"
        else f"The {len(split.test)} test rows are {settings.test_fraction:.0%} of all, drawn by seed {settings.seed}."
    )
    fitted = "training" if settings.statistics_from == "train_rows" else "training and validation"
    scaled = "" if record.data.scaling.is_none else f" Means and deviations come from the {fitted} rows alone."
    return (
        f"{test} The other {len(split.train_and_validation)} are shuffled by seed {settings.seed}; the last "
        f"{settings.validation_fraction:.0%} of them validate, the {len(split.train)} before them train.{scaled}"
    )
