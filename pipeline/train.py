"""Stage train: descend from random weights to a trained model, and record every step of the way."""

import time
from datetime import UTC, datetime

import tqdm

from pipeline import params
from pipeline.record.predictions import Predictions
from pipeline.record.runs import collect, ending
from pipeline.record.store import Store
from pipeline.safety.stage import safe_stage, while_wanted
from pipeline.tables import splits
from pipeline.tables.preparation import PreparedData
from pipeline.training.descent import VERSIONS, begins_at, descend, find_device, layers
from pipeline.training.exports import keras_file


def main() -> None:
    """Read the section `train` from the command line; write history, weights, predictions, model and facts."""
    settings = params.from_command_line(params.Train)
    store = Store()
    data = store.open_normalized()
    train, validation = data.part("train"), data.part("validation")
    splits.check_batch_size(settings.batch_size, data.sizes["train"])
    if (start := store.read_start()) and isinstance(data, PreparedData):
        start = begins_at(start, data, settings)
    began = time.perf_counter()
    epochs = while_wanted(descend(train, validation, settings, start))
    ahead = settings.epochs + 1 - (start.epoch if start else 0)
    with tqdm.tqdm(epochs, "train", ahead, disable=None, unit="epoch", leave=False) as bar:
        run = collect(bar, layers(settings.model, len(data.names)), settings.epochs)
    seconds = time.perf_counter() - began
    device = find_device(settings.device)
    store.write_run(
        run,
        Predictions.of(run.layers, run.result, data),
        keras_file(settings.model, run.result, data.scaling, data.encoding),
        settings=settings,
        start=start,
        device=device,
        versions=VERSIONS,
        trained=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(seconds, 3),
    )
    print(f"train: {ending(run.status, run.epochs_run)} in {seconds:.2f} s on the {device}")


if __name__ == "__main__":
    with safe_stage():
        main()
