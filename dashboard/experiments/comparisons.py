"""Recorded runs side by side: one table of them, what varies between them, and which is the best."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from dashboard.experiments.listing import Experiment
from dashboard.record.tables import BRANCH, EXPLODED, Beginning, changes, in_words
from dashboard.text.numbers import NONE, format_number, format_setting
from pipeline.params import value_name
from pipeline.record.metrics import COMPARED
from pipeline.safety.files import short


def varying(runs: Sequence[Experiment]) -> list[str]:
    """The settings, by flat names, that are not the same in all runs."""
    names = dict.fromkeys(name for run in runs for name in run.params)
    return [name for name in names if len({repr(run.params.get(name)) for run in runs if run.params}) > 1]


def overview(runs: Sequence[Experiment], base: Experiment) -> pd.DataFrame:
    """One row per run: name, what it changed of `base` in words, the metrics, status, when; by whom if of several."""
    rows = []
    names = {short(str(run.metrics.get("weights_sha256", ""))): run.title for run in reversed(runs) if run.revision}
    for run in runs:
        metrics = {title: run.metrics.get(key) for title, (key, _) in COMPARED.items()}
        rows.append(
            {
                "name": run.title,
                "by": run.author,
                "changed": _changed(run, base, names),
                **metrics,
                "status": str(run.metrics.get("status", "")).replace("_", " "),
                "created": run.created,
            }
        )
    table = pd.DataFrame(rows)
    people = {run.author for run in runs if run.kind != "head"} - {""}
    return table if len(people) > 1 else table.drop(columns="by")


def _changed(run: Experiment, base: Experiment, names: Mapping[str, str]) -> str:
    """What a run changed of `base`, and, of a branch, where it begins; `names` of runs by the hash of their weights."""
    words = [in_words(changes(run.params, base.params))] if run is not base else []
    update, parent = run.metrics.get("start_update"), run.metrics.get("parent_run")
    if isinstance(update, int) and update > 0 and isinstance(parent, str):
        words.append(in_words({BRANCH: Beginning.of(update, parent, names)}))
    return ", ".join(words)


def same_rows(runs: Sequence[Experiment], base: Experiment, part: Literal["test", "every"] = "test") -> list[bool]:
    """Whether each run predicts the target of `base` on the same test rows: only then do their metrics compare.

    With `every` part, the rows for training and validation are the same too: then their losses compare.
    """
    keys = [key for key in base.params if key.startswith("download.")] + ["normalize.target", "normalize.split"]
    if base.params.get("normalize.split") == "random":
        keys += ["normalize.test_fraction", "normalize.seed"]
    if part == "every":
        keys += ["normalize.validation_fraction", "normalize.seed"]
    return [all(run.params.get(key) == base.params.get(key) for key in keys) for run in runs]


def base_of(runs: Sequence[Experiment]) -> Experiment:
    """The run that others are said to differ from: the current commit, if there is one."""
    return next((run for run in runs if run.kind == "head"), runs[0])


def same_losses(runs: Sequence[Experiment]) -> list[bool]:
    """Whether the losses of each run compare with those of the first: the same loss on the same rows."""
    losses = [run.params.get("train.loss") for run in runs]
    return [same and loss == losses[0] for same, loss in zip(same_rows(runs, runs[0], "every"), losses, strict=True)]


def diverged(run: Experiment) -> bool:
    """Whether a run ended with numbers too large to compute with, or far worse than predicting the mean."""
    score = run.metrics.get("train.r2")
    return run.metrics.get("status") == "diverged" or (isinstance(score, float) and score < 1 - EXPLODED)


def best(table: pd.DataFrame, compared: Sequence[bool]) -> Mapping[str, int]:
    """For each metric the row that has the best finite value of those that are `compared`."""
    found = {}
    for title, (_, better) in COMPARED.items():
        values = pd.to_numeric(table[title], errors="coerce")[list(compared)].dropna()
        if better and len(values):
            found[title] = int(str(values.idxmin() if better == "lower" else values.idxmax()))
    return found


def settings_and_metrics(runs: Sequence[Experiment], names: Sequence[str]) -> pd.DataFrame:
    """One column per run, one row per varying setting and per metric, as text for people."""
    rows: dict[str, list[str]] = {}
    for setting in varying(runs):
        name = setting.rpartition(".")[2]
        rows[setting] = [_text(value_name(name, run.params.get(setting))) for run in runs]
    for title, (key, _) in COMPARED.items():
        rows[title] = [format_number(run.metrics.get(key), 5) for run in runs]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(names)).rename_axis("what").reset_index()


def _text(value: Any) -> str:
    if isinstance(value, float):
        return format_setting(value)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else NONE if value is None else str(value)
