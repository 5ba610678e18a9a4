"""Sharing on a terminal, as on the page Experiments: `python -m dashboard.experiments prove lr-0.05`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from dashboard.experiments import sharing
from dashboard.experiments.commands import Command
from dashboard.experiments.listing import list_experiments, prove
from pipeline.safety.errors import UserError
from pipeline.safety.stage import safe_stage


def main() -> None:
    """Do what the command line says; raises `UserError` where it fails, or a run is not the same here."""
    parser = argparse.ArgumentParser("python -m dashboard.experiments", description="Share recorded runs.")
    parser.add_argument("--remote", help="the git remote; origin unless you say another")
    parser.add_argument("do", choices=["push", "look", "fetch", "prove"])
    parser.add_argument("names", nargs="*", help="of experiments; `fetch` without a name fetches all")
    arguments = parser.parse_args()
    _do(arguments.do, arguments.remote, arguments.names)


def _do(what: str, remote: str | None, names: Sequence[str]) -> None:
    root = Path()
    if what != "prove":
        remote = sharing.Remotes.of(root, remote).git
    if remote and what != "push":
        _follow(sharing.look(root, remote))
        wanted = [shared for shared in sharing.not_here(root, remote) if not names or shared.name in names]
        if what == "fetch" and wanted:
            _follow(sharing.fetch(root, remote, wanted))
        return
    here = {experiment.name: experiment for experiment in list_experiments(root) if experiment.kind == "experiment"}
    unknown = [name for name in names if name not in here]
    if unknown or not names:
        which = f"there is no experiment {unknown[0]} here" if unknown else "name an experiment"
        raise UserError(f"{which}; `dvc exp list --all-commits` lists them")
    experiments = [here[name] for name in names]
    if remote:
        _follow(sharing.push(root, remote, experiments))
    else:
        for experiment in experiments:
            _follow(prove(root, experiment))


def _follow(command: Command) -> None:
    """Print what a command prints, while it prints it. Raises `UserError` where it fails."""
    printed = 0
    while True:
        state, lines = command.wait(0.2), command.lines
        for line in lines[printed:]:
            if not line.startswith("error: "):  # which is said at the end
                print(line, flush=True)
        printed = len(lines)
        if state != "running":
            break
    if state != "succeeded":
        raise UserError(command.problem or f"{command.title} was {state}")


if __name__ == "__main__":
    with safe_stage():
        main()
