"""The settings of a run on a data set that is known by name: those with which the lessons begin."""

from typing import Final

from pipeline.params.editing import Value
from pipeline.tables.datasets import known

SIMPLE: Final[dict[str, Value]] = {
    "model": "linear",
    "loss": "mse",
    "schedule": "constant",
    "momentum": 0.0,
    "nesterov": False,
    "early_stopping_patience": 0,
}
"""The settings of a first run on any table, which theory can foresee."""

_FIRST_RUN: Final[dict[str, Value]] = {
    "normalize.categories": (),
    "normalize.missing": "refuse",
    "normalize.test_fraction": 0.34,
    "normalize.validation_fraction": 0.2,
    "normalize.seed": 0,
    "normalize.scaling": "z_score",
    "normalize.statistics_from": "train_rows",
    **{f"train.{key}": value for key, value in SIMPLE.items()},
    "train.learning_rate": 0.01,
    "train.decay_epochs": 50,
    "train.batch_size": 40,
    "train.epochs": 200,
    "train.seed": 0,
    "train.device": "auto",
}


def settings_of(name: str) -> dict[str, Value]:
    """All values of params.yaml, by flat names, for a known data set. Raises `UserError` where there is none."""
    dataset = known(name)
    return {
        "download.dataset": name,
        "download.csv": f"data/{name}.csv",
        "download.url": None,
        "normalize.target": dataset.target,
        "normalize.features": dataset.usual_features,
        "normalize.split": "tfjs" if dataset.fixed_split else "random",
        **_FIRST_RUN,
    }
