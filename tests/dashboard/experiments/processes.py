"""Find the processes that run in a folder."""

from pathlib import Path

import psutil


def processes_in(root: Path) -> list[psutil.Process]:
    """The processes whose working directory is `root` or below it."""
    return [process for process in psutil.process_iter() if _is_in(process, root)]


def _is_in(process: psutil.Process, root: Path) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).is_relative_to(root)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
