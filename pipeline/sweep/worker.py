"""A process that carries out chunks of runs: it receives the rows once, then chunks, through its standard input.

For each chunk it sends back the outcomes, or a `UserError`. The end of its input ends it at once, even in
the middle of a run, so that it never outlives the sweep.
"""

import os
import signal
import threading
import traceback
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from pipeline.safety.errors import UserError


def main() -> None:
    """Serve one sweep until it ends."""
    os.nice(10)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the sweep too, which then ends this process
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # a GPU is shared by all workers
    pipe = Connection(0)
    inbox: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, inbox), daemon=True).start()
    from pipeline.sweep.runs import outcomes  # brings TensorFlow, which takes seconds in which the input may end

    data = inbox.get()
    while True:
        try:
            pipe.send(outcomes(data, inbox.get()))
        except UserError as error:
            pipe.send(error)
        except MemoryError:
            pipe.send(UserError("memory ran out; use fewer --workers, or close other programs"))
        except Exception as error:
            traceback.print_exc()
            pipe.send(UserError(f"a run failed ({type(error).__name__}: {error})"))


def _listen(pipe: Connection, inbox: SimpleQueue[Any]) -> None:
    try:
        while True:
            inbox.put(pipe.recv())
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
