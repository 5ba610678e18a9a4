"""The columns of a table one by one: of which kind each is, what use it is to a model, and why."""

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from pipeline.arrays import Floats
from pipeline.tables.cells import Kind, looks_like
from pipeline.tables.datasets import DATASETS
from pipeline.tables.encoding import MAX_VALUES
from pipeline.tables.faults import meant_as
from pipeline.tables.kinds import RawColumn, kind_of

Decision = Literal["target", "feature", "category", "left out"]

_MAX_GAPS: Final = 0.9
"""A column with a larger share of gaps says next to nothing."""

_ROWS_PER_VALUE: Final = 4
"""With fewer rows for each value, a text names the rows instead of grouping them."""

_ALIKE: Final = 1e-9
"""The share of a column's variance up to which a difference is that of rounding."""

_YEARS: Final = (1500, 2200)
_IDENTIFIER: Final = re.compile(
    r"(^|[\s_.-])(id|index|idx|uuid|guid|nr|no|number|code|key|order|instant)$", re.IGNORECASE
)
_POSTAL: Final = re.compile(r"(^|[\s_.-])(zip|zip[\s_.-]?code|post[\s_.-]?code|postal[\s_.-]?code|plz)$", re.IGNORECASE)


@dataclass(frozen=True)
class Look:
    """A column as it was found: its kind, its gaps and different values in all rows, what was decided and why."""

    name: str
    kind: Kind
    gaps: int
    distinct: int
    decision: Decision
    why: str

    @property
    def is_input(self) -> bool:
        """Whether the model is to see it."""
        return self.decision in ("feature", "category")


def look_at(table: pd.DataFrame, target: str) -> list[Look]:
    """Decide on every column of a raw table (rows, columns), of whose `target` at least some cells are numbers.

    A column is judged by the rows that have a target, since no others are used.
    Where nothing would be left, what only looked like row numbers, or like parts of the target, is used after all.
    """
    known = table.loc[table[target].notna()]
    looks = [_look(table[name], table[target]) for name in map(str, table.columns)]
    doubtful = _doubtful([look.name for look in looks])
    looks = [
        replace(look, decision="left out", why=f"doubtful in {doubtful[look.name]}: see data/README.md")
        if look.name in doubtful and look.is_input
        else look
        for look in looks
    ]
    summands = _summands(known, [look.name for look in looks if look.kind == "number" and look.is_input], target)
    looks = [
        replace(look, decision="left out", why=f"{_listed(summands)} add up to the target")
        if look.name in summands
        else look
        for look in looks
    ]
    if any(look.is_input for look in looks):
        return looks
    return [
        replace(look, decision="feature", why=f"{look.why}, but there is nothing else to predict from")
        if look.kind == "number" and look.decision == "left out" and look.distinct > 1
        else look
        for look in looks
    ]


def _look(column: RawColumn, target: RawColumn) -> Look:
    kind, name = kind_of(column), str(column.name)
    gaps, distinct = int(column.isna().sum()), int(column.nunique())
    if name == str(target.name):
        return Look(name, kind, gaps, distinct, "target", "what is predicted")
    decision, why = _decision(column[target.notna()], target.dropna(), kind)
    return Look(name, kind, gaps, distinct, decision, why)


def _decision(column: RawColumn, target: RawColumn, kind: Kind) -> tuple[Decision, str]:
    rows, cells = len(column), column.dropna()
    gaps, distinct = rows - len(cells), cells.nunique()
    if distinct == 0:
        return "left out", "every cell is empty"
    if distinct == 1:
        return "left out", f"{_shown(cells.iloc[0])} in every row" + (" that has a value" if gaps else "")
    if gaps > _MAX_GAPS * rows:
        return "left out", f"{gaps:,} of its {rows:,} cells are empty"
    if kind == "number":
        return _decision_on_number(column, target, distinct)
    if kind == "text":
        return _decision_on_text(cells, distinct)
    return "feature", "1 for yes, 0 for no" if kind == "yes_no" else "as a number of days"


def _decision_on_number(column: RawColumn, target: RawColumn, distinct: int) -> tuple[Decision, str]:
    name, cells = str(column.name), column.dropna().to_numpy(np.float64)
    if _is_copy(column.to_numpy(np.float64), target.to_numpy(np.float64)):
        return "left out", "a copy of the target, or the target in another unit"
    if what := identifies(column):
        return "left out", what
    whole = bool(np.all(cells == np.round(cells)))
    if whole and _POSTAL.search(name):
        if distinct <= MAX_VALUES:
            return "category", f"postal codes, which are names and not amounts: {distinct} different"
        return "left out", f"postal codes, which are names and not amounts; of {distinct:,} at most {MAX_VALUES} fit"
    if distinct == 2:
        return "feature", f"a number, {_shown(cells.min())} or {_shown(cells.max())}"
    few = f", but with only {distinct} different values" if whole and distinct <= 10 else ""
    return "feature", f"a number from {_shown(cells.min())} to {_shown(cells.max())}{few}"


