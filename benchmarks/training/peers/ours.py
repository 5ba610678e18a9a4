"""The training loop of this project, as the stage uses it: `descend`, and all that is recorded of a run."""

import cProfile
from collections import deque
from typing import Final

import numpy as np

from benchmarks.training.tasks import Task, Trained
from pipeline.record.runs import collect
from pipeline.training import descent

PARTS: Final = {
    "the compiled program": ("TFE_Py_Execute",),
    "tracing and compiling": ("_concrete",),
    "copying tables and settings to TensorFlow": ("convert_to_eager_tensor", "tables"),
    "drawing the order of the rows": ("row_orders",),
}
"""Where the time goes, by the functions that it is spent in."""


def train(task: Task) -> Trained:
    """Train once and collect the run; or so many runs with other seeds, as the page Luck and seeds does."""
    if task.runs > 1:
        for seed in range(task.runs):
            settings = task.settings.model_copy(update={"seed": seed})
            last = deque(descent.descend(task.train, task.validation, settings), maxlen=1)[0]
        return Trained(None, np.array([last.validation_loss]), last.weights)
    epochs = descent.descend(task.train, task.validation, task.settings)
    layers = descent.layers(task.settings.model, task.train.features.shape[1])
    run = collect(epochs, layers, task.settings.epochs)
    training, validation = (run.history[name].to_numpy()[1:] for name in ("training_loss", "validation_loss"))
    return Trained(training, validation, run.weights[1:])


def profile(task: Task) -> dict[str, float]:
    """The shares of a later run's time, by what it is spent on; the profiler makes Python look slower than it is."""
    with cProfile.Profile() as profiler:
        train(task)
    spent = [(str(getattr(entry.code, "co_name", entry.code)), entry.inlinetime) for entry in profiler.getstats()]
    total = sum(seconds for _, seconds in spent)
    shares = {
        part: sum(seconds for name, seconds in spent if any(each in name for each in names)) / total
        for part, names in PARTS.items()
    }
    return {
        part: round(share, 3) for part, share in {**shares, "the rest, in Python": 1 - sum(shares.values())}.items()
    }
