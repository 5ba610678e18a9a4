"""A process that carries out chunks of runs: it receives the rows once, then chunks, through its standard input.

For each chunk it sends back the outcomes, or a `UserError`. It ends with the sweep.
"""

import signal
import traceback
from queue import SimpleQueue
from typing import Any

from pipeline.processes import listen
from pipeline.safety.errors import UserError


def main() -> None:
    """Serve one sweep until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the sweep too, which then ends this process
    inbox: SimpleQueue[Any] = SimpleQueue()
    pipe = listen(inbox.put)
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


if __name__ == "__main__":
    main()
