"""The other end of a command: a process that runs DVC step by step, and stops when whoever asked for it is gone."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from dashboard.experiments.repository import head, is_in_git, tracked
from dashboard.record.kept import cache_folder
from pipeline.params.editing import PARAMS
from pipeline.safety.atomic import exchange
from pipeline.safety.errors import unwritable
from pipeline.safety.git import git
from pipeline.safety.stage import safe_stage

PRIVATE_COPY: Final = Path(".dvc", "tmp", "recording")

_CHECK: Final = (sys.executable, "-m", "pipeline.params")
_DVC: Final = (sys.executable, "-m", "dvc")

_stopped = threading.Event()


def main() -> None:
    """Do the errand that the first line of the input names, in JSON. The end of the input means: stop."""
    job = json.loads(sys.stdin.buffer.readline())
    signal.signal(signal.SIGINT, lambda *_: _stopped.set())
    threading.Thread(target=_stop_at_end_of_input, args=[job.pop("grace")], daemon=True).start()
    errand = ERRANDS[job.pop("errand")]
    try:
        errand(**job)
    except OSError as error:
        raise unwritable(error.filename or "a file", error) from None


def repro() -> None:
    """Bring the record up to date with params.yaml, which is checked first."""
    _step(*_CHECK)
    if not is_in_git(Path()):
        os.environ["DVC_GLOBAL_CONFIG_DIR"] = str(Path(".dvc", "no-git").resolve())
    _step(*_DVC, "repro")


def adopt(before: dict[str, str], after: dict[str, str]) -> None:
    """Write `after` into files, by name, that are expected to hold `before`, and bring the record up to date.

    Values that do not fit the data are refused, with the files as they were.
    """
    from pipeline import params  # a command starts sooner without the schema
    from pipeline.params.__main__ import check
    from pipeline.record.start import START, read_start

    check(params.from_yaml(after[PARAMS].encode()), Path(), read_start(after[START].encode()))
    exchange({Path(name): (before[name].encode(), text.encode()) for name, text in after.items()})
    repro()


def record(name: str, files: dict[str, str], also: Sequence[str]) -> None:
    """Run the pipeline with these `files`, by name, in a private copy of the project; keep it as experiment `name`.

    The copy holds the files that git tracks, as they are now, and the files `also`. In the project itself
    `dvc exp run`, with --temp too, would for some moments detach HEAD and empty and rewrite params.yaml and the
    metrics, for every reader to see, and leave it so when killed.
    """
    shutil.rmtree(PRIVATE_COPY, ignore_errors=True)
    try:
        baseline = _copy_project([*tracked(Path()), *also])
        for file, content in files.items():
            (PRIVATE_COPY / file).write_bytes(content.encode())
        _step(*_CHECK, cwd=PRIVATE_COPY)
        _step(*_DVC, "exp", "run", "--name", name, cwd=PRIVATE_COPY)
        reference = f"refs/exps/{baseline[:2]}/{baseline[2:]}/{name}"
        git(Path(), "fetch", "--quiet", "--no-tags", str(PRIVATE_COPY), f"{reference}:{reference}")
        print(f"Recorded as {name}. It ran in a private copy: your files are unchanged.")
    finally:
        shutil.rmtree(PRIVATE_COPY, ignore_errors=True)


ERRANDS: Final[dict[str, Callable[..., None]]] = {"repro": repro, "adopt": adopt, "record": record}


def _copy_project(names: Sequence[str]) -> str:
    """Make the private copy, at the current commit, with these files as they are now. Return the commit."""
    here, baseline = Path().resolve(), head(Path())
    git(here, "clone", "--quiet", "--shared", "--no-checkout", "--template=", ".", str(PRIVATE_COPY))
    git(PRIVATE_COPY, "update-ref", "--no-deref", "HEAD", baseline)
    git(PRIVATE_COPY, "reset", "--quiet")
    for key, otherwise in (("user.name", "SGD laboratory"), ("user.email", "sgd-laboratory@localhost")):
        value = git(here, "config", "--get", "--default", otherwise, key).decode().strip()
        git(PRIVATE_COPY, "config", key, value)
    for name in names:
        if Path(name).is_file() and not Path(name).is_absolute():
            (PRIVATE_COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(name, PRIVATE_COPY / name)
    # DVC takes a path from the folder of its settings, so this folder's own name, quotes and all, is not in them.
    cache = os.path.relpath(cache_folder(here), (PRIVATE_COPY / ".dvc").resolve())
    (PRIVATE_COPY / ".dvc" / "config.local").write_text(f"[cache]\n    dir = {cache}\n", "utf-8")
    return baseline


def _step(*command: str, cwd: Path = Path()) -> None:
    """Run a command; end this process with its status when it fails, as it does when it is stopped."""
    process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL)
    if _stopped.is_set():  # the signal went to the group before this process was in it
        process.send_signal(signal.SIGINT)
    status = process.wait()
    if status != 0:
        sys.exit(abs(status))


def _stop_at_end_of_input(grace: float) -> None:
    while os.read(0, 4096):
        pass
    os.killpg(0, signal.SIGINT)
    time.sleep(grace)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    with safe_stage():
        main()
