"""How the runs of a sweep are shared out: in chunks of about a quarter of a second, each of which needs one program."""

from typing import Final

from pipeline.network.sgd import updates_per_epoch
from pipeline.params import HIDDEN_UNITS, Train
from pipeline.sweep.grid import Grid

SECONDS: Final = 0.25
MAX_CHUNKS: Final = 1_000
"""So many chunks there are at most, each a file, unless more programs are needed."""


def estimated_seconds(settings: Train, rows: int, inputs: int) -> float:
    """How long a run on so many training rows takes, once its program is compiled.

    The estimate is made of times that an epoch, an update and a row take on a laptop's processor. Every model with
    hidden layers counts as one with two.
    """
    weights = inputs + 1 if settings.is_linear else HIDDEN_UNITS * (inputs + HIDDEN_UNITS + 2)
    updates = updates_per_epoch(rows, settings.batch_size)
    return settings.epochs * (25e-6 + updates * 1e-6 + rows * (2e-8 + weights * 4e-10))


def cut(grid: Grid, rows: int, inputs: int) -> list[list[int]]:
    """The runs of each chunk, by their places in the grid; they depend on nothing but the arguments."""
    seconds = [estimated_seconds(grid.settings(run), rows, inputs) for run in range(grid.count)]
    most = max(SECONDS, sum(seconds) / MAX_CHUNKS)
    chunks: list[list[int]] = []
    program, filled = -1, 0.0
    for run in sorted(range(grid.count), key=grid.programs.__getitem__):
        if grid.programs[run] != program or filled + seconds[run] > most:
            chunks.append([])
            program, filled = grid.programs[run], 0.0
        chunks[-1].append(run)
        filled += seconds[run]
    return chunks
