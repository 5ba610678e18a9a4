"""Where a recorded run comes from: the commit, and whether the record differs from it."""

import subprocess
from pathlib import Path

from pipeline.record.store import HISTORY, METRICS


def commit(root: Path) -> str:
    """Say at which commit the project stands, and whether the recorded run is the committed one."""
    head = _git(root, "rev-parse", "--short", "HEAD")
    if head is None:
        return "not in a git repository, or nothing committed yet"
    changed = _git(root, "status", "--porcelain", "--", "params.yaml", "pipeline", METRICS, HISTORY)
    return f"{head}, with changes that are not committed" if changed else head


def _git(root: Path, *arguments: str) -> str | None:
    try:
        result = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)  # noqa: S607
    except OSError:
        return None
    return result.stdout.strip() if result.returncode == 0 else None
