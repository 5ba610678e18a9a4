"""Every peer of the benchmark that is installed does the same job as the training loop; a process of its own does it.

NumPy and Keras are always installed. The others come with the extra `bench`, and TensorFlow.js with Node.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.training.peers import JAX, NUMPY, OURS, PEERS, SKLEARN, STOCK, TENSORFLOW_JS, TUNED, Peer
from benchmarks.training.process import Answer, Process, running
from benchmarks.training.tasks import Job, Model, Task

ROWS = 203
EPOCHS = 3


def installed(peer: Peer) -> bool:
    try:
        return bool(peer.versions())
    except LookupError:
        return False


COMPARED = [peer for peer in PEERS if peer is not OURS and installed(peer)]


def batch_size(peer: Peer) -> int:
    """The batches in which a peer can do the same steps: scikit-learn knows single rows, and Keras orders its own."""
    return {SKLEARN: 1, STOCK: ROWS}.get(peer, 40)


@pytest.fixture(scope="module")
def ours() -> Iterator[Process]:
    with running(OURS) as process:
        yield process


@pytest.fixture(scope="module", params=COMPARED, ids=lambda peer: peer.name)
def other(request: pytest.FixtureRequest) -> Iterator[Process]:
    with running(request.param) as process:
        yield process


def trained(model: Model, process: Process, batch: int, folder: Path) -> Answer:
    folder.mkdir()
    Task.of(Job(model, ROWS, batch, EPOCHS), EPOCHS).write(folder)
    return process.train(folder)


def test_numpy_and_keras_are_always_compared() -> None:
    assert {NUMPY, STOCK, TUNED} <= set(COMPARED)


@pytest.mark.parametrize("model", ["linear", "one_hidden", "two_hidden"])
def test_a_peer_has_the_losses_and_the_weights_of_our_training_loop(
    ours: Process, other: Process, model: Model, tmp_path: Path
) -> None:
    peer = other.peer
    if peer.only_linear:
        model = "linear"
    batch = batch_size(peer)
    expected = trained(model, ours, batch, tmp_path / "ours")
    found = trained(model, other, batch, tmp_path / "other")
    rounding = 1e-5 if peer is TENSORFLOW_JS else 1e-12
    if found.training_loss is None:
        assert peer is SKLEARN
    else:
        assert found.training_loss == pytest.approx(expected.training_loss, rel=rounding)
    assert found.validation_loss == pytest.approx(expected.validation_loss, rel=rounding)
    assert found.weights == pytest.approx(expected.weights, rel=1e-5, abs=1e-6)
    states = {TUNED: 1, SKLEARN: EPOCHS}
    assert found.states == states.get(peer, expected.states)


def test_later_runs_begin_anew(other: Process, tmp_path: Path) -> None:
    first = trained("linear", other, batch_size(other.peer), tmp_path / "task")
    again = other.train(tmp_path / "task")
    assert again.validation_loss == pytest.approx(first.validation_loss, rel=1e-12)
    assert again.weights == pytest.approx(first.weights, rel=1e-6)
    assert again.states == first.states


def test_the_time_of_our_loop_is_split_into_shares(ours: Process, tmp_path: Path) -> None:
    trained("linear", ours, 40, tmp_path / "task")
    shares = ours.train(tmp_path / "task", profile=True).profile
    assert shares
    assert sum(shares.values()) == pytest.approx(1, abs=0.01)
    assert shares["the compiled program"] > 0


def test_a_peer_that_is_not_there_says_what_is_missing() -> None:
    with pytest.raises(LookupError, match="no-such-package is not installed"):
        Peer("nobody", "nothing", ("no-such-package",)).versions()


def test_a_process_that_dies_says_why(tmp_path: Path) -> None:
    with running(NUMPY) as process, pytest.raises(RuntimeError, match=r"NumPy loop ended with 1:[\s\S]*task\.json"):
        process.train(tmp_path / "nothing")


def test_peers_that_would_take_minutes_do_fewer_epochs_or_none() -> None:
    many = Job("linear", 500_000, 40, 5)
    assert (OURS.epochs(many), JAX.epochs(many), STOCK.epochs(many)) == (5, 5, 1)
    assert STOCK.epochs(Job("linear", 500_000, 1, 1)) == 0
    assert SKLEARN.epochs(Job("one_hidden", 266, 40, 1)) == 0
