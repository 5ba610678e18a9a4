"""The base of every JSON file of data/: its keys, types and numbers are what its model says."""

import math
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    PlainSerializer,
)

from pipeline.arrays import significant


def six_digits(value: float) -> float | None:
    """Round to the six significant digits that are recorded; `None` for what is not finite, which JSON cannot say."""
    return significant(value, 6) if math.isfinite(value) else None


def _array_of(item: object) -> GetPydanticSchema:
    """A list of one or more items in the file, a numpy array in Python."""
    items = list[item]  # type: ignore[valid-type]
    described = Annotated[items, Field(min_length=1), AfterValidator(np.array), PlainSerializer(np.ndarray.tolist)]
    return GetPydanticSchema(lambda _, handler: handler(described))


STRICT: Final = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
"""What every file's model keeps to: no other keys, no converted types, finite numbers only."""

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

Figure = Annotated[
    float,
    Field(allow_inf_nan=True),
    BeforeValidator(lambda value: math.nan if value is None else value),
    PlainSerializer(six_digits),
]
"""A number that is written with six significant digits; one that is not finite is `null` in the file."""

RowNumbers = Annotated[NDArray[np.int64], _array_of(Annotated[int, Field(ge=0, lt=2**63)])]
Numbers = Annotated[NDArray[np.float64], _array_of(float)]


class Facts(BaseModel):
    """An object with exactly these keys; every number is finite."""

    model_config = STRICT
