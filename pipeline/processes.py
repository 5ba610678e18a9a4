"""A process of this project that another starts: it hears and answers through its standard input, a pipe both ways."""

import multiprocessing
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, Final

_FOLDER: Final = "SGD_WORKER_FOLDER"


def start(command: Sequence[str], folder: str, **more: Any) -> tuple[subprocess.Popen[bytes], Connection]:
    """Start a process, and return it with our end of its pipe; `more` is passed on. Raises `OSError`.

    It writes its temporary files into `folder`: TensorFlow writes modules there, and leaves them when it is killed.
    """
    pipe, its_end = multiprocessing.Pipe()
    variables = {**os.environ, "TMPDIR": folder, _FOLDER: folder}
    try:
        with its_end:
            return subprocess.Popen(command, env=variables, stdin=its_end.fileno(), **more), pipe
    except OSError:
        pipe.close()
        raise


def listen(take: Callable[[Any], object]) -> Connection:
    """In such a process: `take` what comes, in a thread, and return the pipe for the answers.

    The end of the input ends the process at once, even in the middle of a compilation, so that it never outlives the
    one that started it.
    """
    os.nice(10)
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # a GPU is shared with other processes
    pipe = Connection(0)
    threading.Thread(target=_receive, args=(pipe, take), daemon=True).start()
    return pipe


def _receive(pipe: Connection, take: Callable[[Any], object]) -> None:
    try:
        while True:
            take(pipe.recv())
    finally:
        if folder := os.environ.get(_FOLDER):  # whoever was killed cannot take it away
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)
