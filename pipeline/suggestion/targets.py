"""The column to predict: which columns of a table it may be, and which is the likeliest."""

import difflib
import re
from typing import Final

import pandas as pd

from pipeline.safety.errors import UserError
from pipeline.suggestion.columns import identifies, is_constant, what_spoils
from pipeline.tables.kinds import kind_of

_USUAL: Final = re.compile(
    r"price|prix|preis|medv|target|^y$|label|cost|charges|salary|income|wage|sales|revenue|amount|score|rating|quality"
    r"|strength|mpg|consumption|demand|count|^cnt$|output|outcome|response|value",
    re.IGNORECASE,
)


def candidates(table: pd.DataFrame) -> list[str]:
    """The columns of numbers that a model may predict, the likeliest first: by their names, then by their place.

    A number with two values comes last. One that names or counts the rows is a candidate only if there is no other.
    """
    numbers = [str(name) for name in table.columns if kind_of(table[name]) == "number" and not is_constant(table[name])]
    measured = [name for name in numbers if not identifies(table[name])] or numbers

    def rank(name: str) -> tuple[bool, bool, bool]:
        return table[name].nunique() == 2, _USUAL.search(name) is None, name != measured[-1]

    return sorted(measured, key=rank)


def some_candidates(table: pd.DataFrame, name: str) -> list[str]:
    """The `candidates` of a table that is called `name`. Raises `UserError` where there are none."""
    found = candidates(table)
    if not found:
        raise UserError(f"{name} has no column of numbers that vary, so there is nothing to predict")
    return found


def check_target(table: pd.DataFrame, target: str) -> None:
    """Raise `UserError`, with what to choose instead, unless `target` is a column of numbers that vary."""
    names = [str(name) for name in table.columns]
    if target not in names:
        close = difflib.get_close_matches(target, names, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise UserError(f"the table has no column {target!r}; {hint}It has {', '.join(names)}")
    kind, column = kind_of(table[target]), table[target]
    what = "the same in every row"
    if kind != "number":
        what = {"text": "text", "date": "dates", "yes_no": "yes or no"}[kind]
        if kind == "text" and (wrong := what_spoils(column)):
            what = f"text ({wrong})"
    elif not is_constant(column):
        return
    may_be = ", ".join(candidates(table)[:5])
    instead = f"choose a column of numbers: {may_be}" if may_be else "it has no column of numbers"
    raise UserError(f"the target {target!r} is {what}; {instead}")
