"""The points to which a line is fitted: one feature against a target, raw or normalized."""

from dataclasses import dataclass, replace

import numpy as np

from dashboard.text.target import with_unit
from pipeline.arrays import Floats
from pipeline.tables.scaling import Scaling


@dataclass(frozen=True)
class Points:
    """A feature x and a target y, each (rows,), to train on, and (test rows,) to test on.

    `feature` and `target` are names; `x_unit` and `y_unit` may be empty.
    """

    feature: str
    target: str
    x_unit: str
    y_unit: str
    x: Floats
    y: Floats
    test_x: Floats
    test_y: Floats

    def normalized(self) -> "Points":
        """The same points with x in standard deviations from its mean. Raises `UserError` where x is constant."""
        scaling = Scaling.fit(self.x[:, np.newaxis], [self.feature])
        x, test_x = (scaling.apply(values[:, np.newaxis])[:, 0] for values in (self.x, self.test_x))
        return replace(self, x=x, test_x=test_x, x_unit="standard deviations")

    def first(self, rows: int) -> "Points":
        """The same points with only the first `rows` training rows."""
        return replace(self, x=self.x[:rows], y=self.y[:rows])

    @property
    def x_title(self) -> str:
        """The feature with its unit."""
        return with_unit(self.feature, self.x_unit)

    @property
    def y_title(self) -> str:
        """The target with its unit."""
        return with_unit(self.target, self.y_unit)

    @property
    def slope_unit(self) -> str:
        """The unit of a slope: the target's unit per unit of the feature."""
        whole = {"standard deviations": "standard deviation", "MB": "MB", "%": "%"}
        return f"{self.y_unit or self.target} per {whole.get(self.x_unit, f'unit of {self.feature}')}"
