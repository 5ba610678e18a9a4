"""How good a model is: its errors, as they are recorded."""

from dataclasses import asdict, dataclass

import numpy as np

from pipeline.arrays import Floats
from pipeline.network.losses import LOSSES


def six_digits(value: float) -> float | None:
    """Round to the six significant digits that are recorded; `None` for what is not finite, which JSON cannot say."""
    return float(f"{value:.6g}") if np.isfinite(value) else None


@dataclass(frozen=True)
class Scores:
    """Errors in the target's unit (`rmse`, `mae`), in its square (`mse`), and the share of variance explained."""

    mse: float
    rmse: float
    mae: float
    r2: float | None

    @classmethod
    def of(cls, actual: Floats, predicted: Floats) -> "Scores":
        """Compare actual and predicted targets, both (rows,). `r2` is `None` when every actual value is the same."""
        error = predicted - actual
        mse, mae = (float(np.mean(LOSSES[name].value(error))) for name in ("mse", "mae"))
        variance = float(np.var(actual))
        r2 = 1 - mse / variance if variance > 0 else None
        return cls(mse, float(np.sqrt(mse)), mae, r2)

    def recorded(self) -> dict[str, float | None]:
        """The scores with six significant digits."""
        return {name: None if value is None else six_digits(value) for name, value in asdict(self).items()}
