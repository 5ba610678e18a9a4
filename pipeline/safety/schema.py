"""The base of every JSON file of data/: its keys, types and numbers are what its model says."""

import math
import sys
from datetime import datetime
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator


def six_digits(value: float) -> float | None:
    """Round to the six significant digits that are recorded; `None` for what is not finite, which JSON cannot say."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def _is_moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


def _row_numbers(value: object) -> NDArray[np.int64]:
    if isinstance(value, np.ndarray):
        return value
    if not (isinstance(value, list) and value and all(type(row) is int and 0 <= row < 2**63 for row in value)):
        raise ValueError("it is not a list of row numbers")
    return np.array(value, np.int64)


def _numbers(value: object) -> NDArray[np.float64]:
    if isinstance(value, np.ndarray):
        return value
    if not (isinstance(value, list) and value and all(type(number) in (int, float) for number in value)):
        raise ValueError("it is not a list of numbers")
    if not all(abs(number) <= sys.float_info.max for number in value):
        raise ValueError("its numbers are not all finite")
    return np.array(value, np.float64)


def _to_list(array: NDArray[np.generic]) -> list[object]:
    return list(array.tolist())


STRICT: Final = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
"""What every file's model keeps to: no other keys, no converted types, finite numbers only."""

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Moment = Annotated[str, AfterValidator(_is_moment)]
Size = Annotated[float, Field(ge=0)]
MAX_EPOCHS: Final = 10_000
Count = Annotated[int, Field(ge=1, le=MAX_EPOCHS)]

Figure = Annotated[float, Field(allow_inf_nan=True), PlainSerializer(six_digits)]
"""A number that is written with six significant digits; one that is not finite is written as `null`."""

MaybeFigure = Annotated[Figure, BeforeValidator(lambda value: math.nan if value is None else value)]
"""A figure that may be `null` in the file as well."""

RowNumbers = Annotated[NDArray[np.int64], PlainValidator(_row_numbers), PlainSerializer(_to_list)]
Numbers = Annotated[NDArray[np.float64], PlainValidator(_numbers), PlainSerializer(_to_list)]


class Facts(BaseModel):
    """An object with exactly these keys; every number is finite."""

    model_config = STRICT
