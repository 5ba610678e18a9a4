"""A process that trains for the dashboard: it receives commands and sends events through its standard input, a pipe.

In: `warm` (plan), `train` (plan, delay), `sweep` (plan), `delay` (seconds), `stop`.
Out: `ready`; `running`, `epochs` or `swept`, `done`; `error` (command, message); `idle` (grown).
"""

import os
import queue
import signal
import tempfile
import threading
import time
import traceback
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final

import psutil

from pipeline.processes import listen
from pipeline.safety.errors import UserError

MAX_MEMORY: Final = 2_000
"""In MB: TensorFlow keeps what it has compiled."""

Message = dict[str, Any]


class Inbox:
    """The waiting commands, and what can change during a run: it can be stopped, or slowed down."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._delay = 0.0
        self._stopped = False

    def take(self, message: Message) -> None:
        """Put a command into the queue, or follow it at once where it changes the run under way."""
        with self._changed:
            match message["command"]:
                case "stop":
                    self._stopped = True
                case "delay":
                    self._delay = message["seconds"]
                case _:
                    self._stopped, self._delay = False, message.get("delay", 0.0)
                    self._waiting.put(message)
            self._changed.notify()

    def next(self) -> Message:
        """Wait for a command. Of several programs to compile in advance, only the last matters."""
        command = self._waiting.get()
        while command["command"] == "warm" and not self._waiting.empty():
            command = self._waiting.get()
        return command

    def go_on(self) -> bool:
        """Wait as long as an epoch has to last; return whether there is to be another."""
        began = time.monotonic()
        with self._changed:
            while not self._stopped and (left := began + self._delay - time.monotonic()) > 0:
                self._changed.wait(left)
            return not self._stopped


def main() -> None:
    """Serve one server until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C in the server's terminal reaches this process too
    inbox = Inbox()
    pipe = listen(inbox.take)
    import dashboard.live.trials  # noqa: F401  it brings TensorFlow, which takes seconds in which the input may end

    _say(pipe, {"event": "ready"})
    while True:
        command, exhausted = inbox.next(), False
        os.makedirs(tempfile.gettempdir(), exist_ok=True)  # TensorFlow writes there; it may have been tidied away
        try:
            for event in _obey(command, inbox):
                _say(pipe, event)
        except Exception as error:
            exhausted = isinstance(error, MemoryError)
            _say(pipe, {"event": "error", "command": command["command"], "message": _sentence(error)})
        _say(pipe, {"event": "idle", "grown": exhausted or _memory() > MAX_MEMORY})


def _obey(command: Message, inbox: Inbox) -> Iterable[Message]:
    from dashboard.live import trials

    match command["command"]:
        case "warm":
            trials.get_ready(command["plan"])
            return ()
        case "train":
            return trials.events(command["plan"], inbox.go_on)
        case _:
            return trials.sweep_events(command["plan"], inbox.go_on)


def _sentence(error: Exception) -> str:
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, MemoryError):
        return "memory ran out; train fewer epochs or larger batches, or close other programs"
    traceback.print_exc()
    return f"the training failed ({type(error).__name__}: {' '.join(str(error).split())})"


def _say(pipe: Connection, event: Message) -> None:
    with suppress(OSError):  # the server is gone: the end of input ends this process, and tidies up
        pipe.send(event)


def _memory() -> int:
    """The memory of this process, in MB. Its peak would not do: Linux counts what the server once took to it."""
    return int(psutil.Process().memory_info().rss) // 1_000_000


if __name__ == "__main__":
    main()
