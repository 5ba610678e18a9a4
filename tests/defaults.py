"""The settings that tests begin with: the default run on the Boston data, whatever params.yaml holds in this folder."""

from pathlib import Path
from typing import Any, Final

from pipeline.params import PARAMS_FILE, Params, Train, validate
from pipeline.params.editing import with_values
from pipeline.safety.yaml_loader import parse

_FEATURES: Final = ("crim", "zn", "indus", "chas", "nox", "rm", "age", "dis", "rad", "tax", "ptratio", "lstat")

_BOSTON: Final[dict[str, Any]] = {
    "download.dataset": "boston_housing",
    "download.csv": "data/boston_housing.csv",
    "download.url": None,
    "normalize.target": "medv",
    "normalize.features": _FEATURES,
    "normalize.categories": [],
    "normalize.missing": "refuse",
    "normalize.split": "tfjs",
    "normalize.test_fraction": 0.34,
    "normalize.validation_fraction": 0.2,
    "normalize.seed": 0,
    "normalize.scaling": "z_score",
    "normalize.statistics_from": "train_rows",
    "train.model": "linear",
    "train.loss": "mse",
    "train.learning_rate": 0.01,
    "train.schedule": "constant",
    "train.decay_epochs": 50,
    "train.momentum": 0.0,
    "train.nesterov": False,
    "train.batch_size": 40,
    "train.epochs": 200,
    "train.seed": 0,
    "train.early_stopping_patience": 0,
    "train.device": "auto",
}


def default_text() -> str:
    """The text of params.yaml with the values of the default run; other settings keep theirs."""
    return with_values(PARAMS_FILE.read_text(encoding="utf-8"), _BOSTON)


def defaults() -> Params:
    """The settings of the default run."""
    return validate(parse(default_text().encode(), "params.yaml"))


def train(**changes: Any) -> Train:
    """Validated settings of training: those of the default run with some changes."""
    return Train.model_validate({**defaults().train.model_dump(), **changes})


def write_defaults(root: Path) -> None:
    """Write the settings of the default run into the project at `root`."""
    (root / "params.yaml").write_text(default_text(), encoding="utf-8")
