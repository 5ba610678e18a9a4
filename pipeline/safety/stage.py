"""What every stage needs around its work: errors in one line, and a check before it writes that it is still wanted."""

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

from pipeline import STARTED_BY
from pipeline.safety.errors import UserError
from pipeline.safety.seen import Seen

Item = TypeVar("Item")

_PACKAGE: Final = Path(__file__).parents[1]

_interrupted = threading.Event()
_modules: dict[Path, bytes | None] = {}


@contextlib.contextmanager
def safe_stage() -> Iterator[None]:
    """Run a stage: an error that a person can correct, Ctrl-C or a lack of memory is one line and exit status 1.

    In a stage that DVC runs, the source of every module is noted, for `stop_if_edited`.
    """
    signal.signal(signal.SIGINT, _interrupt)
    gc.freeze()  # what was imported lasts as long as the process: the garbage collector need not look at it
    gc.enable()
    if "DVC_STAGE" in os.environ:
        files = [Path(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())]
        _modules.update({path: _content(path) for path in files if path.is_relative_to(_PACKAGE)})
    try:
        yield
    except UserError as error:
        problem = str(error)
    except MemoryError:
        problem = "memory ran out; close other programs, or train with fewer rows, columns or epochs"
    except KeyboardInterrupt:
        problem = "stopped before the end; run the command again to continue"
    else:
        return
    print(f"error: {problem}", file=sys.stderr)
    sys.exit(1)


def while_wanted(items: Iterator[Item]) -> Iterator[Item]:
    """Pass the items on, and check before each that the stage is still wanted (see `stop_if_orphaned`)."""
    stop_if_orphaned()  # the first item may take seconds
    for item in items:
        stop_if_orphaned()
        yield item


def stop_if_orphaned() -> None:
    """Raise `UserError` when the process that started this one has ended: a killed `dvc` leaves its stage running.

    Raise `KeyboardInterrupt` when Ctrl-C came before and was only noted (see `_interrupt`).
    """
    if _interrupted.is_set():
        raise KeyboardInterrupt
    if os.getppid() != STARTED_BY:
        raise UserError("the process that started this stage has ended; the stage stopped and wrote nothing")


def stop_if_edited(read: Mapping[Path, Seen]) -> None:
    """Raise `UserError` when a file of `read` is no longer as it was seen, or a module was edited since the start.

    DVC looks at a stage's dependencies after the stage has ended, and would record the edited files as those used. An
    edit while the modules are imported, or between this check and DVC's, is not noticed.
    """
    edited = [path for path, content in _modules.items() if _content(path) != content]
    edited += [path for path, seen in read.items() if not seen.is_still(path)]
    if edited:
        raise UserError(
            f"{os.path.relpath(edited[0])} was changed while this stage ran; it wrote nothing: run `dvc repro` again"
        )


def _interrupt(*_: object) -> None:
    """Ctrl-C. Where TensorFlow is loaded, the first is only noted: its callbacks lose an exception, or print it."""
    is_first = not _interrupted.is_set()
    _interrupted.set()
    if not is_first or "tensorflow" not in sys.modules:
        raise KeyboardInterrupt


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
