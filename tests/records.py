"""Runs recorded without DVC, with the work of the stages: a test of a page needs the record, not how it came about."""

import warnings

from pipeline import params
from pipeline.params import Train
from pipeline.record.predictions import Predictions
from pipeline.record.runs import collect
from pipeline.record.schemas import Metrics
from pipeline.record.start import Start
from pipeline.record.store import Store
from pipeline.tables import splits
from tests.projects import Project


def record(project: Project) -> None:
    """Record the run of params.yaml; only the training is done in this process, which then has TensorFlow."""
    project.stage("download")
    project.stage("normalize")
    train(project.store, params.load(project.root / "params.yaml").train)


def train(place: Store, settings: Train, update: int = 0) -> None:
    """Do the work of the stages train and evaluate: from random weights, or as a branch at an update of that run."""
    from pipeline.training.descent import VERSIONS, descend, layers, start_at
    from pipeline.training.exports import keras_file

    data = place.read_normalized()
    splits.check_batch_size(settings.batch_size, len(data.split.train))
    layout = layers(settings.model, len(data.names))
    start: Start | None = start_at(data, settings, None, update, "5a" * 32) if update else None
    run = collect(descend(data.part("train"), data.part("validation"), settings, start), layout, settings.epochs)
    with warnings.catch_warnings():  # Keras reads its variables as NumPy 1 did
        warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
        model = keras_file(settings.model, run.result, data.scaling, data.encoding)
    place.write_run(
        run,
        Predictions.of(run.layers, run.result, data),
        model,
        settings=settings,
        device="cpu",
        versions=VERSIONS,
        trained="2024-02-29T12:00:00+00:00",
        seconds=1.0,
        start=start,
    )
    facts = place.read_training()
    place.write_metrics(Metrics.of(data, place.read_predicted(data), facts, facts.weights_sha256, start))
