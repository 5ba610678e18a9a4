"""The same arguments give the same bits, whoever trains, how often, in which chunks and beside whom."""

import hashlib
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import pytest

from pipeline.params import Train
from pipeline.record.runs import Epoch
from pipeline.record.store import ROOT
from pipeline.safety.schema import six_digits
from pipeline.tables.preparation import PreparedData
from pipeline.training import descent, program
from tests.defaults import train
from tests.projects import Project

FRESH_PROCESS = """
import numpy as np
from pipeline import params
from pipeline.record.store import Store
from pipeline.tables.scaling import Scaling
from pipeline.training.exports import keras_file
from tests.pipeline.training.test_descent_bits import of_run

keras_file("linear", np.zeros(2, np.float32), Scaling.none(1))  # a model in float32 must not turn later ones into it
print(of_run(Store().read_normalized(), params.load().train))
"""


def fingerprint(epochs: Iterable[Epoch]) -> str:
    """Hash the number, the losses in float64 and the weights in float32 of every epoch."""
    digest = hashlib.sha256()
    for epoch in epochs:
        digest.update(np.array([epoch.number, epoch.training_loss, epoch.validation_loss]).tobytes())
        digest.update(epoch.weights.tobytes())
    return digest.hexdigest()


def of_run(data: PreparedData, settings: Train) -> str:
    """Train to the end and hash it."""
    return fingerprint(epochs(data, settings))


@pytest.fixture(scope="module")
def once(boston: PreparedData) -> str:
    """The bits of the default run."""
    return of_run(boston, train())


def epochs(data: PreparedData, settings: Train) -> Iterator[Epoch]:
    """Descend on the training rows."""
    return descent.descend(data.part("train"), data.part("validation"), settings)


def test_a_run_that_diverged_or_was_left_in_the_middle_leaves_nothing_behind(boston: PreparedData, once: str) -> None:
    list(epochs(boston, train(learning_rate=1.0)))
    next(epochs(boston, train(seed=9)))
    assert of_run(boston, train()) == once


@pytest.mark.parametrize("at_once", [1, 3, 200])
def test_chunks_of_any_length_have_the_same_bits_and_carry_momentum_on(
    boston: PreparedData, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    settings = train(momentum=0.9, epochs=20)
    in_one_go = of_run(boston, settings)
    monkeypatch.setattr(program, "MAX_EPOCHS_AT_ONCE", at_once)
    monkeypatch.setattr(descent, "compiled", lru_cache(program.Program))
    assert of_run(boston, settings) == in_one_go


def test_threads_that_share_a_program_do_not_disturb_each_other(boston: PreparedData, once: str) -> None:
    together = threading.Barrier(2)

    def trained(settings: Train) -> list[str]:
        together.wait()
        return [of_run(boston, settings) for _ in range(5)]

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(trained, [train(), train(seed=1, learning_rate=0.02)])
    assert one == [once] * 5
    assert other == [of_run(boston, train(seed=1, learning_rate=0.02))] * 5


def test_consumers_that_take_turns_do_not_disturb_each_other(boston: PreparedData, once: str) -> None:
    mine: list[Epoch] = []
    theirs: list[Epoch] = []
    for one, other in zip(epochs(boston, train()), epochs(boston, train(seed=1)), strict=True):
        mine.append(one)
        theirs.append(other)
    assert fingerprint(mine) == once
    assert fingerprint(theirs) == of_run(boston, train(seed=1))


def test_a_fresh_process_has_the_same_bits_even_after_it_exported_a_model(recorded: Project, once: str) -> None:
    assert recorded.python("-c", FRESH_PROCESS, PYTHONPATH=str(ROOT)).stdout.strip() == once


def test_what_is_recorded_is_what_is_trained_here(recorded: Project, boston: PreparedData) -> None:
    there = recorded.store.read_run()
    here = list(epochs(boston, train()))
    assert there.weights.tobytes() == b"".join(epoch.weights.tobytes() for epoch in here)
    assert there.history["training_loss"].tolist() == [six_digits(epoch.training_loss) for epoch in here]
    assert there.history["validation_loss"].tolist() == [six_digits(epoch.validation_loss) for epoch in here]


def test_weights_that_were_yielded_do_not_change_afterwards(boston: PreparedData) -> None:
    running = epochs(boston, train())
    first = next(running)
    kept = first.weights.copy()
    list(running)
    np.testing.assert_array_equal(first.weights, kept)
