"""Python imports this module first: it stops the process of one stage at one moment, reports it, and waits.

`FAULTS_AT` is a stage and a moment, `train drafts`; in `FAULTS_FOLDER` the process writes a file `reached` with
its id, and waits for a file `go`. The project has no code for this: audit events report what is opened and renamed.
"""

import atexit
import os
import sys
import time
from types import FrameType
from typing import Any

WHO, MOMENT = os.environ.get("FAULTS_AT", "- -").split()
FOLDER = os.environ.get("FAULTS_FOLDER", "")
MODULE = "dvc" if WHO == "dvc" else f"pipeline.{WHO}"
DATA = os.path.join(os.getcwd(), "data")

# The function, and the number of its call, in the middle of each stage's work, and where DVC writes each of its files.
WORK = {
    "download": ("pieces", 1),
    "normalize": ("draw", 1),
    "train": ("while_wanted", 3),
    "evaluate": ("mean_loss", 1),
    "dvc.lock": ("_dump", 1),
    "rwlock": ("dump", 1),
}

counts = {"renames": 0, "calls": 0}


def hold() -> None:
    """Report that the moment is reached, and wait for permission to continue; only the first process does."""
    reached = os.path.join(FOLDER, "reached")
    if "held" in counts or os.path.exists(reached):
        return
    counts["held"] = 1
    sys.setprofile(None)
    with open(f"{reached}.draft", "w", encoding="utf-8") as file:
        file.write(str(os.getpid()))
    os.replace(f"{reached}.draft", reached)
    while not os.path.exists(os.path.join(FOLDER, "go")):
        time.sleep(0.01)


def hold_in(work: str) -> None:
    """Stop when a function is called."""
    name, call = WORK[work]

    def profile(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_name == name:
            counts["calls"] += 1
            if counts["calls"] == call:
                hold()

    sys.setprofile(profile)


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Inspect what the process is about to do."""
    if event == "open" and "held" not in counts:
        path, mode = os.path.abspath(os.fsdecode(arguments[0])) if isinstance(arguments[0], str) else "", arguments[1]
        if WHO == "dvc" and os.path.basename(path) == MOMENT and "w" in str(mode):
            hold_in(MOMENT)
        elif path.startswith(DATA) and mode in ("r", "rb"):
            if MOMENT == "read":
                hold()
            elif MOMENT == "compute" and sys.getprofile() is None:
                hold_in(WHO)
    elif event == "os.rename" and os.path.abspath(os.fsdecode(arguments[1])).startswith(DATA):
        counts["renames"] += 1
        if {1: "drafts", 2: "half"}.get(counts["renames"]) == MOMENT:
            hold()


if FOLDER and MODULE in sys.orig_argv:
    if MOMENT == "import":
        hold()
    elif MOMENT == "end":
        atexit.register(hold)
    else:
        sys.addaudithook(watch)
