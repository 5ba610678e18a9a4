"""Errands between this project and its remotes: look, push, fetch; whatever fails, nothing is lost or half there."""

import os
from collections.abc import Sequence
from pathlib import Path

from dashboard.experiments.listing import Experiment, list_experiments
from dashboard.experiments.private_copy import private_copy
from dashboard.experiments.sharing import SHARED, Remotes, not_here, on_remote, readable
from dashboard.experiments.steps import DVC, step
from pipeline.safety.errors import UserError
from pipeline.safety.git import git

_ASKS = ("terminal prompts disabled", "Permission denied", "Authentication failed", "Host key verification failed")


def look(remote: str) -> None:
    """Note what is on the git remote, and say what of it is not here."""
    remotes = Remotes.of(Path(), remote)
    _look(remotes)
    new = [f"{shared.name} ({shared.author})" for shared in not_here(Path(), remotes.git)]
    print(
        f"{remotes.git} has runs that are not here: {', '.join(new)}." if new else f"{remotes.git} has no other runs."
    )


def push(remote: str, names: Sequence[str]) -> None:
    """Put experiments on the remotes. The data come first: a run that others see is one they can fetch."""
    from dashboard.experiments.revisions import missing  # the other errands start sooner without tables

    remotes = Remotes.of(Path(), remote)
    experiments = [each for each in list_experiments(Path()) if each.kind == "experiment" and each.name in names]
    _look(remotes)
    for experiment in experiments:
        _check_not_taken(experiment, remotes)
        if files := missing(Path(), experiment.revision):
            raise UserError(
                f"{files[0]} of {experiment.name} is not in DVC's cache, so nobody could get it: record the run again"
            )
    _check_folder(remotes, f" If it is new, make it: `mkdir {remotes.data_url}`")
    print(f"Sending the data to {remotes.data}, {remotes.data_url}.", flush=True)
    _transfer("push", remotes, {each.reference: each.revision for each in experiments})
    references = [f"{each.reference}:{each.reference}" for each in experiments]
    try:
        _reach(remotes, "push", "--quiet", remotes.git, *references, problem="refuses it")
    except UserError as error:
        raise UserError(f"the data are on {remotes.data}, but nobody sees the run yet: {error}") from None
    _look(remotes)
    print(f"Pushed {', '.join(names)} to {remotes.git}.")


def fetch(remote: str, revisions: Sequence[str]) -> None:
    """Get experiments from the remotes. One whose name is taken here, or whose data are not there, is left out."""
    from dashboard.experiments.revisions import missing

    remotes = Remotes.of(Path(), remote)
    _look(remotes)
    wanted = [shared for shared in on_remote(Path(), remotes.git) if shared.revision in revisions]
    if not wanted:
        raise UserError(f"what you chose is no longer on {remotes.git}; look again")
    _check_folder(remotes)
    taken = {experiment.name for experiment in list_experiments(Path()) if experiment.kind == "experiment"}
    problems = [
        f"there is another run called {shared.name} here: rename it, then fetch this one"
        for shared in wanted
        if shared.name in taken
    ]
    wanted = [shared for shared in wanted if shared.name not in taken]
    print(f"Getting the data from {remotes.data}, {remotes.data_url}.", flush=True)
    _transfer("pull", remotes, {f"refs/exps/{shared.reference}": shared.revision for shared in wanted})
    for shared in wanted:
        if files := missing(Path(), shared.revision):
            problems.append(
                f"{shared.name} is on {remotes.git}, but its data are not on {remotes.data} ({files[0]} is missing): "
                f"ask {shared.author} to push it again"
            )
        elif shared.name in taken:
            problems.append(f"there are two runs called {shared.name} on {remotes.git}: ask to have one renamed")
        else:
            git(Path(), "update-ref", f"refs/exps/{shared.reference}", shared.revision, "")
            taken.add(shared.name)
            print(f"Fetched {shared.name}, by {shared.author}.")
    if problems:
        raise UserError("; ".join(problems))


def _check_not_taken(experiment: Experiment, remotes: Remotes) -> None:
    for shared in on_remote(Path(), remotes.git):
        if shared.name == experiment.name and shared.revision != experiment.revision:
            raise UserError(
                f"there is another run called {shared.name} on {remotes.git}, by {shared.author}: "
                "rename yours, then push it"
            )


def _check_folder(remotes: Remotes, advice: str = "") -> None:
    """Refuse a folder that is not there. DVC would make it anew, in the place of a disk that is not mounted."""
    if "://" not in remotes.data_url and not Path(remotes.data_url).is_dir():
        where = f"the folder of the DVC remote {remotes.data}, {remotes.data_url}"
        raise UserError(f"{where}, is not there; is it mounted?{advice}")


def _transfer(direction: str, remotes: Remotes, references: dict[str, str]) -> None:
    """Let DVC move the data of experiments, by their references, between its cache and its remote.

    DVC's own `dvc exp push` sends references first, and reads the settings of the remote from the commit of each
    experiment, which may be older than the remote. So it runs in a private copy that has these settings and stands in
    for the git remote.
    """
    if not references:
        return
    verb = {"push": "sent to", "pull": "fetched from"}[direction]
    with private_copy(settings=remotes.settings) as copy:
        names = []
        for number, (reference, revision) in enumerate(references.items()):
            names.append(f"run-{number}")
            git(copy, "update-ref", f"{reference.rpartition('/')[0]}/{names[-1]}", revision)
        problem = f"the data cannot be {verb} the DVC remote {remotes.data} ({remotes.data_url})"
        step(*DVC, "exp", direction, ".", *names, cwd=copy, problem=problem)


def _look(remotes: Remotes) -> None:
    """Let git note what experiments are on its remote."""
    ssh = git(Path(), "config", "--get", "--default", "ssh", "core.sshCommand").decode().strip()
    # Nobody is there to answer: git is to fail instead of asking for a password.
    os.environ.update(
        LANGUAGE="en",  # in which `_ASKS` is
        GIT_TERMINAL_PROMPT="0",
        GIT_ASKPASS="",
        SSH_ASKPASS="",
        GIT_SSH_COMMAND=f"{os.environ.get('GIT_SSH_COMMAND', ssh)} -o BatchMode=yes -o ConnectTimeout=15",
    )
    _reach(remotes, "fetch", "--quiet", "--no-tags", "--prune", remotes.git, f"+refs/exps/*:{SHARED}/{remotes.git}/*")


def _reach(remotes: Remotes, *arguments: str, problem: str = "cannot be reached, and nothing was changed") -> None:
    """Run git with its remote. Raises `UserError` where it cannot be reached or does not let us in."""
    try:
        git(Path(), *arguments)
    except UserError as error:
        said = readable(str(error)).partition("failed: ")[2]
        reason = next(filter(None, (part.strip() for part in said.split("fatal: "))), said)  # what comes then is advice
        where = f"the git remote {remotes.git} ({remotes.git_url})"
        if any(sign in said for sign in _ASKS):
            raise UserError(
                f"{where} asks who you are, and git has no answer stored: run `git fetch {remotes.git}` in a terminal, "
                "until it asks no more, then try again"
            ) from None
        raise UserError(f"{where} {problem}: {reason}") from None
