"""Running git in a project, whatever repository the environment names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from pipeline.safety.errors import UserError

_ELSEWHERE: Final = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}


def environment() -> dict[str, str]:
    """The environment for DVC and git: stages find this very Python as `python`, and git looks at `root` alone."""
    mine = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    folder = str(Path(sys.executable).parent)
    path = os.pathsep.join([folder, mine.get("PATH", os.defpath)])
    return mine | {"PATH": path, "PYTHONUNBUFFERED": "1"}


def git(root: Path, *arguments: str, given: str = "") -> bytes:
    """Run git in `root` with `given` as its input and return its output. Raises `UserError` with git's own words."""
    program = shutil.which("git")
    if program is None:
        raise UserError("git is not installed; install it to record experiments")
    done = subprocess.run(
        [program, *arguments], cwd=root, env=environment(), input=given.encode(), capture_output=True, check=False
    )
    if done.returncode != 0:
        said = " ".join(done.stderr.decode(errors="replace").split()) or f"status {done.returncode}"
        raise UserError(f"git {arguments[0]} failed: {said}")
    return done.stdout
