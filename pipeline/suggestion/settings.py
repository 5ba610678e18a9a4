"""The suggestion for a table as a whole: its columns, what to do with gaps, how to train, as values of params.yaml."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import pandas as pd

from pipeline.network.sgd import updates_per_epoch
from pipeline.params import Missing, Normalize, Params, Train, section
from pipeline.params.editing import Value, flat
from pipeline.safety.errors import UserError
from pipeline.suggestion.columns import Look, is_constant, look_at
from pipeline.suggestion.known import SIMPLE
from pipeline.suggestion.training import Pace
from pipeline.tables import splits
from pipeline.tables.datasets import OWN
from pipeline.tables.encoding import MAX_INPUTS
from pipeline.tables.kinds import RawColumn
from pipeline.tables.names import counted
from pipeline.tables.preparation import UsedRows

_CLOSE: Final = 0.005
"""The share of the target's variance that a first run may fall short of least squares without a word about it."""

_FEW: Final = 0.05
"""The share of the rows that may be left out for their gaps."""

_ROWS_PER_INPUT: Final = 2
"""With fewer training rows for each input, even least squares learns their noise by heart."""


@dataclass(frozen=True)
class Suggestion:
    """What to set for a table: the columns and why, `why_missing` its gaps are treated so, how to split and to train.

    `inputs` and `rows` are those of the model and of the training; `left_out` says which rows are not used, if any.
    """

    columns: tuple[Look, ...]
    normalize: Normalize
    why_missing: str
    left_out: str
    train: Train
    pace: Pace
    rows: int
    inputs: int

    @classmethod
    def of(cls, table: pd.DataFrame, target: str, now: Params, chosen: Collection[str] | None = None) -> Self:
        """Look at a raw table (rows, columns) and suggest settings; what is not suggested stays as it is `now`.

        The features are those that are `chosen`, or else those that look useful. Raises `UserError` for a target that
        cannot be one, for features that cannot be used, and where nothing is left to predict from.
        """
        columns = look_at(table, target)
        if chosen is not None:
            columns = [_as_chosen(look, look.name in chosen) for look in columns]
        for _ in range(2):  # what is left out the first time may be all that has gaps
            missing, why = _on_gaps(table, columns, target)
            before, columns = columns, _fitting(table, columns, target, missing, now.normalize)
            if columns == before:
                break
        normalize = _normalize(columns, target, missing, now.normalize)
        used = UsedRows.of(table, normalize)
        data = used.prepare(())
        rows = data.part("train")
        train = section(Train, {**now.train.model_dump(), **SIMPLE, "batch_size": 1})
        pace = Pace.of(rows, train)
        paced = {"batch_size": pace.batch_size, "learning_rate": pace.learning_rate, "epochs": pace.epochs}
        return cls(
            columns=tuple(columns),
            normalize=normalize,
            why_missing=why,
            left_out=used.left_out,
            train=train.model_copy(update=paced),
            pace=pace,
            rows=len(rows.target),
            inputs=len(data.names),
        )

    def values(self, csv: str, url: str | None) -> dict[str, Value]:
        """The values of params.yaml, by flat names, for this table, which is in the file `csv` or at an address."""
        download = {"dataset": OWN, "csv": csv, "url": url}
        return flat({"download": download, "normalize": self.normalize.model_dump(), "train": self.train.model_dump()})

    def sentences(self) -> list[str]:
        """Say in a few lines what the model sees, what is done with gaps, and how to train."""
        pace, updates = self.pace, updates_per_epoch(self.rows, self.pace.batch_size)
        ending = "this should come close to least squares"
        if pace.left > _CLOSE:
            ending = f"this may end {pace.left:.1%} of the variance short of least squares: columns go together closely"
        return [
            f"predict {self.normalize.target} from {counted(len(self.normalize.features), 'column')}, which make "
            f"{counted(self.inputs, 'input')} of the model, in {self.rows:,} training rows",
            f"missing cells: {self.normalize.missing}, because {self.why_missing}",
            *([self.left_out] if self.left_out else []),
            f"training: batches of {pace.batch_size}, {counted(updates, 'update')} an epoch; {pace.epochs:,} epochs; "
            f"learning rate {pace.learning_rate:g}, with such batches stable up to about {pace.limit:.2g}; {ending}",
        ]


def _as_chosen(look: Look, chosen: bool) -> Look:
    if look.decision == "target" or chosen == look.is_input:
        return look
    if not chosen:
        return replace(look, decision="left out", why="not chosen")
    return replace(look, decision="category" if look.kind == "text" else "feature", why="chosen")


def _on_gaps(table: pd.DataFrame, columns: Sequence[Look], target: str) -> tuple[Missing, str]:
    """What to do with gaps, and why."""
    rows = table.loc[table[target].notna()]
    without = len(table) - len(rows)
    gaps = rows[[look.name for look in columns if look.is_input]].isna()
    with_gaps = int(gaps.any(axis=1).sum())
    if not with_gaps:
        if not without:
            return "refuse", "no cell is missing"
        return "drop_rows", f"{without:,} of {len(table):,} rows have no target, and no feature has gaps"
    some = f"{with_gaps:,} of {len(rows):,} rows have gaps, in {counted(int(gaps.any(axis=0).sum()), 'feature')}"
    if with_gaps < _FEW * len(rows):
        return "drop_rows", f"only {some}"
    return "mean", f"{some}: too many to leave out"


def _fitting(table: pd.DataFrame, columns: Sequence[Look], target: str, missing: Missing, now: Normalize) -> list[Look]:
    """Leave out what is the same in all training rows, and of too many inputs the categories with most values.

    Raises `UserError` where no feature is left.
    """
    found = list(columns)
    if not any(look.is_input for look in found):
        raise UserError(_nothing_left(found, target))
    normalize = _normalize(found, target, missing, now)
    kept = UsedRows.of(table, normalize).table
    train = kept.iloc[splits.split_of(len(kept), normalize, ()).listed().train]
    for at, look in enumerate(found):
        if look.is_input and is_constant(train[look.name]):
            found[at] = replace(look, decision="left out", why="the same in every row that it would train on")
    sizes = {at: _inputs(train[look.name], look, missing) for at, look in enumerate(found) if look.is_input}
    while sum(sizes.values()) > min(MAX_INPUTS, max(len(train) // _ROWS_PER_INPUT, len(sizes))):
        at = max(sizes, key=lambda each: sizes[each])
        why = f"its {sizes.pop(at)} inputs would be too many for {len(train):,} training rows"
        found[at] = replace(found[at], decision="left out", why=why)
    if not sizes:
        raise UserError(_nothing_left(found, target))
    return found


def _inputs(column: RawColumn, look: Look, missing: Missing) -> int:
    """How many inputs a column makes, by its cells in the training rows."""
    tells_gaps = missing == "mean" and bool(column.isna().any())
    return (int(column.nunique()) if look.decision == "category" else 1) + tells_gaps


def _normalize(columns: Sequence[Look], target: str, missing: Missing, now: Normalize) -> Normalize:
    values = {
        "target": target,
        "features": [look.name for look in columns if look.is_input],
        "categories": [look.name for look in columns if look.decision == "category"],
        "missing": missing,
        "split": "random",
        "scaling": "z_score",
    }
    return section(Normalize, {**now.model_dump(), **values})


def _nothing_left(columns: Sequence[Look], target: str) -> str:
    reasons = "; ".join(f"{look.name}: {look.why}" for look in columns if look.name != target)
    return f"there is no column to predict {target} from ({reasons or 'it is the only column'})"
