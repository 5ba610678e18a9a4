"""The base of every JSON file of data/: whoever reads one meets no other keys, types or numbers than it says."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _is_moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Moment = Annotated[str, AfterValidator(_is_moment)]
Size = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1, le=10_000)]


class Facts(BaseModel):
    """An object with at least these keys; every number is finite."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, allow_inf_nan=False)
