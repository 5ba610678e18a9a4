"""A project on its own file system, which only the commands run in it can see."""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.projects import Project

# An ordinary user needs a user namespace first; where those are forbidden, root needs none.
_WAYS = (("--user", "--map-root-user", "--mount"), ("--mount",))


@dataclass(frozen=True)
class Mounted(Project):
    """A project in the folder `root` of a mount namespace, which the process `holder` keeps alive."""

    holder: int = 0
    enter: tuple[str, ...] = ()

    @property
    def seen(self) -> Project:
        """The project as seen from outside. Run commands with `Mounted`."""
        return Project(Path(f"/proc/{self.holder}/root{self.root}"))

    def run(self, *command: str, status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project."""
        inside = ("sh", "-c", 'cd "$0" && exec "$@"', str(self.root), *command)
        # DVC's folders outside the project are outside its file system.
        places = {
            name: str(self.root.parent / "own" / name) for name in ("DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR")
        }
        return Project(self.root.parent).run(*self.enter, *inside, status=status, **(places | variables))

    def set(self, **settings: str) -> None:
        """Write settings into params.yaml."""
        self.seen.set(**settings)

    def results(self) -> dict[str, bytes]:
        """What the stages wrote, without the files that differ from run to run."""
        return self.seen.results()

    def make_read_only(self) -> None:
        """Make the file system read-only."""
        self.run("mount", "-o", "remount,ro", str(self.root))

    def make_a_disk_of(self, folder: str, size: str) -> None:
        """Mount an empty file system at a folder of the project."""
        self.run("mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", folder)

    @contextmanager
    def full(self, folder: str = ".") -> Iterator[None]:
        """Fill the disk of a folder to the last byte; free the space at the end of the block."""
        filler = self.seen.root / folder / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        try:
            yield
        finally:
            filler.unlink()


@contextmanager
def mounted(project: Project, root: Path, size: str = "64m") -> Iterator[Mounted]:
    """Copy a project to a file system of some size, mounted at `root` until the end of the block."""
    way = way_in()
    root.mkdir(parents=True)
    (root.parent / "own").mkdir()
    steps = [
        f"mount -t tmpfs -o size={size},mode=755 tmpfs {shlex.quote(str(root))}",
        f"cp -a {shlex.quote(str(project.root))}/. {shlex.quote(str(root))}",
        "echo mounted",
        f"exec {shlex.quote(sys.executable)} -c 'import sys; sys.stdin.read()'",
    ]
    command = ["unshare", *way, "sh", "-c", " && ".join(steps)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "mounted\n"
        users = ("--user", "--preserve-credentials") if "--user" in way else ()
        yield Mounted(root, holder.pid, ("nsenter", "--target", str(holder.pid), *users, "--mount", "--"))
        assert holder.stdin is not None
        holder.stdin.close()


def way_in() -> tuple[str, ...]:
    """The options of `unshare` that let this user mount. If there are none, the test is skipped with the reason."""
    for way in _WAYS:
        if subprocess.run(["unshare", *way, "true"], capture_output=True).returncode == 0:
            return way
    pytest.skip("nobody may mount a file system here: run the tests as root, or allow namespaces of users")
