"""A team's experiments: which remotes this project has, and what is on them that is not here."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from dashboard.experiments.commands import Command
from dashboard.experiments.listing import Experiment, list_experiments
from dashboard.experiments.naming import check_name
from dashboard.experiments.repository import obstacle
from dashboard.record.kept import dvc_settings
from pipeline.safety.errors import UserError
from pipeline.safety.git import git

SHARED: Final = "refs/shared"
"""Where git notes what was on a remote when it was looked at last, apart from the experiments that are here."""

_ADD_DATA_REMOTE: Final = (
    "`dvc remote add --default store ADDRESS` (a folder as an absolute path, or S3, SSH, …), then commit .dvc/config"
)
_IT: Final = {1: "it", 2: "both"}
_SECRET: Final = re.compile(r"(?<=://)[^/@\s]+@")


@dataclass(frozen=True)
class Remotes:
    """Where experiments go: settings and metrics to the git remote `git`, data to the DVC remote `data`.

    Their addresses `git_url` and `data_url` are for people to read, without passwords. `settings` are those of the DVC
    remote, as DVC reads them from a file: a folder's path is absolute.
    """

    git: str
    git_url: str
    data: str
    data_url: str
    settings: str

    @classmethod
    def of(cls, root: Path, name: str | None = None) -> Self:
        """The git remote of that `name`, or origin, or the first; and the default DVC remote.

        Raises `UserError` that says what is missing and how to add it.
        """
        if problem := obstacle(root):
            raise UserError(problem)
        names, (data, options) = git_remotes(root), _data_remote(root)
        to_do = {} if names else {"a git remote": "`git remote add origin ADDRESS`"}
        to_do |= {} if data else {"a DVC remote": _ADD_DATA_REMOTE}
        if to_do:
            needed = f"{' and '.join(to_do)}{', too' if len(to_do) == 1 else ''}"
            raise UserError(f"sharing needs {needed}; set {_IT[len(to_do)]} up once: {', then '.join(to_do.values())}")
        chosen = names[0] if name is None else name
        if chosen not in names:
            raise UserError(f"there is no git remote {chosen}; expected {' or '.join(names)}")
        address = git(root, "remote", "get-url", chosen).decode().strip()
        lines = "".join(f"    {key} = {value}\n" for key, value in options.items())
        settings = f"[core]\n    remote = {data}\n['remote \"{data}\"']\n{lines}"
        return cls(chosen, readable(address), data, readable(options["url"]), settings)


@dataclass(frozen=True)
class Shared:
    """An experiment on a git remote; `reference` is its name in git below refs/exps/."""

    name: str
    revision: str
    reference: str
    author: str
    created: datetime


def git_remotes(root: Path) -> list[str]:
    """The names of the git remotes, origin first."""
    return sorted(git(root, "remote").decode().split(), key=lambda name: name != "origin")


def on_remote(root: Path, remote: str) -> list[Shared]:
    """The experiments that were on a git remote when it was looked at last, the newest first.

    Those with a name that is not allowed here are left out.
    """
    form = "--format=%(objectname) %(committerdate:iso-strict) %(refname) %(authorname)"
    above = f"{SHARED}/{remote}/"
    lines = git(root, "for-each-ref", "--sort=-committerdate", form, above).decode().splitlines()
    found = []
    for revision, created, reference, author in (line.split(" ", 3) for line in lines):
        below = reference.removeprefix(above)
        name = below.rpartition("/")[2]
        if re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{38}/[^/]+", below) and _is_allowed(name):
            found.append(Shared(name, revision, below, author, datetime.fromisoformat(created)))
    return found


def not_here(root: Path, remote: str) -> list[Shared]:
    """Those on a git remote, when it was looked at last, that are not here, under whatever name."""
    here = {experiment.revision for experiment in list_experiments(root) if experiment.kind == "experiment"}
    return [shared for shared in on_remote(root, remote) if shared.revision not in here]


def look(root: Path, remote: str) -> Command:
    """Look at what is on a git remote. Raises `UserError` when another command is under way."""
    return Command(root, f"looking at {remote}", {"errand": "look", "remote": remote})


def push(root: Path, remote: str, experiments: Sequence[Experiment]) -> Command:
    """Put experiments on the remotes: the data first, then what git holds. Raises `UserError` as `look`."""
    names = [experiment.name for experiment in experiments]
    return Command(root, f"pushing {', '.join(names)}", {"errand": "push", "remote": remote, "names": names})


def fetch(root: Path, remote: str, wanted: Sequence[Shared]) -> Command:
    """Get experiments from the remotes with all their data. Raises `UserError` as `look`."""
    names = ", ".join(shared.name for shared in wanted)
    revisions = [shared.revision for shared in wanted]
    return Command(root, f"fetching {names}", {"errand": "fetch", "remote": remote, "revisions": revisions})


def readable(text: str) -> str:
    """A text without the names and passwords in the addresses it holds."""
    return _SECRET.sub("", text)


def _data_remote(root: Path) -> tuple[str, dict[str, str]]:
    """The name and the settings of the default DVC remote; an empty name where there is none.

    A relative path is taken from .dvc, and so `dvc push` does; `dvc exp push` would take it from the root of the disk.
    """
    settings = dvc_settings(root)
    name = settings.get("core", "remote", fallback="").strip("\"'")
    section = next((each for each in settings.sections() if each.strip("'") == f'remote "{name}"'), "")
    if not name or not section or not settings.has_option(section, "url"):
        return "", {}
    options = {key: value.strip("\"'") for key, value in settings.items(section)}
    if "://" not in options["url"]:
        options["url"] = os.path.normpath(root.resolve() / ".dvc" / Path(options["url"]).expanduser())
    return name, options


def _is_allowed(name: str) -> bool:
    try:
        check_name(name)
    except UserError:
        return False
    return True