def identifies(column: RawColumn) -> str:
    """Say how a column of numbers (rows,) names the rows instead of saying something about them; empty if it does not.

    Years that follow each other are a time.
    """
    cells = column.dropna().to_numpy(np.float64)
    if len(cells) < len(column) or not np.all(cells == np.round(cells)) or len(np.unique(cells)) < len(column):
        return ""
    if _IDENTIFIER.search(str(column.name)):
        return "an identifier: whole numbers, each of them once"
    is_time = _YEARS[0] <= cells[0] and cells[-1] <= _YEARS[1]
    return "it only counts the rows" if np.all(np.diff(cells) == 1) and not is_time else ""


def is_constant(column: RawColumn) -> bool:
    """Whether the cells of a column (rows,) that have a value all have the same, or none has one."""
    cells = column.dropna()
    return bool((cells == cells.iloc[0]).all()) if len(cells) else True


def _decision_on_text(cells: RawColumn, distinct: int) -> tuple[Decision, str]:
    example = _shown(cells.iloc[0])
    if distinct * _ROWS_PER_VALUE > len(cells) and (wrong := what_spoils(cells)):
        return "left out", wrong
    if distinct > 0.9 * len(cells):
        return "left out", f"names or codes such as {example}: nearly every row has its own"
    if distinct > MAX_VALUES:
        return "left out", f"{distinct:,} different values such as {example}; at most {MAX_VALUES} make a category"
    if distinct * _ROWS_PER_VALUE > len(cells):
        return (
            "left out",
            f"{distinct} different values such as {example} in {len(cells):,} rows: too few rows for each",
        )
    codes = " codes" if cells.str.fullmatch(r"\d+").all() else " values"
    return (
        "category",
        f"{distinct}{codes}: {', '.join(map(_shown, sorted(cells.unique())[:3]))}{', ...' if distinct > 3 else ''}",
    )


def what_spoils(column: RawColumn) -> str:
    """Say which cell keeps a column of text from holding numbers, or what its dates; empty where it holds names."""
    cells = column.dropna()
    meant = meant_as(cells)
    if meant == "date":
        return f"dates such as {_shown(cells.iloc[0])} that cannot be read: write them as 2024-12-31"
    others = cells[(cells.map(looks_like) != "number").to_numpy()]
    if meant == "number" and len(others):
        return (
            f"{len(cells) - len(others):,} of its {len(cells):,} cells are numbers, but {_shown(others.iloc[0])} is "
            "none: correct such cells, or empty them"
        )
    return ""


def _is_copy(column: Floats, target: Floats) -> bool:
    """Whether a column (rows,) is the target (rows,), or a multiple of it plus a constant, but for rounding."""
    both = np.isfinite(column) & np.isfinite(target)
    x, y = column[both], target[both]
    if len(x) < 3 or not (np.ptp(x) > 0 and np.ptp(y) > 0):
        return False
    x, y = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
    return bool(1 - abs(float(np.mean(x * y))) < _ALIKE)


def _summands(table: pd.DataFrame, names: list[str], target: str) -> list[str]:
    """Those of the columns `names` that add up to the target, or whose sum it is plus or minus others of them.

    Where the target is exactly linear in the columns and every factor is 1 or -1, it was computed from them.
    """
    whole = table[[*names, target]].dropna().to_numpy(np.float64)
    if len(names) < 2 or len(whole) < 2 * len(names) + 10:
        return []
    x, y = whole[:, :-1] - whole[:, :-1].mean(axis=0), whole[:, -1] - whole[:, -1].mean()
    sizes = x.std(axis=0)
    sizes[sizes == 0] = 1
    factors = np.linalg.lstsq(x / sizes, y, rcond=1e-9)[0]
    if float(np.var(y - x / sizes @ factors)) > _ALIKE * float(np.var(y)):
        return []
    weighty = np.flatnonzero(np.abs(factors) > 1e-6 * y.std())
    exact = np.allclose(np.abs(factors[weighty] / sizes[weighty]), 1, atol=1e-6)
    return [names[at] for at in weighty] if exact and len(weighty) > 1 else []


def _doubtful(names: list[str]) -> dict[str, str]:
    """The columns that are no features of a known data set unless asked for, where a table has all of its features.

    From each to the title of the data set. Capital and small letters are the same.
    """
    small = {name.lower(): name for name in names}
    return {
        small[name]: dataset.title
        for dataset in DATASETS.values()
        if {*dataset.names} - {dataset.target} <= small.keys()
        for name in dataset.doubtful
    }


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _shown(value: object) -> str:
    """A cell as people write it, at most its beginning."""
    if isinstance(value, float):
        return f"{value:.15g}" if value == round(value) and abs(value) < 1e15 else f"{value:.4g}"
    text = f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
    return text if len(text) <= 30 else f"{text[:30]}..."
