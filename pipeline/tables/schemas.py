"""What the JSON files beside the tables hold."""

from typing import Self

from pydantic import model_validator

from pipeline.params import Normalize
from pipeline.safety.schema import Facts, Hash, Moment, RowNumbers
from pipeline.tables.scaling import Scaling


class Origin(Facts):
    """raw_source.json: where the raw table with this hash came from."""

    raw_sha256: Hash
    source: str
    fetched: Moment


class TfjsSplit(Facts):
    """tfjs_split.json: the rows that the TensorFlow.js example keeps for its test."""

    what: str
    test_rows: RowNumbers


class ScalingFile(Facts):
    """scaling.json: the settings that the table was normalized with, and the scaling that came of them."""

    settings: Normalize
    scaling: Scaling

    @model_validator(mode="after")
    def _of_each_feature(self) -> Self:
        if not len(self.scaling.mean) == len(self.scaling.deviation) == len(self.settings.features):
            raise ValueError("mean and deviation are not those of the features")
        if not (self.scaling.deviation > 0).all():
            raise ValueError("a deviation is not above 0")
        return self
