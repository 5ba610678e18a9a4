"""The proof that what was tried is what was recorded: the weights bit for bit, the losses as recorded."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.record.store import Store


@dataclass(frozen=True)
class Proof:
    """What a recorded and a tried run have in common. `parted` is the first epoch whose losses differ, if any do."""

    weights_equal: bool
    parted: int | None

    @property
    def holds(self) -> bool:
        """Whether the two are one and the same run."""
        return self.weights_equal and self.parted is None

    @property
    def sentence(self) -> str:
        """The proof in words."""
        weights = "are equal bit for bit" if self.weights_equal else "differ"
        losses = "are equal as recorded" if self.parted is None else f"differ from epoch {self.parted} on"
        return f"The recorded weights {weights}; the losses {losses}."


def compare_recorded(recorded: Store, weights_sha256: str, history: pd.DataFrame) -> Proof:
    """Compare a recorded run with a tried one, of which the hash of weights.parquet and the history are given.

    `history` has a row per epoch (epoch, training_loss, validation_loss) with six significant digits, NaN where it
    diverged. Raises `UserError` when the recorded files are missing, broken or not all of one run.
    """
    kept, tried = (table.to_numpy(np.float64) for table in (recorded.read_run().history, history))
    rows = min(len(kept), len(tried))
    differ = ~((kept[:rows] == tried[:rows]) | (np.isnan(kept[:rows]) & np.isnan(tried[:rows]))).all(axis=1)
    parted = int(differ.argmax()) if differ.any() else None if len(kept) == len(tried) else rows
    return Proof(recorded.read_training().sha256.weights == weights_sha256, parted)
