"""Who shares a run, whether it pays, and how the processes meet and part, all without TensorFlow."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.network.layers import Layer
from pipeline.record.store import ROOT
from pipeline.safety.errors import UserError
from pipeline.training.cluster import ANYWAY, Cluster
from pipeline.training.meeting import meeting
from tests.defaults import defaults
from tests.pipeline.training.machines import addresses, config

LINEAR = (Layer("output", 12, 1, "linear"),)
THREE = {"worker": ["a:1", "b:2", "c:3"]}


def of(monkeypatch: pytest.MonkeyPatch, text: str) -> Cluster | None:
    monkeypatch.setenv("TF_CONFIG", text)
    return Cluster.of_environment()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "TF_CONFIG is not valid (the whole is '{': invalid json"),
        ('{"task": {"type": "worker", "index": 0}}', "TF_CONFIG is not valid (cluster: field required); expected {"),
        (json.dumps({"cluster": {"ps": ["a:1"]}}), "(cluster.ps is ['a:1']: extra inputs are not permitted)"),
        (json.dumps({"cluster": THREE}), "(task: field required)"),
        (config(["a:1", "b:2"], 2), "says that this is worker 2, but names 2 of this type: the first has the index 0"),
        (config(["a:1", "b"], 0), "TF_CONFIG names 'b'; expected a host and a port of its own"),
        (config(["a:1", "b:99999"], 0), "TF_CONFIG names 'b:99999'"),
        (config(["a:1", "a:1"], 0), "TF_CONFIG names 'a:1'"),
    ],
)
def test_a_config_that_names_no_cluster_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    with pytest.raises(UserError) as refused:
        of(monkeypatch, text)
    assert message in str(refused.value)


def test_the_chief_comes_first_and_who_is_named_alone_trains_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    two = {"chief": ["a:1"], "worker": ["b:2", "c:3"]}
    for task, number in ((("chief", 0), 0), (("worker", 0), 1), (("worker", 1), 2)):
        text = json.dumps({"cluster": two, "task": {"type": task[0], "index": task[1]}, "environment": "cloud"})
        assert of(monkeypatch, text) == Cluster(("a:1", "b:2", "c:3"), number)
    for alone in ("", "{}", config(["a:1"], 0)):
        assert of(monkeypatch, alone) is None


@pytest.mark.parametrize("rows", [1, 2, 40, 41, 50_000])
@pytest.mark.parametrize("size", [2, 3])
def test_the_shares_of_a_batch_are_all_of_it_and_as_large_as_each_other(rows: int, size: int) -> None:
    cut = [list(range(rows))[Cluster(("a:1",) * size, number).share(rows)] for number in range(size)]
    assert [row for part in cut for row in part] == list(range(rows))
    assert max(map(len, cut)) - min(map(len, cut)) <= 1


def test_a_batch_too_small_to_be_shared_is_refused_with_the_estimate_unless_anyway(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two = Cluster(("a:1", "b:2"), 0)
    monkeypatch.setattr(sys, "argv", ["train"])
    with pytest.raises(UserError, match=r"^2 processes would be 250 times slower than one") as refused:
        two.check_gain(40, LINEAR)
    assert f"error: {refused.value}\n" in (ROOT / "docs" / "scaling.md").read_text()
    two.check_gain(1_000_000, LINEAR)
    two.check_gain(40_000, (Layer("hidden", 100, 50, "sigmoid"), Layer("output", 50, 1, "linear")))
    monkeypatch.setattr(sys, "argv", ["train", ANYWAY])
    two.check_gain(40, LINEAR)


def test_settings_are_those_of_params_yaml_or_of_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    two = Cluster(("a:1", "b:2"), 0)
    words = (
        "--model linear --loss mse --learning_rate 0.5 --schedule constant --decay_epochs 1 --momentum 0.0 --nesterov"
    )
    words += " --batch_size 40 --epochs 3 --seed 0 --early_stopping_patience 0 --device auto"
    monkeypatch.setattr(sys, "argv", ["train", ANYWAY, *words.split()])
    assert (two.settings().learning_rate, two.settings().nesterov) == (0.5, True)
    monkeypatch.setattr(sys, "argv", ["train", ANYWAY])
    monkeypatch.setattr("pipeline.params.load", defaults)
    assert two.settings() == defaults().train


def outcome(cluster: Cluster, facts: Mapping[str, str] | None = None, patience: float = 60) -> str:
    """Meet the others, come to the end, and say how it went."""
    try:
        with meeting(cluster, facts or {}, patience) as watch:
            watch.finish()
    except UserError as error:
        return str(error)
    return "finished"


def outcomes(names: list[str], *facts: Mapping[str, str]) -> list[str]:
    """How it went for each of some processes, here threads."""
    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(outcome, [Cluster(tuple(names), number) for number in range(len(names))], facts))


def test_processes_that_hold_the_same_meet_and_part_and_the_ports_are_free_again() -> None:
    three = addresses(3)
    same = {"train.seed": "0"}
    assert outcomes(three, same, same, same) == ["finished"] * 3
    assert outcomes(three, same, same, same) == ["finished"] * 3


def test_who_holds_something_else_is_named_to_all() -> None:
    three = addresses(3)
    said = outcomes(three, {"train.seed": "0"}, {"train.seed": "0"}, {"train.seed": "1"})
    problem = (
        f"worker 2 at {three[2]} has another train.seed than the chief (1, not 0): "
        "give all processes the same settings, data and packages"
    )
    assert said == [problem] * 3


def test_who_holds_something_else_is_named_though_another_never_comes() -> None:
    three = tuple(addresses(3))
    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(outcome, Cluster(three, 1), {"train.seed": "1"})
        said = outcome(Cluster(three, 0), {"train.seed": "0"}, patience=5)
    assert said.startswith(f"worker 1 at {three[1]} has another train.seed than the chief (1, not 0)")
    assert worker.result() == said


def test_who_does_not_come_is_named_by_those_who_wait() -> None:
    two = addresses(2)
    chief, worker = Cluster(tuple(two), 0), Cluster(tuple(two), 1)
    end = "in time: start it with the cluster of TF_CONFIG"
    assert outcome(chief, patience=0.1).startswith(f"worker 1 at {two[1]} did not come {end[:8]}")
    assert outcome(worker, patience=0.1) == f"the chief at {two[0]} did not answer {end}"
    with socket.create_server(("", chief.port)):
        assert outcome(chief) == (
            f"port {chief.port}, which TF_CONFIG gives to the chief at {two[0]}, cannot be used: "
            "Address already in use; end the process that uses it, or choose another port"
        )


def test_a_stranger_who_knocks_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.training.meeting._MOMENT", 0.02)
    two = addresses(2)
    with ThreadPoolExecutor(1) as pool:
        chief = pool.submit(outcome, Cluster(tuple(two), 0))
        for words in (b"GET / HTTP/1.1\r\n\r\n", b"[]\n", b'{"number": 0}\n', b'{"number": [1]}\n', b""):
            while True:
                try:
                    stranger = socket.create_connection(("127.0.0.1", Cluster(tuple(two), 0).port))
                    break
                except ConnectionRefusedError:
                    pass
            with stranger:
                stranger.sendall(words)
                assert stranger.recv(1) == b""
        assert outcome(Cluster(tuple(two), 1)) == "finished"
        assert chief.result() == "finished"


WAIT = """
import sys, threading
from pipeline.training import meeting
from pipeline.training.cluster import Cluster
meeting._BEAT, meeting._SILENCE = 0.5, 8.0
with meeting.meeting(Cluster(tuple(sys.argv[2:]), int(sys.argv[1])), {}):
    print("met", flush=True)
    threading.Event().wait()
"""


@pytest.mark.parametrize(
    ("lost", "processes", "by", "said"),
    [
        (0, 2, signal.SIGKILL, "the chief at {} has ended"),
        (1, 3, signal.SIGKILL, "worker 1 at {} has ended"),
        (1, 2, signal.SIGSTOP, "worker 1 at {} has said nothing for 8 seconds"),
    ],
)
def test_a_process_that_is_killed_or_stopped_ends_the_others_with_one_sentence(
    lost: int, processes: int, by: signal.Signals, said: str
) -> None:
    names = addresses(processes)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WAIT, str(number), *names], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for number in range(processes)
    ]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == b"met\n"
    first = running.pop(lost)
    first.send_signal(by)
    for process in running:
        _, error = process.communicate(timeout=60)
        assert error.decode() == f"error: {said.format(names[lost])}; nothing was written; start all of them again\n"
        assert process.returncode == 1
    first.kill()
    first.communicate()
