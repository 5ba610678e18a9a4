"""Two runs, update by update: whether they are the same, bit for bit, or where they part ways."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.record.tables import parameter_names
from dashboard.text.numbers import format_number
from pipeline.record.runs import Run
from pipeline.record.store import Store


def difference(
    recorded: Store,
    sha256: Mapping[str, str],
    updates: NDArray[np.int64],
    weights: NDArray[np.float32],
    features: Sequence[str],
) -> str | None:
    """Say what is not the same of a recorded run and of another; `None` where all is equal.

    `sha256` are the hashes of the other's files by their names in data/run/; the rest is as in `first_difference`.
    """
    hashes = recorded.read_training().sha256
    different = [name for name, digest in sha256.items() if hashes.get(name) != digest]
    if not different:
        return None
    parted = first_difference(recorded.read_run(), updates, weights, features)
    return parted or f"all weights compared are equal, but not all of {', '.join(different)}"


def first_difference(
    recorded: Run, updates: NDArray[np.int64], weights: NDArray[np.float32], features: Sequence[str]
) -> str | None:
    """Say at which update a run parts ways with a recorded one, and by how much; `None` where all are equal.

    `weights` (kept, parameters) hold after these `updates` (kept,); those that both have are compared, bit for bit.
    `features` are the names of the inputs.
    """
    theirs, ours = recorded.weights.shape[1], weights.shape[1]
    if theirs != ours:
        return f"it has {ours:,} weights instead of {theirs:,}"
    both, here, there = np.intersect1d(recorded.updates, updates, return_indices=True)
    one, other = recorded.weights[here], weights[there]
    rows = (one.view(np.uint32) != other.view(np.uint32)).any(axis=1).nonzero()[0]
    if rows.size:
        row = int(rows[0])
        size = np.abs(one[row].astype(float) - other[row])
        name = parameter_names(recorded.layers, features)[int(size.argmax())]
        where = f"the weight of {name}" if name in features else f"the {name}"
        which = f"update {both[row]:,} is the first that differs" if both[row] else "the first weights differ"
        return f"{which}, by {format_number(float(size.max()), 1)} at most, in {where}"
    if recorded.updates[-1] != updates[-1]:
        return (
            f"it ends after {updates[-1]:,} updates instead of {recorded.updates[-1]:,}; those that both have are equal"
        )
    return None


def equal(run: Run) -> str:
    """Say that another run is the same as this one: in every update, or after those whose weights are recorded."""
    which = (
        f"all {run.updates[-1]:,} updates"
        if run.is_whole
        else f"the weights at all {len(run.updates):,} moments that are recorded"
    )
    return f"{which} are equal bit for bit, and the losses are as recorded"
