"""The settings of a run on a data set that is known by name: those with which the lessons begin."""

from typing import Final

from pipeline.params.editing import Value
from pipeline.tables.datasets import DATASETS, known

_FIRST_RUN: Final[dict[str, Value]] = {
    "normalize.categories": (),
    "normalize.missing": "refuse",
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


def name_of(sha256: str, target: str) -> str | None:
    """The known data set whose canonical form has this hash and whose own target this is; `None` if there is none."""
    return next((name for name, each in DATASETS.items() if (each.sha256, each.target) == (sha256, target)), None)


def settings_of(name: str) -> dict[str, Value]:
    """All values of params.yaml, by flat names, for a known data set. Raises `UserError` where there is none."""
    dataset = known(name)
    others = {dataset.target, *dataset.doubtful}
    return {
        "download.dataset": name,
        "download.csv": f"data/{name}.csv",
        "download.url": None,
        "normalize.target": dataset.target,
        "normalize.features": tuple(column for column in dataset.names if column not in others),
        "normalize.split": "tfjs" if dataset.fixed_split else "random",
        **_FIRST_RUN,
    }
