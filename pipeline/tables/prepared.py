"""The table as a model sees it: every row normalized, and which part of the data it belongs to."""

from dataclasses import dataclass

from pipeline.arrays import Floats
from pipeline.params import Normalize
from pipeline.tables.scaling import Scaling
from pipeline.tables.splits import Split


@dataclass(frozen=True)
class Rows:
    """The normalized features of some rows (rows, features) and their targets (rows,), both float64."""

    features: Floats
    target: Floats


@dataclass(frozen=True)
class PreparedData:
    """The table as the model sees it: every row normalized, in the raw table's order, and which part it is in."""

    settings: Normalize
    features: Floats
    target: Floats
    split: Split
    scaling: Scaling

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names, in the order of the columns of `features`."""
        return self.settings.features

    @property
    def target_name(self) -> str:
        """The name of the column that is predicted."""
        return self.settings.target

    def part(self, name: str) -> Rows:
        """The rows of one part (train, validation or test), in the order in which they were drawn."""
        rows = self.split.parts()[name]
        return Rows(self.features[rows], self.target[rows])
