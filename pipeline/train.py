"""Stage train: descend from random weights to a trained model, and record every step of the way."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import tqdm

from pipeline import params
from pipeline.record.runs import Epoch, collect
from pipeline.record.store import Store
from pipeline.safety.errors import run_stage
from pipeline.safety.run_guards import stop_if_orphaned
from pipeline.tables import splits
from pipeline.training.descent import VERSIONS, descend, find_device, layers
from pipeline.training.exports import keras_file


def main() -> None:
    """Read the section `train` from the command line; write history, weights, predictions, model and facts."""
    settings = params.from_command_line(params.Train)
    store = Store()
    data = store.read_normalized()
    train, validation = data.part("train"), data.part("validation")
    splits.check_batch_size(settings.batch_size, len(train.target))
    began = time.perf_counter()
    epochs = _while_wanted(descend(train, validation, settings))
    with tqdm.tqdm(epochs, "train", settings.epochs + 1, disable=None, unit="epoch", leave=False) as bar:
        run = collect(bar, layers(settings.model, len(data.names)), settings.epochs)
    seconds = time.perf_counter() - began
    facts = {"device": find_device(settings.device), "versions": VERSIONS, "settings": settings.model_dump()}
    circumstances = {
        "trained": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "data": store.read_raw_source(),
    }
    model = keras_file(settings.model, run.result, data.scaling)
    store.write_run(run, run.predictions(data), model, facts, circumstances)
    print(f"train: {run.status} after {run.epochs_run} epochs in {seconds:.2f} s on the {facts['device']}")


def _while_wanted(epochs: Iterator[Epoch]) -> Iterator[Epoch]:
    stop_if_orphaned()  # before the seconds that compiling takes
    for epoch in epochs:
        stop_if_orphaned()
        yield epoch


if __name__ == "__main__":
    run_stage(main)
