"""A project on its own file system, which only the commands run in it can see."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.projects import Project


@dataclass(frozen=True)
class Mounted(Project):
    """A project in the folder `place` of a mount namespace, where its commands run; `root` shows it from outside."""

    place: Path
    enter: tuple[str, ...]

    def run(self, *command: str, status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project."""
        inside = ("sh", "-c", 'cd "$0" && exec "$@"', str(self.place), *command)
        # DVC's folders outside the project are outside its file system.
        own = {name: str(self.place.parent / "own" / name) for name in ("DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR")}
        return super().run(*self.enter, *inside, status=status, **(own | variables))

    def make_read_only(self) -> None:
        """Make the file system read-only."""
        self.run("mount", "-o", "remount,ro", str(self.place))

    def make_a_disk_of(self, folder: str, size: str) -> None:
        """Mount an empty file system at a folder of the project."""
        self.run("mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", folder)

    @contextmanager
    def full(self, folder: str = ".") -> Iterator[None]:
        """Fill the disk of a folder to the last byte; free the space at the end of the block."""
        filler = self.root / folder / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        try:
            yield
        finally:
            filler.unlink()


@contextmanager
def mounted(project: Project, place: Path, size: str = "64m") -> Iterator[Mounted]:
    """Copy a project to a file system of some size, mounted at `place` until the end of the block."""
    way = way_in()
    place.mkdir(parents=True)
    (place.parent / "own").mkdir()
    steps = [
        f"mount -t tmpfs -o size={size},mode=755 tmpfs {shlex.quote(str(place))}",
        f"cp -a {shlex.quote(str(project.root))}/. {shlex.quote(str(place))}",
        "echo mounted",
        f"exec {shlex.quote(sys.executable)} -c 'import sys; sys.stdin.read()'",
    ]
    command = ["unshare", *way, "sh", "-c", " && ".join(steps)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "mounted\n"
        users = ("--user", "--preserve-credentials") if "--user" in way else ()
        enter = ("nsenter", "--target", str(holder.pid), *users, "--mount", "--")
        yield Mounted(Path(f"/proc/{holder.pid}/root{place}"), place, enter)
        assert holder.stdin is not None
        holder.stdin.close()


def way_in() -> tuple[str, ...]:
    """The options of `unshare` that let this user mount; where there are none, the test is skipped with the reason."""
    users = ("--user", "--map-root-user") if os.geteuid() else ()  # an ordinary user needs a user namespace first
    if subprocess.run(["unshare", *users, "--mount", "true"], capture_output=True).returncode != 0:
        pytest.skip("nobody may mount a file system here: run the tests as root, or allow namespaces of users")
    return (*users, "--mount")
