"""A process that trains for the dashboard: it receives commands and sends events through its standard input, a pipe.

In: `warm` (train, rows, validation_rows, features), `train` (plan, delay), `sweep` (plan), `delay` (seconds), `stop`.
Out: `ready`; `running`, `epochs` or `swept`, `done`; `error` (command, message). The end of its input ends the process
at once, so no worker outlives its server; and it ends itself when it takes too much memory.
"""

import os
import queue
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final

from pipeline.safety.errors import UserError

MAX_MEMORY: Final = 2_000
"""In MB: TensorFlow keeps what it has compiled."""

Message = dict[str, Any]


class Control:
    """What can change during a run: it can be stopped, or slowed down."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._delay = 0.0
        self.stopped = False

    def stop(self) -> None:
        """End the run before its next epoch."""
        with self._changed:
            self.stopped = True
            self._changed.notify()

    def slow_down(self, seconds: float) -> None:
        """Wait `seconds` before each further epoch, including the next one."""
        with self._changed:
            self._delay = seconds
            self._changed.notify()

    def go_on(self) -> bool:
        """Wait as long as an epoch has to last; return whether there is to be another."""
        began = time.monotonic()
        with self._changed:
            while not self.stopped and (left := began + self._delay - time.monotonic()) > 0:
                self._changed.wait(left)
            return not self.stopped


class Inbox:
    """The waiting commands. Every run has its own control, so a late `stop` never stops the next run."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[Message, Control]] = queue.SimpleQueue()
        self._control = Control()

    def listen(self, pipe: Connection) -> None:
        """Receive commands until the input ends, then end the process, even in the middle of a compilation."""
        try:
            while True:
                self._take(pipe.recv())
        finally:
            if folder := os.environ.get("SGD_WORKER_FOLDER"):  # a server that was killed cannot take it away
                shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)

    def next(self) -> tuple[Message, Control]:
        """Wait for a command. Of several programs to compile in advance, only the last matters."""
        command, control = self._waiting.get()
        while command["command"] == "warm" and not self._waiting.empty():
            command, control = self._waiting.get()
        return command, control

    def _take(self, message: Message) -> None:
        match message["command"]:
            case "stop":
                self._control.stop()
            case "delay":
                self._control.slow_down(message["seconds"])
            case _:
                self._control = Control()
                self._control.slow_down(message.get("delay", 0.0))
                self._waiting.put((message, self._control))


def main() -> None:
    """Serve one server until it ends."""
    os.nice(10)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C in the server's terminal reaches this process too
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # leave room on a GPU for another worker and for DVC
    pipe = Connection(0)
    inbox = Inbox()
    threading.Thread(target=inbox.listen, args=(pipe,), daemon=True).start()
    import dashboard.live.trials  # noqa: F401  it brings TensorFlow, which takes seconds in which the input may end

    _say(pipe, {"event": "ready"})
    while True:
        command, control = inbox.next()
        exhausted = False
        os.makedirs(tempfile.gettempdir(), exist_ok=True)  # TensorFlow writes there; it may have been tidied away
        try:
            _obey(command, control, pipe)
        except UserError as error:
            _say(pipe, _problem(command, str(error)))
        except MemoryError:
            exhausted = True
            problem = "memory ran out; train fewer epochs or larger batches, or close other programs"
            _say(pipe, _problem(command, problem))
        except Exception as error:
            traceback.print_exc()
            _say(pipe, _problem(command, f"the training failed ({type(error).__name__}: {error})"))
        if exhausted or _memory() > MAX_MEMORY:
            os._exit(0)


def _obey(command: Message, control: Control, pipe: Connection) -> None:
    from dashboard.live import sweeping, trials

    match command["command"]:
        case "warm":
            sizes = {name: command[name] for name in ("rows", "validation_rows", "features")}
            trials.warm(command["train"], **sizes)
        case "train":
            for event in trials.events(command["plan"], control.go_on):
                _say(pipe, event)
        case "sweep":
            for event in sweeping.events(command["plan"], control.go_on):
                _say(pipe, event)


def _problem(command: Message, message: str) -> Message:
    return {"event": "error", "command": command["command"], "message": " ".join(message.split())}


def _say(pipe: Connection, event: Message) -> None:
    with suppress(OSError):  # the server is gone: the end of input ends this process, and tidies up
        pipe.send(event)


def _memory() -> int:
    """The largest memory of this process so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1_000_000 if sys.platform == "darwin" else 1_000)


if __name__ == "__main__":
    main()
