"""Keras and TensorFlow, imported without their start-up notes and set to compute in float64."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["keras", "on_device", "tf"]


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

gc.disable()  # an import frees nothing: looking for garbage takes half a second, and as long when the process ends
# TensorFlow 2.21 prints notes on oneDNN and CUDA at import, whatever TF_CPP_MIN_LOG_LEVEL says: they are held back.
kept = os.dup(2)
with open(os.devnull, "wb") as nothing:
    os.dup2(nothing.fileno(), 2)
try:
    import keras
    import tensorflow as tf
finally:
    os.dup2(kept, 2)
    os.close(kept)
gc.freeze()
gc.enable()

tf.config.threading.set_intra_op_parallelism_threads(1)  # threads for the few rows of a batch cost more than they save
keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")  # the learning rate too: float32 results differ from processor to processor


@contextmanager
def on_device(name: str) -> Iterator[None]:
    """Compute on a device. Raises `MemoryError` where TensorFlow finds no memory: one kind of error says so."""
    try:
        with tf.device(name):
            yield
    except tf.errors.ResourceExhaustedError as error:
        raise MemoryError(error.message) from None
