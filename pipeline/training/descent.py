"""Stochastic gradient descent on a Keras model, as an iterator of epochs that stages, pages and tests consume."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final, Literal

import numpy as np

from pipeline.arrays import Floats
from pipeline.network.initial import initial_state
from pipeline.network.layers import Layer, predict, size_of
from pipeline.network.sgd import learning_rates, row_orders
from pipeline.params import Train
from pipeline.record.metrics import mean_loss
from pipeline.record.runs import Epoch
from pipeline.record.start import INSTEAD, RANDOM, START, RunKind, Start, position
from pipeline.safety.errors import UserError
from pipeline.tables.blocks import PartOnDisk
from pipeline.tables.preparation import PreparedData, Rows
from pipeline.training.blocks import descend_in_blocks
from pipeline.training.epochs import PathKeeper, epoch_of, first_epoch, sum_of_losses
from pipeline.training.frameworks import keras, tf
from pipeline.training.models import build, layers_of
from pipeline.training.program import Programs, compiled, run_once

VERSIONS: Final = {"tensorflow": tf.__version__, "keras": keras.__version__}


def descend(
    train: Rows | PartOnDisk,
    validation: Rows | PartOnDisk,
    settings: Train,
    start: Start | None = None,
    programs: Programs | None = None,
) -> Iterator[Epoch]:
    """Train the real Keras model with Keras's own SGD and yield epoch 0, 1, 2, ... as they are asked for.

    Ends after `settings.epochs`, after an epoch that diverged, or when early stopping says so; the last epoch's
    last weights are then the result. The same arguments give the same bits, whoever consumes them and how fast.

    With a `start`, which must fit, the run goes on from there: the first epoch that is yielded has the start's number
    and weights, the next holds what was left of the epoch under way, and with its parent's settings all is as it was.
    Other `programs` than `compiled` are those of `on_cluster`: each of its processes then descends in the same way.
    Raises `UserError` when the device that `settings` asks for is not there, and for a start where rows are on disk.
    """
    best = _Best.before(start, settings)
    for epoch, _ in _walk(train, validation, settings, start, programs or compiled):
        yield epoch
        if epoch.diverged or epoch.number == settings.epochs:
            return
        if best.look_at(epoch) and 0 < settings.early_stopping_patience <= epoch.number - best.epoch:
            return


def start_at(data: PreparedData, settings: Train, start: Start | None, update: int, parent: str) -> Start:
    """The state after `update` updates of the run from `start` with these settings, to go on from.

    `parent` is the hash of the run's weights. Raises `UserError` where the run has diverged before.
    """
    train, rows = data.part("train"), data.sizes["train"]
    number, used = position(update, start, rows, settings.batch_size)
    best = _Best.before(start, settings)
    for epoch, left in _walk(train, data.part("validation"), settings, start, compiled):
        state = left
        if epoch.diverged:
            raise UserError(
                f"the run diverged in epoch {epoch.number}, before update {update:,}: choose an earlier one"
            )
        best.look_at(epoch)
        if epoch.number == number:
            break
    done = start.rows if start and number == start.epoch else 0
    loss, loss_rows = _loss_so_far(start, settings) if done else (0.0, 0)
    if used > done:
        order = next(row_orders(rows, settings.seed, number))[done:used]
        program = compiled(settings.template, len(order), len(data.names), find_device(settings.device))
        rates = learning_rates(settings, np.array([number + 1]))
        *_, losses, state = run_once(program, state, program.tables(train, data.part("validation")), order, rates)
        loss = sum_of_losses(loss, losses, settings.batch_size, len(order))
    size = size_of(layers(settings.model, len(data.names)))
    velocity = state[size:] if len(state) == 2 * size else np.zeros(size)
    return Start(
        parent_sha256=parent,
        update=update,
        epoch=number,
        rows=used,
        measured_as=settings.loss,
        loss=loss,
        loss_rows=loss_rows + used - done,
        best_epoch=best.epoch,
        best_validation_loss=best.loss if np.isfinite(best.loss) else None,
        training_rows=rows,
        kind=_kind(settings, data),
        layers=layers(settings.model, len(data.names)),
        scaling=data.scaling,
        weights=state[:size].tolist(),
        velocity=velocity.tolist(),
    )


def begins_at(start: Start, data: PreparedData, settings: Train) -> Start:
    """The start of a run with these settings, for the features as they are scaled now. Raises `UserError` if unfit."""
    start.fit(_kind(settings, data), settings.epochs, layers(settings.model, len(data.names)))
    return start.scaled_as(data.scaling)


def find_device(wanted: str) -> Literal["cpu", "gpu"]:
    """Say where to train: on a GPU if there is one, unless `wanted` is cpu. Raises `UserError` for a missing GPU."""
    found = wanted != "cpu" and bool(tf.config.list_physical_devices("GPU"))
    if wanted == "gpu" and not found:
        raise UserError(
            "train.device is gpu, but TensorFlow finds no GPU: set it to auto or cpu, "
            "or check that `nvidia-smi` works, then run `make setup`"
        )
    return "gpu" if found else "cpu"


def warm(settings: Train, rows: int, validation_rows: int, inputs: int) -> None:
    """Compile the program of a run with these settings on tables of these sizes, unless that is done."""
    program = compiled(settings.template, rows, inputs, find_device(settings.device))
    tables = program.tables(*(Rows(np.zeros((count, inputs)), np.zeros(count)) for count in (rows, validation_rows)))
    program.run(np.zeros(program.numbers), tables, np.empty((0, rows), np.int64), np.empty(0))


@cache
def layers(model: str, features: int) -> tuple[Layer, ...]:
    """Describe how the flat weights of a model with so many features are laid out."""
    with tf.Graph().as_default():  # described, not computed with: several machines have to meet before that
        return tuple(layers_of(build(model, features)))


def _kind(settings: Train, data: PreparedData) -> RunKind:
    return RunKind.of(settings, data.target_name, data.names, data.split.train)


@dataclass
class _Best:
    """The lowest validation loss of the epochs after the first that is yielded, and which had it."""

    loss: float
    epoch: int
    since: int

    @classmethod
    def before(cls, start: Start | None, settings: Train) -> "_Best":
        if start is None:
            return cls(np.inf, 0, 0)
        if start.measured_as != settings.loss:
            return cls(np.inf, start.epoch, start.epoch)
        loss = start.best_validation_loss
        return cls(np.inf if loss is None else loss, start.best_epoch, start.epoch)

    def look_at(self, epoch: Epoch) -> bool:
        """Take note of an epoch; return whether it is one that was trained."""
        if epoch.number > self.since and epoch.validation_loss < self.loss:
            self.loss, self.epoch = epoch.validation_loss, epoch.number
        return epoch.number > self.since


def _walk(
    train: Rows | PartOnDisk,
    validation: Rows | PartOnDisk,
    settings: Train,
    start: Start | None,
    programs: Programs,
) -> Iterator[tuple[Epoch, Floats]]:
    """Yield every epoch, and the state that it left."""
    if isinstance(train, Rows) and isinstance(validation, Rows):
        return _in_memory(train, validation, settings, start, programs)
    if start or isinstance(train, Rows) or isinstance(validation, Rows):
        raise UserError(f"a run on a table that does not fit into memory cannot go on from another; {RANDOM}")
    device = find_device(settings.device)
    return descend_in_blocks(train, validation, settings, layers(settings.model, train.inputs), device, programs)


def _in_memory(
    train: Rows, validation: Rows, settings: Train, start: Start | None, programs: Programs
) -> Iterator[tuple[Epoch, Floats]]:
    rows, features = train.features.shape
    device = find_device(settings.device)
    layout = layers(settings.model, features)
    keeper = PathKeeper.of(settings, start, rows)
    if start:
        state, number, used = start.state, start.epoch, start.rows
    else:
        state, number, used = initial_state(layout, settings.seed), 0, 0
    weights = state[: size_of(layout)]
    with np.errstate(over="ignore", invalid="ignore"):
        losses = [
            mean_loss(settings.loss, part.target, predict(layout, weights, part.features))
            for part in (train, validation)
        ]
        first = first_epoch(number, losses, weights)
    if start and first.diverged:
        raise UserError(f"{START} holds weights whose predictions are too large to compute with; {INSTEAD}")
    yield first, state
    program = programs(settings.template, rows, features, device)
    tables = program.tables(train, validation)
    orders = row_orders(rows, settings.seed, number)
    if start and used:
        order, number = next(orders)[used:], number + 1
        rest = programs(settings.template, len(order), features, device)
        rates = learning_rates(settings, np.array([number]))
        _, validation_loss, path, batch_losses, state = run_once(rest, state, tables, order, rates)
        loss, loss_rows = _loss_so_far(start, settings)
        training_loss = sum_of_losses(loss, batch_losses, settings.batch_size, len(order)) / (loss_rows + len(order))
        kept = keeper.take(path, len(batch_losses))
        yield epoch_of(number, training_loss, validation_loss, kept, batch_losses), state
    while number < settings.epochs:
        count = min(program.epochs_at_once, settings.epochs - number)
        numbers = number + 1 + np.arange(count)
        order = np.stack(list(islice(orders, count)))
        rates = learning_rates(settings, numbers)
        for training_loss, validation_loss, path, batch_losses, left in program.run(state, tables, order, rates):
            number += 1
            kept = keeper.take(path, program.updates)
            yield epoch_of(number, training_loss, validation_loss, kept, batch_losses), left
        state = left


def _loss_so_far(start: Start | None, settings: Train) -> tuple[float, int]:
    """The losses of an epoch under way and how many rows they are of; losses of another kind are left out."""
    return (start.loss, start.loss_rows) if start and start.measured_as == settings.loss else (0.0, 0)
