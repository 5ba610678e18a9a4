"""What the JSON files beside the tables hold."""

from pipeline.params import Normalize
from pipeline.safety.schema import Facts, Hash, RowNumbers
from pipeline.tables.scaling import Scaling


class Origin(Facts):
    """raw_source.json: where the raw table with this hash came from."""

    raw_sha256: Hash
    source: str
    fetched: str


class TfjsSplit(Facts):
    """tfjs_split.json: the rows that the TensorFlow.js example keeps for its test."""

    what: str
    test_rows: RowNumbers


class ScalingFile(Facts):
    """scaling.json: the settings that the table was normalized with, and the scaling that came of them."""

    settings: Normalize
    scaling: Scaling
