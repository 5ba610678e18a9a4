"""The experiments that DVC keeps beside the commits of git: list, record, adopt, rename and remove them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from dashboard.experiments import naming
from dashboard.experiments.commands import Command
from dashboard.experiments.repository import blobs, obstacle, tracked
from dashboard.read_only import refuse_if_read_only
from pipeline.params import editing, validate
from pipeline.params.editing import PARAMS, Value, flat
from pipeline.record.start import START, text_of
from pipeline.record.store import METRICS
from pipeline.safety.dvc_lock import LOCK
from pipeline.safety.errors import UserError
from pipeline.safety.git import git
from pipeline.suggestion.files import texts

# DVC's own layout of references, with the baseline's revision in two parts: those of commands under way are others.
_REFERENCE: Final = re.compile(r"refs/exps/[0-9a-f]{2}/[0-9a-f]{38}/[^/]+")
_EARLIER: Final = {"train.schedule": "constant", "train.decay_epochs": 50}
"""What runs had that an earlier version recorded, which did not know these settings."""


@dataclass(frozen=True)
class Experiment:
    """The settings and metrics of a run, by flat names such as `train.learning_rate` and `test.mse`.

    `kind` tells what holds it: the files as they are now, the current commit, or an experiment of DVC. The files have
    no `revision`, `reference` (its full name in git) and `created`, and their `author` is the user of git. `params` or
    `metrics` that are missing or cannot be read are empty.
    """

    kind: Literal["workspace", "head", "experiment"]
    name: str
    revision: str
    reference: str
    created: datetime | None
    author: str
    params: Mapping[str, Any]
    metrics: Mapping[str, Any]

    @property
    def title(self) -> str:
        """What pages call it: `now`, `commit 1a2b3c4`, or the name of the experiment."""
        return {"workspace": "now", "head": f"commit {self.revision[:7]}"}.get(self.kind, self.name)


def list_experiments(root: Path) -> list[Experiment]:
    """The files as they are now, the current commit, then the experiments of all commits, the newest first.

    Read from git, where DVC keeps them: in about 10 ms, not the 300 (then 90) of `dvc.api.exp_show()`, which gives
    neither whole revisions nor dates and brings 70 MB of DVC into the process. A test holds it to `dvc exp show`.
    """
    here = _params(_content(root / PARAMS)), _metrics(_content(root / METRICS))
    found = [Experiment("workspace", "workspace", "", "", None, _user(root), *here)]
    rows = _rows(root, "log", "--max-count=1", "--format=%H %cI HEAD %an") + _references(root)
    contents = blobs(root, [f"{revision}:{path}" for revision, *_ in rows for path in (PARAMS, METRICS)])
    for (revision, created, reference, author), params, metrics in zip(
        rows, contents[::2], contents[1::2], strict=True
    ):
        kind: Literal["head", "experiment"] = "head" if reference == "HEAD" else "experiment"
        name, when = reference.rpartition("/")[2], datetime.fromisoformat(created)
        values = _params(params or b""), _metrics(metrics or b"")
        found.append(Experiment(kind, name, revision, reference, when, author, *values))
    return found


def names_of(root: Path) -> set[str]:
    """The names that are taken, by the experiments of all commits."""
    return {reference.rpartition("/")[2] for _, _, reference, _ in _references(root)}


def record(root: Path, changes: Mapping[str, Value], name: str, start: str | None = None) -> Command:
    """Run the pipeline with params.yaml as it is now but for these `changes`, and keep it as experiment `name`.

    `start` is the text of its start.json, by default that of the project.
    What is run are the files that git tracks, with uncommitted edits; none of them is touched. Raises `UserError` for a
    name or a value that is refused, when nothing differs from params.yaml, where there can be no experiments, and when
    another command is under way.
    """
    if problem := obstacle(root):
        raise UserError(problem)
    naming.check_name(name, names_of(root))
    before, wanted = _changed(root, changes, start)
    if wanted == before:
        raise UserError(
            f"these settings are those of {PARAMS}: change a value to record an experiment, or run `dvc repro`"
        )
    csv = str(editing.read(wanted[PARAMS])["download.csv"])
    if not Path(csv).is_absolute() and not (root / csv).resolve().is_relative_to(root.resolve()):
        raise UserError(f"download.csv is {csv!r}, outside the project: copy it into the project to record experiments")
    also = sorted({csv, LOCK} - set(tracked(root)))
    return Command(root, f"recording {name}", {"errand": "record", "name": name, "files": wanted, "also": also})


def repro(root: Path) -> Command:
    """Check params.yaml, then run `dvc repro`. Needs no git. Raises `UserError` when another command is under way."""
    return Command(root, "the pipeline", {"errand": "repro"})


def adopt(root: Path, wanted: Mapping[str, Value], start: str | None = None, revision: str = "") -> Command:
    """Set the `wanted` values in params.yaml, and the text of start.json where one is given, then run `dvc repro`.

    Comments, layout and the values that are not `wanted` stay, and so does all of the file when the values do not fit
    the data. An experiment recorded with the code and data as they are now comes back from DVC's run cache and no stage
    runs; where its `revision` is given, one that was recorded elsewhere too. Raises `UserError` for values that are not
    allowed, and when another command is under way.
    """
    before, after = _changed(root, wanted, start)
    errand = {"errand": "adopt", "before": before, "after": after, "revision": revision}
    return Command(root, "the pipeline with these settings", errand)


def adopt_run(root: Path, run: Experiment) -> Command:
    """Adopt the settings and the start of a recorded run, and the run itself where its code and data are those here.

    Raises `UserError` as `adopt` does, and for a run with settings that the code here refuses.
    """
    _check_known(run)
    return adopt(root, run.params, start_of(root, run), run.revision)


def prove(root: Path, experiment: Experiment) -> Command:
    """Train a recorded run again, with the code that is here, and compare each update; it fails at a difference.

    Raises `UserError` when another command is under way, for a run with settings that the code here refuses, and where
    there can be no experiments.
    """
    if problem := obstacle(root):
        raise UserError(problem)
    _check_known(experiment)
    errand = {"errand": "prove", "name": experiment.title, "revision": experiment.revision}
    return Command(root, f"proving {experiment.title}", errand)


def start_of(root: Path, experiment: Experiment) -> str:
    """The start.json of an experiment or a commit; one that has none, of an earlier version, began at random."""
    content = blobs(root, [f"{experiment.revision}:{START}"])[0]
    return text_of(None) if content is None else content.decode(errors="replace")


def _check_known(run: Experiment) -> None:
    """Raise `UserError` for a run with settings that the code here refuses: other code has made it."""
    sections: dict[str, dict[str, Any]] = {}
    for key, value in run.params.items():
        section, _, name = key.partition(".")
        sections.setdefault(section, {})[name] = value
    try:
        validate(sections)
    except UserError as error:
        refused = str(error).removeprefix(f"{PARAMS}: ")
        key = refused.partition(" ")[0]
        made = f"{key} {run.params[key]}, which the code here does not know" if key in run.params else ""
        made = made or f"settings that do not fit the code here ({refused})"
        raise UserError(f"{run.title} was made with {made}; get its code first") from None


def _changed(root: Path, wanted: Mapping[str, Value], start: str | None) -> tuple[dict[str, str], dict[str, str]]:
    """The texts that say what to run, by the names of their files: as they are, and as `wanted`."""
    contents = texts(root, wanted, start)
    before, after = ({name: pair[at] for name, pair in contents.items()} for at in (0, 1))
    return before, after


def rename(root: Path, experiment: Experiment, name: str) -> None:
    """Give an experiment another name. Raises `UserError` for a name that is refused, and where this is off."""
    refuse_if_read_only("rename experiments")
    naming.check_name(name, names_of(root))
    renamed = f"{experiment.reference.rpartition('/')[0]}/{name}"
    given = f"create {renamed} {experiment.revision}\ndelete {experiment.reference} {experiment.revision}\n"
    git(root, "update-ref", "--stdin", given=given)


def remove(root: Path, experiments: Sequence[Experiment]) -> None:
    """Remove experiments. Their big files stay in DVC's cache until `dvc gc`. Raises `UserError` where this is off."""
    refuse_if_read_only("remove experiments")
    given = "".join(f"delete {experiment.reference} {experiment.revision}\n" for experiment in experiments)
    git(root, "update-ref", "--stdin", given=given)


