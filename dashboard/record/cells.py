"""The inputs that one feature makes, as the cell of a table that a person reads and sets."""

from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd

from dashboard.text.numbers import format_cell
from pipeline.arrays import Floats
from pipeline.tables.cells import DTYPES, Kind
from pipeline.tables.encoding import Feature

Cell = float | bool | date | str | None
"""A cell of the table; `None` is a gap."""

EPOCH: Final = datetime(1970, 1, 1)
MISSING: Final = "missing"
ANOTHER: Final = "another value"
MEAN: Final = "the mean"


def inputs_of(feature: Feature, cell: Cell) -> Floats:
    """The inputs (inputs,) that a cell makes; a category has any other text for a value that it does not know."""
    kind: Kind = "text" if feature.kind == "category" else feature.kind
    made: Floats = feature.apply(pd.Series([cell], dtype=DTYPES[kind]))[0]
    return made


def is_missing(feature: Feature, inputs: Floats) -> bool:
    """Whether the inputs of a feature (inputs,) say that its cell is missing."""
    return feature.tells_gaps and inputs[-1] == 1


def is_another(feature: Feature, inputs: Floats) -> bool:
    """Whether the inputs of a category (inputs,) are those of a value that no training row has."""
    return feature.kind == "category" and not inputs.any()


def in_words(feature: Feature, inputs: Floats) -> str:
    """The inputs of a feature (inputs,) in words: a value of a category, `12.5`, `yes`, `2024-02-29`, `missing`."""
    if is_missing(feature, inputs):
        return MISSING
    if feature.kind == "category":
        known = [value for value, one in zip(feature.values, inputs, strict=False) if one == 1]
        return known[0] if known else MEAN if inputs.any() else ANOTHER
    value = float(inputs[0])
    if feature.kind == "yes_no" and value in (0, 1):
        return "yes" if value else "no"
    return moment(value) if feature.kind == "date" else format_cell(value)


def time_of(days: float) -> datetime:
    """The time, to the second, that is so many days after `EPOCH`, or the first or last that there is."""
    first, last = ((end - EPOCH).total_seconds() for end in (datetime.min, datetime.max.replace(microsecond=0)))
    return EPOCH + timedelta(seconds=float(np.clip(np.round(days * 86_400), first, last)))


def moment(days: float) -> str:
    """A date in words, with the time where it has one: `2024-02-29`, `2024-02-29 13:30`."""
    return time_of(days).isoformat(" ").removesuffix(":00").removesuffix(" 00:00")
