"""Training on a table that does not fit into memory: its blocks are read ahead, shuffled, and descended on in turn."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.arrays import Floats
from pipeline.network.initial import initial_state
from pipeline.network.layers import Layer, predict, size_of
from pipeline.network.losses import LOSSES
from pipeline.network.sgd import learning_rates
from pipeline.params import Train
from pipeline.record.runs import Epoch
from pipeline.safety.stage import while_wanted
from pipeline.tables.blocks import PartOnDisk
from pipeline.tables.preparation import Rows
from pipeline.training.epochs import PathKeeper, epoch_of, first_epoch, sum_of_losses
from pipeline.training.program import Programs, run_once

Item = TypeVar("Item")

WINDOW: Final = 2**23
"""How many numbers of the inputs are in memory and shuffled at a time: 699,000 rows of 12."""


def descend_in_blocks(
    train: PartOnDisk,
    validation: PartOnDisk,
    settings: Train,
    layout: Sequence[Layer],
    device: str,
    programs: Programs,
) -> Iterator[tuple[Epoch, Floats]]:
    """Yield every epoch, and the state that it left, as a run in memory does: of one block, the same to the last digit.

    In each epoch the blocks are taken in a new random order, and as many as fill a window are shuffled together: rows
    of one window meet in any batch, rows of different windows of an epoch do not.
    """
    parameters = size_of(layout)
    state = initial_state(layout, settings.seed)
    keeper = PathKeeper.of(settings, None, train.rows)
    losses = [mean_loss_in_blocks(settings.loss, layout, state, part) for part in (train, validation)]
    yield first_epoch(0, losses, state), state
    generator = np.random.default_rng(settings.seed)
    size = max(WINDOW // train.inputs // settings.batch_size, 1) * settings.batch_size
    for number in range(1, settings.epochs + 1):
        rate, total, done, kept = learning_rates(settings, np.array([number])), 0.0, 0, []
        for rows, order in while_wanted(read_ahead(windows(train, size, generator))):
            program = programs(settings.template, len(order), train.inputs, device)
            some = Rows(rows.features[:1], rows.target[:1])  # the program validates itself; here that is done below
            tables = program.tables(rows, some)
            _, _, path, batch_losses, state = run_once(program, state, tables, order, rate)
            total = sum_of_losses(total, batch_losses, settings.batch_size, len(order))
            done += len(order)
            kept.append(keeper.take(path, len(batch_losses), ends_epoch=done == train.rows))
        validation_loss = mean_loss_in_blocks(settings.loss, layout, state[:parameters], validation)
        weights, after = (np.concatenate(each) for each in zip(*kept, strict=True))
        yield epoch_of(number, total / train.rows, validation_loss, (weights, after)), state


def windows(part: PartOnDisk, size: int, generator: np.random.Generator) -> Iterator[tuple[Rows, NDArray[np.int64]]]:
    """Read every row once, `size` rows at a time, each window with a random order (rows,) of its own.

    The last window has what is left. Of a part that is one block and fits into a window, the order is that of
    `row_orders`.
    """
    waiting: list[Rows] = []
    for block in part.each(generator.permutation(part.blocks)):
        if len(block.target):
            waiting.append(block)
        while sum(len(rows.target) for rows in waiting) >= size:
            rows = _joined(waiting)
            window, rest = Rows(rows.features[:size], rows.target[:size]), len(rows.target) - size
            waiting = [Rows(rows.features[size:].copy(), rows.target[size:].copy())] if rest else []
            yield window, generator.permutation(size)
    if waiting:
        rows = _joined(waiting)
        yield rows, generator.permutation(len(rows.target))


def read_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Pass the items on, while a thread gets the next one."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = reader.submit(next, items, None)
            yield item


def mean_loss_in_blocks(loss: str, layout: Sequence[Layer], weights: Floats, part: PartOnDisk) -> float:
    """The mean of a loss over all rows of a part, with these weights (parameters,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        sums = [
            float(np.sum(LOSSES[loss].value(predict(layout, weights, rows.features) - rows.target)))
            for rows in read_ahead(part.each())
        ]
        return float(np.sum(sums)) / part.rows


def _joined(blocks: Sequence[Rows]) -> Rows:
    return Rows(np.concatenate([rows.features for rows in blocks]), np.concatenate([rows.target for rows in blocks]))
