"""The recorded metrics on a terminal, beside their references, and whether they agree with the committed record."""

import shlex
import subprocess
from typing import Any

from pipeline.record.store import HISTORY, METRICS, ROOT, Store
from pipeline.safety.stage import safe_stage

_RECORD = ("dvc.lock", METRICS, HISTORY)
_CAUSES = ("params.yaml", "dvc.yaml", "pipeline", "requirements.txt", "requirements-gpu.txt")


def main() -> None:
    """Print the metrics by reading them: DVC need not run `evaluate` for them to be there."""
    metrics = Store().read_metrics()
    test, fit, everyone = metrics["test"], metrics["optimum"]["fit_rows"], metrics["optimum"]["train_rows"]
    stable = metrics["curvature"]["fit_rows"]["largest_stable_learning_rate"]
    distance = metrics["distance_to_optimum"]
    where = "below" if distance is not None and distance < 0 else "above"
    rows = [
        ("predicting the mean", metrics["baseline"]["test"]),
        ("this run", test),
        ("least squares", everyone["test"]),
    ]
    print(f"\n{metrics['status']} after {metrics['epochs_run']} epochs, on the {metrics['device']}\n")
    print(f"{'on the test rows':22}{'MSE':>12}{'RMSE':>12}{'MAE':>12}{'R2':>12}")
    for name, scores in rows:
        print(f"{name:22}" + "".join(f" {_number(scores[key]):>11}" for key in ("mse", "rmse", "mae", "r2")))
    print(
        f"\non the rows it trained on: MSE {_number(metrics['train']['mse'])}, "
        f"{_number(distance and abs(distance))} {where} the least possible for a linear model, "
        f"{_number(fit['train']['mse'])}\n"
        f"largest stable learning rate of plain SGD on mse, for a linear model: {_number(stable)}\n"
    )
    print(_agreement())


def _number(value: Any) -> str:
    return "-" if value is None else f"{value:.6g}"


def _agreement() -> str:
    head = _git("rev-parse", "--verify", "HEAD")
    if b"safe.directory" in head.stderr:
        cure = f"git config --global --add safe.directory {shlex.quote(str(ROOT))}"
        return f"git does not show the committed record, because this folder is another user's: run `{cure}`"
    if head.returncode != 0 or _git("cat-file", "-e", f"HEAD:./{METRICS}").returncode != 0:
        return "there is no committed record to compare with"
    if _git("diff", "--quiet", "HEAD", "--", *_RECORD).returncode == 0:
        return "this run agrees with the committed record, byte for byte"
    if _git("diff", "--quiet", "HEAD", "--", *_CAUSES).returncode != 0:
        return "this run differs from the committed record, as do its parameters or code; `git diff` shows both"
    return (
        "this run differs from the committed record although parameters and code are the same: see `git diff`. "
        "A GPU or other versions of the libraries agree within about 1e-4 only"
    )


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", *arguments]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    except FileNotFoundError:  # without git there is no record to find
        return subprocess.CompletedProcess(command, 1, b"", b"")


if __name__ == "__main__":
    with safe_stage():
        main()
