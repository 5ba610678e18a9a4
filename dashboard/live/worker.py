"""A process that trains for the dashboard: it reads commands and writes events, one JSON object per line.

In: `warm` (train, rows, validation_rows, features), `train` (a plan and a delay), `sweep` (a sweep and a delay),
`delay` (seconds), `stop`. Out: `ready`; `running`, `epochs` or `swept`, `done`; `stopped` where there is nothing to
show; `error` (command, message); after every command `idle` (memory, and whether it is exhausted). The end of
its input ends the process at once, so no worker outlives its server.
"""

import json
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
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, BinaryIO

from dashboard.live.plans import Plan, encode, section
from dashboard.live.sweep_plans import SweepPlan
from pipeline.params import Train
from pipeline.safety.errors import UserError

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

    def listen(self, lines: Iterable[bytes]) -> None:
        """Read commands until the input ends, then end the process, even in the middle of a compilation."""
        try:
            for line in lines:
                self._take(json.loads(line))
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
            case "train" | "sweep":
                self._control = Control()
                self._control.slow_down(message["delay"])
                self._waiting.put((message, self._control))
            case _:
                self._waiting.put((message, Control()))


def main() -> None:
    """Serve one server until it ends."""
    os.nice(10)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C in the server's terminal reaches this process too
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # leave room on a GPU for another worker and for DVC
    out = _keep_output()
    inbox = Inbox()
    threading.Thread(target=inbox.listen, args=(sys.stdin.buffer,), daemon=True).start()
    import dashboard.live.trials  # noqa: F401  it brings TensorFlow, which takes seconds in which the input may end

    _say(out, {"event": "ready"})
    while True:
        command, control = inbox.next()
        exhausted = False
        os.makedirs(tempfile.gettempdir(), exist_ok=True)  # TensorFlow writes there; it may have been tidied away
        try:
            _obey(command, control, out)
        except UserError as error:
            _say(out, _problem(command, str(error)))
        except MemoryError:
            exhausted = True
            _say(
                out, _problem(command, "memory ran out; train fewer epochs or larger batches, or close other programs")
            )
        except Exception as error:
            traceback.print_exc()
            _say(out, _problem(command, f"the training failed ({type(error).__name__}: {error})"))
        _say(out, {"event": "idle", "memory": _memory(), "exhausted": exhausted})


def _obey(command: Message, control: Control, out: BinaryIO) -> None:
    from dashboard.live import sweeping, trials

    match command["command"]:
        case "warm":
            sizes = {name: command[name] for name in ("rows", "validation_rows", "features")}
            trials.warm(section(Train, command["train"]), **sizes)
        case "train":
            plan = Plan.from_message(command)
            for event in [{"event": "stopped"}] if control.stopped else trials.events(plan, control.go_on):
                _say(out, event)
        case "sweep":
            for event in sweeping.events(SweepPlan.from_message(command), control.go_on):
                _say(out, event)


def _problem(command: Message, message: str) -> Message:
    return {"event": "error", "command": command["command"], "message": " ".join(message.split())}


def _keep_output() -> BinaryIO:
    """Reserve standard output for events. All other output, that of C code included, goes to standard error."""
    sys.stdout.flush()
    kept = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return kept


def _say(out: BinaryIO, event: Message) -> None:
    with suppress(BrokenPipeError):  # the server is gone: the end of input ends this process, and tidies up
        out.write(encode(event))
        out.flush()


def _memory() -> int:
    """The largest memory of this process so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1_000_000 if sys.platform == "darwin" else 1_000)


if __name__ == "__main__":
    main()
