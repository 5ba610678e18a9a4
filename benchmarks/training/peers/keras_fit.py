"""Keras's own `Model.fit` as it comes, which shuffles by itself, with a callback that records the weights."""

import numpy as np

from benchmarks.training.tasks import Task, Trained
from pipeline.training.frameworks import keras
from pipeline.training.models import build


def train(task: Task) -> Trained:
    """Train a model with `fit`; the weights are those after every update for the linear model, else of every epoch."""
    model = compiled(task)
    path: list[np.ndarray] = []

    def record(*_: object, **__: object) -> None:
        path.append(np.concatenate(model.get_weights(), axis=None))

    when = "on_train_batch_end" if len(task.layers) == 1 else "on_epoch_end"
    history = model.fit(
        task.train.features,
        task.train.target,
        batch_size=task.settings.batch_size,
        epochs=task.settings.epochs,
        validation_data=(task.validation.features, task.validation.target),
        callbacks=[keras.callbacks.LambdaCallback(**{when: record})],
        verbose=0,
    ).history
    return Trained(np.array(history["loss"]), np.array(history["val_loss"]), np.array(path, np.float32))


def compiled(task: Task, **options: object) -> keras.Model:
    """Build the model of a task with its initial weights, and compile it in Keras's sense."""
    model = build(task.settings.model, task.train.features.shape[1])
    model.set_weights([array for pair in task.unpacked() for array in pair])
    model.compile(keras.optimizers.SGD(task.settings.learning_rate), loss=task.settings.loss, **options)
    return model
