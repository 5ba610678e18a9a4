"""The recorded metrics on a terminal, beside their references, and whether they agree with the committed record."""

import shlex
from collections.abc import Sequence

from pipeline.network.linear import largest_stable_learning_rate
from pipeline.record.metrics import METRICS
from pipeline.record.runs import ending
from pipeline.record.store import CAUSES, COMMITTED, ROOT, Store
from pipeline.safety.dvc_lock import LOCK, read_lock
from pipeline.safety.errors import UserError
from pipeline.safety.files import MissingFileError
from pipeline.safety.git import git
from pipeline.safety.schema import six_digits
from pipeline.safety.stage import safe_stage


def main() -> None:
    """Print the metrics by reading them: DVC need not run `evaluate` for them to be there."""
    metrics = Store().read_metrics()
    least, distance = metrics.least_training_mse, metrics.distance_to_optimum
    print(f"\n{ending(metrics.status, metrics.epochs_run)}, on the {metrics.device}\n")
    print(f"{'on the test rows':22}" + "".join(f" {metric.name:>11}" for metric in METRICS.values()))
    for name, scores in metrics.on_test_rows().items():
        print(f"{name:22}" + "".join(f" {_number(scores[key]):>11}" for key in METRICS))
    print(
        f"\non the rows it trained on: MSE {_number(metrics.train['mse'])}, {_number(abs(distance))} "
        f"{'below' if distance < 0 else 'above'} the least possible for a linear model, {_number(least)}\n"
        f"{_stable(metrics.largest_stable_learning_rate)}\n"
    )
    print(_agreement())


def _stable(without_momentum: float) -> str:
    try:
        settings = Store().read_training().settings
    except MissingFileError:  # a clone, which has the metrics that are committed and no run of its own
        return (
            "a linear model on mse, with all rows in every update and without momentum, "
            f"is stable up to {_number(without_momentum)}"
        )
    if not settings.has_quadratic_loss:
        return "the largest stable learning rate can be computed only for a linear model on mse"
    limit = largest_stable_learning_rate(2 / without_momentum, settings)
    return (
        f"learning rate {settings.learning_rate:g}; with all rows in every update, training is stable up to "
        f"{_number(limit)}"
    )


def _number(value: float) -> str:
    """Six significant digits, thousands apart; a power of ten only for the very large."""
    rounded = six_digits(value)
    return "-" if rounded is None else f"{rounded:,.12g}"


def _agreement() -> str:
    try:
        for name in COMMITTED:
            git(ROOT, "cat-file", "-e", f"HEAD:./{name}")
        if not _edited(COMMITTED):
            return "this run agrees with the committed record, byte for byte"
        lock = ROOT / LOCK
        inputs = _inputs(lock.read_bytes() if lock.exists() else b"")
        has_other_causes = inputs != _inputs(git(ROOT, "show", f"HEAD:./{LOCK}")) or _edited(CAUSES)
    except UserError as error:
        if "safe.directory" in str(error):
            cure = f"git config --global --add safe.directory {shlex.quote(str(ROOT))}"
            return f"git does not show the committed record, because this folder belongs to another user: run `{cure}`"
        return "there is no committed record to compare with"
    if has_other_causes:
        return (
            "this run differs from the committed record, which was made with other parameters, data or code: "
            "`git diff` shows the edits and what came of them"
        )
    return (
        "this run differs from the committed record although parameters, data and code are the same: see `git diff`. "
        "A GPU or other versions of the libraries agree within about 1e-4 only"
    )


def _edited(names: Sequence[str]) -> bool:
    return bool(git(ROOT, "diff", "--name-only", "HEAD", "--", *names))


def _inputs(lock: bytes) -> object:
    """Each stage's command and the hashes of what it reads, but for what another stage has made.

    What a lock file that cannot be read gives is equal to nothing.
    """
    try:
        stages = read_lock(lock)
    except UserError:
        return object()
    made = {path for stage in stages.values() for path in stage.outs}
    return {
        name: (stage.command, {path: md5 for path, md5 in stage.deps.items() if path not in made})
        for name, stage in stages.items()
    }


if __name__ == "__main__":
    with safe_stage():
        main()
