"""Sharing on a terminal, as on the page Experiments: `python -m dashboard.experiments prove lr-0.05`."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dashboard.experiments import sharing
from dashboard.experiments.commands import Command
from dashboard.experiments.listing import adopt_run, list_experiments, prove
from pipeline.safety.errors import UserError
from pipeline.safety.stage import safe_stage

_COMMANDS: Final = {
    "push": "send runs to the git remote, and their data to the DVC remote",
    "look": "say which runs are on the git remote and not here",
    "fetch": "get runs with their data; without a name, all that are not here",
    "prove": "train runs again with the code that is here, and compare every update",
    "adopt": "set params.yaml as for a run and take the run over; without training, if your code is that of the run",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says; raises `UserError` where it fails, or a run is not the same here."""
    parser = argparse.ArgumentParser("python -m dashboard.experiments", description="Share recorded runs.")
    commands = parser.add_subparsers(dest="do", metavar="COMMAND")
    for name, description in _COMMANDS.items():
        command = commands.add_parser(name, help=description, description=f"{description[0].upper()}{description[1:]}.")
        command.set_defaults(remote=None, names=[])
        if name in ("push", "look", "fetch"):
            command.add_argument("--remote", help="the git remote (default: origin)")
        if name != "look":
            command.add_argument("names", nargs="*", metavar="NAME", help="of an experiment")
    given = parser.parse_args(arguments)
    if given.do is None:
        raise UserError(f"name a command: {', '.join(_COMMANDS)}; -h says what each does")
    _do(given.do, given.remote, given.names)


def _do(what: str, remote: str | None, names: Sequence[str]) -> None:
    root = Path()
    if what in ("look", "fetch"):
        _look_and_fetch(root, sharing.Remotes.of(root, remote).git, names, fetches=what == "fetch")
        return
    here = {experiment.name: experiment for experiment in list_experiments(root) if experiment.kind == "experiment"}
    unknown = [name for name in names if name not in here]
    if unknown or not names:
        which = f"there is no experiment {unknown[0]} here" if unknown else "name an experiment"
        raise UserError(f"{which}; `dvc exp list --all-commits` lists them")
    experiments = [here[name] for name in names]
    if what == "push":
        _follow(sharing.push(root, sharing.Remotes.of(root, remote).git, experiments))
    elif what == "prove":
        for experiment in experiments:
            _follow(prove(root, experiment))
    elif len(experiments) > 1:
        raise UserError(f"one run can be adopted at a time, and {len(experiments)} are named; name one")
    else:
        _follow(adopt_run(root, experiments[0]))
        print(f"Adopted {names[0]}: params.yaml holds its settings, and data/run holds the run.")


def _look_and_fetch(root: Path, remote: str, names: Sequence[str], fetches: bool) -> None:
    _follow(sharing.look(root, remote))
    there = {shared.name for shared in sharing.on_remote(root, remote)}
    if unknown := [name for name in names if name not in there]:
        raise UserError(f"{remote} has no run named {unknown[0]}")
    wanted = [shared for shared in sharing.not_here(root, remote) if not names or shared.name in names]
    for name in names:
        if name not in {shared.name for shared in wanted}:
            print(f"{name} is here already.")
    if fetches and wanted:
        _follow(sharing.fetch(root, remote, wanted))


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
