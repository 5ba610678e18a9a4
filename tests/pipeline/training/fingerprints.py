"""The bits of a run in one line, comparable across processes: `python -m tests.pipeline.training.fingerprints`."""

import hashlib
from collections.abc import Iterable

import numpy as np

from pipeline import params
from pipeline.params import Train
from pipeline.record.runs import Epoch
from pipeline.record.store import Store
from pipeline.tables.preparation import PreparedData
from pipeline.tables.scaling import Scaling
from pipeline.training.descent import descend
from pipeline.training.exports import keras_file


def fingerprint(epochs: Iterable[Epoch]) -> str:
    """Hash the number, the losses in float64 and the weights in float32 of every epoch."""
    digest = hashlib.sha256()
    for epoch in epochs:
        digest.update(np.array([epoch.number, epoch.training_loss, epoch.validation_loss]).tobytes())
        digest.update(epoch.weights.tobytes())
    return digest.hexdigest()


def of_run(data: PreparedData, settings: Train) -> str:
    """Train to the end and hash it."""
    return fingerprint(descend(data.part("train"), data.part("validation"), settings))


if __name__ == "__main__":
    keras_file(
        "linear", np.zeros(2, np.float32), Scaling.none(1)
    )  # a model in float32 must not turn later ones into it
    print(of_run(Store().read_normalized(), params.load().train))
