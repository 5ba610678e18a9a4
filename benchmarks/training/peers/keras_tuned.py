"""Keras's `Model.fit` as its guide on speed has it: `tf.data`, and many steps in one execution."""

from typing import Any, Final

import numpy as np

from benchmarks.training.peers.keras_fit import compiled
from benchmarks.training.tasks import Task, Trained
from pipeline.network.sgd import updates_per_epoch
from pipeline.training.frameworks import tf

MOST_STEPS: Final = 500


def train(task: Task) -> Trained:
    """Train a model on batches in our order. Between the steps of one execution no callback can record the weights."""
    rows, size = len(task.train.target), task.settings.batch_size
    updates = updates_per_epoch(rows, size)
    model = compiled(task, steps_per_execution=min(updates, MOST_STEPS))
    x, y = tf.constant(task.train.features), tf.constant(task.train.target)

    def gather(chosen: Any) -> tuple[Any, Any]:
        return tf.gather(x, chosen), tf.gather(y, chosen)

    orders = tf.data.Dataset.from_tensor_slices(task.orders())
    batches = orders.flat_map(lambda order: tf.data.Dataset.from_tensor_slices(order).batch(size)).map(gather)
    unseen = tf.data.Dataset.from_tensors((task.validation.features, task.validation.target))
    history = model.fit(
        batches.prefetch(tf.data.AUTOTUNE),
        epochs=task.settings.epochs,
        steps_per_epoch=updates,
        shuffle=False,
        validation_data=unseen,
        verbose=0,
    ).history
    last = np.concatenate(model.get_weights(), axis=None)
    return Trained(np.array(history["loss"]), np.array(history["val_loss"]), last[np.newaxis])
