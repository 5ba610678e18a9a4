"""Where the processes of a run meet before it begins, and how each learns that another has ended."""

import json
import os
import select
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any, Final, NoReturn

from pipeline.safety.errors import UserError
from pipeline.safety.stage import stop_if_orphaned
from pipeline.training.cluster import Cluster

PATIENCE: Final = 120.0
"""In seconds: how long those who have come wait for the others."""
_MOMENT: Final = 0.5
_MAX_LENGTH: Final = 2**20
_BEAT: Final = 5.0
"""In seconds: how often each process says that it is alive."""
_SILENCE: Final = 40.0
"""In seconds: after so long without a word, a process that was stopped or cannot be reached is given up."""
_AGAIN: Final = "nothing was written; start all of them again"

Facts = Mapping[str, str]


class _Line:
    """A connection on which each message is a line of JSON."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.rest = b""

    @property
    def has_more(self) -> bool:
        """Whether another message has come together with the last one."""
        return b"\n" in self.rest

    def send(self, **message: Any) -> None:
        """Send a message, unless the other side has ended."""
        with suppress(OSError):
            self.connection.sendall(json.dumps(message).encode() + b"\n")

    def receive(self, seconds: float | None = None) -> dict[str, Any]:
        """Wait for a message; an empty one stands for the end of the other side, or for what is none in so long."""
        with suppress(OSError, ValueError):
            self.connection.settimeout(seconds)
            while not self.has_more and len(self.rest) < _MAX_LENGTH:
                if not (piece := self.connection.recv(2**16)):
                    return {}
                self.rest += piece
            text, _, self.rest = self.rest.partition(b"\n")
            message = json.loads(text)
            return message if isinstance(message, dict) else {}
        return {}


@contextmanager
def meeting(cluster: Cluster, facts: Facts, patience: float = PATIENCE) -> Iterator["Watch"]:
    """Wait until all processes of the cluster are there, with the same facts; then watch over them.

    Raises `UserError` where this one cannot listen, another does not come within `patience` seconds, or its facts
    differ from the chief's.
    """
    deadline = time.monotonic() + patience
    with ExitStack() as stack:
        try:
            door = socket.create_server(("", cluster.port), backlog=cluster.size)
        except OSError as error:
            raise UserError(
                f"port {cluster.port}, which TF_CONFIG gives to {cluster.name(cluster.number)}, cannot be used: "
                f"{os.strerror(error.errno or 0)}; end the process that uses it, or choose another port"
            ) from None
        with door:  # then TensorFlow listens there
            meet = _wait_for_all if cluster.is_chief else _go_to_chief
            lines = meet(stack, door, cluster, facts, deadline)
        watch = Watch(cluster, lines)
        try:
            yield watch
        finally:
            watch.leave()


def _wait_for_all(
    stack: ExitStack, door: socket.socket, cluster: Cluster, facts: Facts, deadline: float
) -> dict[int, _Line]:
    lines: dict[int, _Line] = {}
    others: dict[int, Facts] = {}
    try:
        while missing := [number for number in range(1, cluster.size) if number not in lines]:
            if not _is_ready(door, deadline):
                break
            line = _Line(stack.enter_context(closing(door.accept()[0])))
            said = line.receive(seconds=10 * _MOMENT)
            number, theirs = said.get("number"), said.get("facts")
            if number in missing and isinstance(theirs, dict):
                lines[number], others[number] = line, theirs
            else:  # a stranger
                line.connection.close()
        for number, theirs in others.items():  # after all have come, so that each of them hears of it
            _compare(cluster.name(number), theirs, facts)
        if missing:
            names = " and ".join(map(cluster.name, missing))
            raise UserError(f"{names} did not come in time: start each with the cluster of TF_CONFIG")
    except UserError as error:
        for line in lines.values():
            line.send(problem=str(error))
        raise
    for line in lines.values():
        line.send(begin=True)
    return lines


def _compare(name: str, theirs: Facts, ours: Facts) -> None:
    for fact in ours:
        if theirs.get(fact) != ours[fact]:
            raise UserError(
                f"{name} has another {fact} than the chief ({theirs.get(fact)!s:.20}, not {ours[fact]:.20}): "
                "give all processes the same settings, data and packages"
            )


def _go_to_chief(
    stack: ExitStack, _door: socket.socket, cluster: Cluster, facts: Facts, deadline: float
) -> dict[int, _Line]:
    host, _, port = cluster.addresses[0].rpartition(":")
    connection = None
    while connection is None:
        stop_if_orphaned()
        with suppress(OSError):
            connection = socket.create_connection((host, int(port)), timeout=_MOMENT)
            if connection.getsockname() == connection.getpeername():  # a port of its own that nobody listens at
                connection.close()
                connection = None
        if connection is None:
            if time.monotonic() > deadline:
                raise UserError(f"{cluster.name(0)} did not answer in time: start it with the cluster of TF_CONFIG")
            time.sleep(_MOMENT / 5)
    line = _Line(stack.enter_context(closing(connection)))
    line.send(number=cluster.number, facts=dict(facts))
    _is_ready(connection, None)
    said = line.receive()
    if not said.get("begin"):
        raise UserError(str(said.get("problem", f"{cluster.name(0)} has ended; {_AGAIN}")))
    return {0: line}


def _is_ready(waiting: socket.socket, deadline: float | None) -> bool:
    """Wait until something came from the other side; return whether it did before the deadline."""
    while not select.select([waiting], [], [], _MOMENT)[0]:
        stop_if_orphaned()
        if deadline is not None and time.monotonic() > deadline:
            return False
    return True


class Watch:
    """Ends this process with one sentence as soon as another one ends before the run is over."""

    def __init__(self, cluster: Cluster, lines: dict[int, _Line]) -> None:
        self.cluster = cluster
        self.lines = lines
        self.needs_others = True
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        threading.Thread(target=self._speak, daemon=True).start()

    def finish(self) -> None:
        """Return when all processes have come to the end of the run, as this one has."""
        if not self.cluster.is_chief:
            self.needs_others = False
            self.lines[0].send(done=True)
        while not self.over.wait(_MOMENT):
            stop_if_orphaned()

    def explain(self, problem: str) -> NoReturn:
        """Give the watch the time to say who has ended, and end this process. Raises `UserError` where none has."""
        time.sleep(_SILENCE + _BEAT)
        raise UserError(f"the processes lost each other ({problem}); {_AGAIN}")

    def leave(self) -> None:
        """Stop watching, and let the others see that this process is no longer there."""
        self.needs_others = False
        for line in self.lines.values():
            with suppress(OSError):
                line.connection.shutdown(socket.SHUT_RDWR)
        self.thread.join()

    def _watch(self) -> None:
        heard = dict.fromkeys(self.lines, time.monotonic())
        while heard:
            for number in self._ready(heard):
                said = self.lines[number].receive()
                heard[number] = time.monotonic()
                if said.get("alive"):
                    continue
                if self.needs_others and not said.get("done"):
                    self._end(str(said.get("problem", f"{self.cluster.name(number)} has ended; {_AGAIN}")))
                del heard[number]
            for number, moment in heard.items():
                if self.needs_others and time.monotonic() - moment > _SILENCE:
                    self._end(f"{self.cluster.name(number)} has said nothing for {_SILENCE:.0f} seconds; {_AGAIN}")
        self._tell_all(done=True)
        self.over.set()

    def _ready(self, numbers: Iterable[int]) -> list[int]:
        """Wait for a message, but not for ever; return from which processes there is one."""
        if more := [number for number in numbers if self.lines[number].has_more]:
            return more
        found, _, _ = select.select([self.lines[number].connection for number in numbers], [], [], _BEAT)
        return [number for number in numbers if self.lines[number].connection in found]

    def _speak(self) -> None:
        while not self.over.wait(_BEAT):
            self._tell_all(alive=True)

    def _tell_all(self, **message: Any) -> None:
        for line in self.lines.values():
            line.send(**message)

    def _end(self, problem: str) -> NoReturn:
        self._tell_all(problem=problem)
        print(f"error: {problem}", file=sys.stderr, flush=True)
        os._exit(1)  # the main thread may wait in TensorFlow for ever
