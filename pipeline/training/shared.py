"""The training loop on several machines: each computes the gradient of its part of a batch, and adds up all parts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

from pipeline.params import Train
from pipeline.safety.errors import UserError
from pipeline.training.cluster import Cluster
from pipeline.training.descent import VERSIONS, find_device, layers
from pipeline.training.frameworks import tf
from pipeline.training.meeting import meeting
from pipeline.training.program import Program, Programs


class SharedProgram(Program):
    """A program that runs in all processes of a cluster at the same time, on the same state, tables and orders."""

    def __init__(self, cluster: Cluster, strategy: Any, settings: Train, rows: int, features: int, device: str) -> None:
        self.cluster = cluster
        self.strategy = strategy
        with strategy.scope():
            super().__init__(settings, rows, features, device)
        self.compiled = tf.function(self._some_epochs, autograph=False)  # what goes over the network is not compiled
        self.gradient = tf.function(self._gradient, autograph=False, jit_compile=True)

    def _some_epochs(self, *inputs: Any) -> list[Any]:
        """What each process found of the losses is its part of them; the weights are the same everywhere."""
        training, validation, paths, losses, states = super()._some_epochs(*inputs)
        training, validation, losses = self.strategy.run(_added_up, (training, validation, losses))
        return [training, validation, paths, losses, states]

    def _update(self, x: Any, y: Any, chosen: Any) -> Any:
        mine = chosen[self.cluster.share(chosen.shape[0])]
        return self.strategy.run(self._step, (x, y, mine, chosen.shape[0]))

    def _step(self, x: Any, y: Any, mine: Any, rows: int) -> Any:
        loss, gradient = self.gradient(x, y, mine, rows)
        self.optimizer.apply(gradient)  # which adds up the gradients of all processes
        return loss

    def _gradient(self, x: Any, y: Any, mine: Any, rows: int) -> Any:
        with tf.GradientTape() as tape:
            loss = self._part_of_mean(tf.gather(x, mine), tf.gather(y, mine), rows, training=True)
        return loss, tape.gradient(loss, [v.value for v in self.model.trainable_variables])

    def _mean_loss(self, x: Any, y: Any, training: bool = False) -> Any:
        mine = self.cluster.share(y.shape[0])
        return self._part_of_mean(x[mine], y[mine], y.shape[0], training)

    def _part_of_mean(self, x: Any, y: Any, rows: int, training: bool) -> Any:
        """The losses of these rows, divided by the number of all: the parts of all processes add up to the mean."""
        return tf.reduce_sum(self._losses(x, y, training)) / rows


def _added_up(*values: Any) -> Any:
    """The sums of what the processes found."""
    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.SUM, [tf.identity(value) for value in values])


@contextmanager
def together(cluster: Cluster, settings: Train, inputs: int, files: Mapping[str, str]) -> Iterator[Programs]:
    """Meet the other processes, and give the programs that run in all of them; leave when all have come to the end.

    `files` are the hashes of what they train on. Nothing may have been computed with TensorFlow before. Raises
    `UserError` where it is not worth it (see `Cluster.check_gain`), where a GPU is wanted, and as `meeting` does.
    """
    if find_device(settings.device) == "gpu":
        raise UserError("several machines share a run on their processors only: set train.device to cpu")
    cluster.check_gain(settings.batch_size, layers(settings.model, inputs))
    facts = {f"train.{name}": str(value) for name, value in settings} | VERSIONS | dict(files)
    with meeting(cluster, facts) as watch:
        tf.config.set_visible_devices([], "GPU")
        addresses = tf.train.ClusterSpec({"worker": list(cluster.addresses)})
        resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
            addresses, "", "worker", cluster.number, rpc_layer="grpc"
        )
        try:
            strategy = tf.distribute.MultiWorkerMirroredStrategy(resolver)
            yield lru_cache(maxsize=16)(partial(SharedProgram, cluster, strategy))
        except tf.errors.OpError as error:
            watch.explain(error.message[-200:])
        watch.finish()