def _user(root: Path) -> str:
    try:
        return git(root, "config", "--get", "--default", "", "user.name").decode().strip()
    except UserError:
        return ""


def _references(root: Path) -> list[tuple[str, str, str, str]]:
    """Revision, date, reference and author of every experiment, the newest first."""
    form = "--format=%(objectname) %(committerdate:iso-strict) %(refname) %(authorname)"
    rows = _rows(root, "for-each-ref", "--sort=-committerdate", form, "refs/exps/")
    return [row for row in rows if _REFERENCE.fullmatch(row[2])]


def _rows(root: Path, *arguments: str) -> list[tuple[str, str, str, str]]:
    """What a git command lists, three words and a name a line; nothing where git refuses."""
    try:
        lines = git(root, *arguments).decode().splitlines()
    except UserError:
        return []
    words = (line.split(" ", 3) for line in lines)
    return [(revision, created, reference, author) for revision, created, reference, author in words]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@lru_cache(maxsize=1024)
def _params(content: bytes) -> Mapping[str, Any]:
    try:
        return {**_EARLIER, **values} if (values := editing.read(content.decode())) else {}
    except (UserError, UnicodeDecodeError):
        return {}


@lru_cache(maxsize=1024)
def _metrics(content: bytes) -> Mapping[str, Any]:
    """Read what another version may have recorded: a metric that is not there, or is not a number, stays away."""
    try:
        found = flat(json.loads(content))
    except (ValueError, RecursionError, AttributeError):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str | int | float)}
