"""A copy of this project in another folder, as after a fresh clone."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pipeline.record.store import ROOT, Store

_DEAD_END = "http://127.0.0.1:9"  # the discard port: refused at once, so nothing reaches the network
_NOT_READ = {"benchmarks", "docs", "tests"}
_LEAVE_OUT = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONWARNINGS", "XLA_FLAGS", "OPENBLAS_NUM_THREADS", "SHELL"}


@dataclass(frozen=True)
class Project:
    """A project folder, and the commands that a person runs in it, without a network and without personal settings."""

    root: Path

    @property
    def store(self) -> Store:
        """Its records."""
        return Store(self.root)

    def run(self, *command: str, status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder. Fail with its output unless it exits with `status`."""
        done = subprocess.run(
            command, cwd=self.root, env=self._environment() | variables, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == status, f"{command} exited with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def python(self, *arguments: str, status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the interpreter of these tests, which imports the folder's own `pipeline`."""
        return self.run(sys.executable, *arguments, status=status, **variables)

    @contextmanager
    def started(
        self,
        *arguments: str,
        stderr: int = subprocess.DEVNULL,
        session: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start the interpreter, in a new session if `session`, without waiting; kill it at the end of the block."""
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.root,
            env={**self._environment(), **(variables or {})},
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=session,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def dvc(self, *arguments: str, status: int = 0, **variables: str) -> str:
        """Run DVC and return its output."""
        done = self.python("-m", "dvc", *arguments, status=status, **variables)
        return done.stdout + done.stderr

    def repro(self, **variables: str) -> list[str]:
        """Run `dvc repro` and return the names of the stages that ran."""
        return re.findall(r"^Running stage '(\w+)'", self.dvc("repro", status=0, **variables), re.MULTILINE)

    def stage(
        self, name: str, status: int = 0, variables: Mapping[str, str] | None = None, **settings: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run one stage alone, with the command line of `command`."""
        return self.python(*self.command(name, **settings), status=status, **(variables or {}))

    def command(self, stage: str, **settings: Any) -> list[str]:
        """The arguments of the interpreter for a stage: the values of params.yaml, changed by `settings`."""
        words = ["-m", f"pipeline.{stage}"]
        if stage not in ("download", "normalize", "train"):
            return words
        section = YAML(typ="safe").load(self.root / "params.yaml")[stage]
        return [*words, *command_line({**section, **settings})]

    def git(self, *arguments: str) -> str:
        """Run git and return its output."""
        return self.run("git", *arguments).stdout

    def commit(self, message: str = "recorded") -> None:
        """Commit all that differs, or nothing."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def set(self, **settings: str) -> None:
        """Write settings into params.yaml, `set(train__epochs="3")`, without changing anything else."""
        path = self.root / "params.yaml"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        for name, value in settings.items():
            section, key = name.split("__")
            start = lines.index(f"{section}:\n")
            at = next(index for index in range(start, len(lines)) if lines[index].startswith(f"  {key}:"))
            lines[at] = f"  {key}: {value}\n"
            while lines[at + 1 :] and lines[at + 1].lstrip().startswith("- "):  # DVC writes a list over several lines
                del lines[at + 1]
        path.write_text("".join(lines), encoding="utf-8")

    def use_own(self, table: str, target: str, features: Sequence[str], **settings: str) -> None:
        """Turn to a table of one's own, split at random and taken in batches of 8, with some other settings."""
        (self.root / "data" / "mine.csv").write_text(table, encoding="utf-8")
        self.set(
            download__dataset="own",
            download__csv="data/mine.csv",
            normalize__target=json.dumps(target, ensure_ascii=False),
            normalize__features=json.dumps(features, ensure_ascii=False),
            normalize__split="random",
            **{"train__batch_size": "8", **settings},
        )

    def results(self) -> dict[str, bytes]:
        """What the stages wrote, from path to bytes, without the files that differ from run to run."""
        ignored = {".gitignore", "raw_source.json", "run_info.json"}
        paths = sorted(path for path in (self.root / "data").rglob("*") if path.is_file() and path.name not in ignored)
        return {str(path.relative_to(self.root)): path.read_bytes() for path in paths}

    def copy(self, root: Path) -> "Project":
        """Copy the whole folder, its git history and DVC's cache included."""
        shutil.copytree(self.root, root)
        return Project(root)

    def _environment(self) -> dict[str, str]:
        mine = {name: value for name, value in os.environ.items() if name not in _LEAVE_OUT}
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            mine |= {name: _DEAD_END, name.lower(): _DEAD_END}
        who = {
            f"GIT_{role}_{part}": "tests@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
        }
        return (
            mine
            | who
            | {
                "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
                "NO_PROXY": "127.0.0.1",
                "no_proxy": "127.0.0.1",
                "GIT_CONFIG_GLOBAL": os.devnull,
                "DVC_GLOBAL_CONFIG_DIR": str(self.root / ".dvc" / "tmp" / "global"),
                "DVC_SITE_CACHE_DIR": str(self.root / ".dvc" / "tmp" / "site"),
            }
        )


def tracked() -> frozenset[Path]:
    """The files of this project, relative to its root: those that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return frozenset(Path(name) for name in filter(None, listed.stdout.split("\0")) if (ROOT / name).is_file())


def clone(root: Path) -> Project:
    """Copy every file that git tracks or would track into `root`, as one commit, so that uncommitted work is tested.

    Left out is what no command reads: tests and documents.
    """
    for name in (name for name in tracked() if name.parts[0] not in _NOT_READ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, root / name)
    project = Project(root)
    project.python("-m", "compileall", "-q", "pipeline", "dashboard")  # once, and not by every server of a copy
    project.git("init", "--quiet", "--initial-branch", "main")
    project.commit("as cloned")
    project.git("gc", "--quiet")  # hundreds of files less in every copy
    return project


def command_line(section: Mapping[str, Any]) -> list[str]:
    """Write a section of params.yaml as DVC does on the command line of a stage."""
    words: list[str] = []
    for key, value in section.items():
        if isinstance(value, bool):
            words.append(f"--{key}" if value else f"--no-{key}")
        else:
            values = value if isinstance(value, list) else [value]
            words += [word for each in values for word in (f"--{key}", str(each))]
    return words
