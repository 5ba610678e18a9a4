"""What the training loop is compared with: a module for each way to do the same job, and in what it differs."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from benchmarks.training.tasks import Job
from pipeline.record.store import ROOT

_JAVASCRIPT: Final = str(Path(__file__).with_name("tensorflow_js.cjs"))


@dataclass(frozen=True)
class Peer:
    """A way to do the job: how its process is started, and what it needs and leaves out.

    `differs` says what it does not do, or not alike. One that `compiles` has a first run that is slower than later
    ones. `most_updates` is for those that would take minutes for more of them.
    """

    name: str
    program: str
    packages: tuple[str, ...]
    differs: str = ""
    compiles: bool = False
    only_linear: bool = False
    most_updates: int = 1_000_000

    @property
    def command(self) -> list[str]:
        """What starts its process."""
        if self.program.endswith(".cjs"):
            return ["node", self.program]
        return [sys.executable, "-m", "benchmarks.training.process", f"benchmarks.training.peers.{self.program}"]

    def versions(self) -> dict[str, str]:
        """The versions of its packages. Raises `LookupError`, which says what is missing, where they are not there."""
        if self.program.endswith(".cjs"):
            return _versions_in_node(self.packages)
        try:
            return {package: metadata.version(package) for package in self.packages}
        except metadata.PackageNotFoundError as error:
            raise LookupError(f"{error.name} is not installed") from None

    def epochs(self, job: Job) -> int:
        """How many epochs of the job it does: all of them, or fewer where these would take it minutes; 0 for none."""
        if (self.only_linear and job.model != "linear") or (job.runs > 1 and self is not OURS):
            return 0
        return min(job.epochs, self.most_updates // job.updates_per_epoch)


def _versions_in_node(packages: tuple[str, ...]) -> dict[str, str]:
    if not shutil.which("node"):
        raise LookupError("Node is not installed")
    found = {}
    for package in packages:
        asked = ["node", "-p", f"require('{package}/package.json').version"]
        answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)
        if answer.returncode:
            raise LookupError(f"Node finds no {package}: `npm install --no-save {package}` installs it")
        found[package] = answer.stdout.strip()
    return found


OURS: Final = Peer("this project", "ours", ("tensorflow", "keras"), compiles=True)
NUMPY: Final = Peer("NumPy loop", "numpy_loop", ("numpy",))
SKLEARN: Final = Peer(
    "scikit-learn",
    "sklearn_sgd",
    ("scikit-learn",),
    "`SGDRegressor` updates the weights after every row, whatever the batch; it records the weights once an epoch, "
    "and no training loss",
    only_linear=True,
)
TORCH: Final = Peer("PyTorch", "torch_loop", ("torch",))
JAX: Final = Peer("JAX", "jax_scan", ("jax",), compiles=True)
STOCK: Final = Peer(
    "Keras fit",
    "keras_fit",
    ("tensorflow", "keras"),
    "`Model.fit` as it comes; it shuffles the rows in an order of its own",
    compiles=True,
    most_updates=15_000,
)
TUNED: Final = Peer(
    "Keras fit, tuned",
    "keras_tuned",
    ("tensorflow", "keras"),
    "`Model.fit` with `tf.data` and `steps_per_execution`; it records the weights only at the end",
    compiles=True,
    most_updates=100_000,
)
TENSORFLOW_JS: Final = Peer(
    "TensorFlow.js",
    _JAVASCRIPT,
    ("@tensorflow/tfjs",),
    "in Node, in float32, as a page in a browser without a GPU would; the order of the rows is drawn beforehand",
    most_updates=15_000,
)
PEERS: Final = (OURS, NUMPY, SKLEARN, TORCH, JAX, STOCK, TUNED, TENSORFLOW_JS)
