"""What the JSON files beside the tables hold."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pipeline.params import Normalize
from pipeline.safety.schema import Facts, Hash, Moment, Positive

RowNumbers = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)]


class Origin(Facts):
    """raw_source.json: where the raw table with this hash came from."""

    raw_sha256: Hash
    source: str
    fetched: Moment


class TfjsSplit(Facts):
    """tfjs_split.json: the rows that the TensorFlow.js example keeps for its test."""

    test_rows: RowNumbers


class Split(Facts):
    """split.json: each row of the table in one part."""

    train_rows: RowNumbers
    validation_rows: RowNumbers
    test_rows: RowNumbers


class Scaling(Facts):
    """scaling.json: how the table was normalized, with a mean and a deviation for each feature."""

    settings: Normalize
    mean: list[float]
    deviation: list[Positive]

    @model_validator(mode="after")
    def _of_each_feature(self) -> Self:
        if not len(self.mean) == len(self.deviation) == len(self.settings.features):
            raise ValueError("mean and deviation are not those of the features")
        return self
