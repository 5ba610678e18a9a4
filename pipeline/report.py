"""The recorded metrics on a terminal, beside their references, and whether they agree with the committed record."""

import math
import shlex
import subprocess

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.network.linear import largest_stable_learning_rate
from pipeline.record.metrics import METRICS
from pipeline.record.runs import ending
from pipeline.record.store import CAUSES, COMMITTED, ROOT, Store
from pipeline.safety.stage import safe_stage


def main() -> None:
    """Print the metrics by reading them: DVC need not run `evaluate` for them to be there."""
    metrics = Store().read_metrics()
    least, distance = metrics.least_training_mse, metrics.distance_to_optimum
    rows = {
        "predicting the mean": metrics.baseline,
        "this run": metrics.test,
        "least squares": metrics.least_squares,
    }
    print(f"\n{ending(metrics.status, metrics.epochs_run)}, on the {metrics.device}\n")
    print(f"{'on the test rows':22}" + "".join(f" {metric.name:>11}" for metric in METRICS.values()))
    for name, scores in rows.items():
        print(f"{name:22}" + "".join(f" {_number(scores[key]):>11}" for key in METRICS))
    print(
        f"\non the rows it trained on: MSE {_number(metrics.train['mse'])}, {_number(abs(distance))} "
        f"{'below' if distance < 0 else 'above'} the least possible for a linear model, {_number(least)}\n"
        f"{_stable(metrics.largest_stable_learning_rate)}\n"
    )
    print(_agreement())


def _stable(without_momentum: float) -> str:
    settings = Store().read_training().settings
    if settings.model != "linear" or settings.loss != "mse":
        return "the largest stable learning rate can be computed only for a linear model on mse"
    limit = largest_stable_learning_rate(2 / without_momentum, settings.momentum, settings.nesterov)
    return (
        f"learning rate {settings.learning_rate:g}; with all rows in every update, training is stable up to "
        f"{_number(limit)}"
    )


def _number(value: float) -> str:
    """Six significant digits, thousands apart; a power of ten only for the very large."""
    return "-" if math.isnan(value) else f"{float(f'{value:.6g}'):,.12g}"


def _agreement() -> str:
    head = _git("rev-parse", "--verify", "HEAD")
    if b"safe.directory" in head.stderr:
        cure = f"git config --global --add safe.directory {shlex.quote(str(ROOT))}"
        return f"git does not show the committed record, because this folder belongs to another user: run `{cure}`"
    if head.returncode != 0 or any(_git("cat-file", "-e", f"HEAD:./{name}").returncode != 0 for name in COMMITTED):
        return "there is no committed record to compare with"
    if _git("diff", "--quiet", "HEAD", "--", *COMMITTED).returncode == 0:
        return "this run agrees with the committed record, byte for byte"
    lock = ROOT / "dvc.lock"
    inputs = _inputs(lock.read_bytes() if lock.exists() else b"")
    committed = _inputs(_git("show", "HEAD:./dvc.lock").stdout)
    if inputs != committed or _git("diff", "--quiet", "HEAD", "--", *CAUSES).returncode != 0:
        return "this run differs from the committed record, as do its parameters, data or code; `git diff` shows both"
    return (
        "this run differs from the committed record although parameters, data and code are the same: see `git diff`. "
        "A GPU or other versions of the libraries agree within about 1e-4 only"
    )


def _inputs(lock: bytes) -> object:
    """Each stage's command and the hashes of what it reads, but for what another stage has made.

    What a lock file that cannot be read gives is equal to nothing.
    """
    try:
        stages = YAML(typ="safe").load(lock)["stages"]
        made = {file["path"] for stage in stages.values() for file in stage.get("outs", [])}
        return {
            name: (
                stage["cmd"],
                [(file["path"], file["md5"]) for file in stage.get("deps", []) if file["path"] not in made],
            )
            for name, stage in stages.items()
        }
    except (YAMLError, UnicodeDecodeError, LookupError, TypeError, AttributeError):
        return object()


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", *arguments]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    except FileNotFoundError:  # without git there is no record to find
        return subprocess.CompletedProcess(command, 1, b"", b"")


if __name__ == "__main__":
    with safe_stage():
        main()
