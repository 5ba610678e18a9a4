"""Stage train: descend from random weights to a trained model, and record every step of the way."""

import time
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

import tqdm

from pipeline import params
from pipeline.record.predictions import Predictions
from pipeline.record.runs import collect, ending
from pipeline.record.store import Store
from pipeline.safety.stage import safe_stage, while_wanted
from pipeline.tables import splits
from pipeline.tables.preparation import PreparedData
from pipeline.training.cluster import Cluster
from pipeline.training.descent import VERSIONS, begins_at, descend, find_device, layers
from pipeline.training.exports import keras_file
from pipeline.training.program import Programs


def main() -> None:
    """Read the section `train` from the command line; write history, weights, predictions, model and facts.

    Where TF_CONFIG names several processes, all of them train together, and the chief alone writes.
    """
    cluster = Cluster.of_environment()
    settings = cluster.settings() if cluster else params.from_command_line(params.Train)
    store = Store()
    data = store.open_normalized()
    train, validation = data.part("train"), data.part("validation")
    splits.check_batch_size(settings.batch_size, data.sizes["train"])
    if (start := store.read_start()) and isinstance(data, PreparedData):
        start = begins_at(start, data, settings)
    is_worker = cluster is not None and not cluster.is_chief
    began = time.perf_counter()
    with _together(cluster, settings, store, len(data.names)) as programs:
        epochs = while_wanted(descend(train, validation, settings, start, programs))
        ahead = settings.epochs + 1 - (start.epoch if start else 0)
        with tqdm.tqdm(epochs, "train", ahead, disable=is_worker or None, unit="epoch", leave=False) as bar:
            run = collect(bar, layers(settings.model, len(data.names)), settings.epochs)
    if is_worker:
        return
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
    on_machines = f", in {cluster.size} processes" if cluster else ""
    print(f"train: {ending(run.status, run.epochs_run)} in {seconds:.2f} s on the {device}{on_machines}")


def _together(
    cluster: Cluster | None, settings: params.Train, store: Store, inputs: int
) -> AbstractContextManager[Programs | None]:
    if cluster is None:
        return nullcontext()
    from pipeline.training.shared import together

    return together(cluster, settings, inputs, store.hashes_for_training())


if __name__ == "__main__":
    with safe_stage():
        main()
