"""The Boston data and the default settings, for the tests of all modules."""

from collections.abc import Callable

import pytest

from pipeline.params import Params, Train
from pipeline.record.store import ROOT, Store
from pipeline.tables import reading
from pipeline.tables.preparation import PreparedData, prepare
from tests.defaults import defaults as tests_defaults

TrainWith = Callable[..., Train]


@pytest.fixture(scope="session")
def defaults() -> Params:
    """The settings of the default run."""
    return tests_defaults()


@pytest.fixture(scope="session")
def boston(defaults: Params) -> PreparedData:
    """The bundled table, prepared as params.yaml says."""
    table = reading.parse((ROOT / "data" / "boston_housing.csv").read_bytes(), "boston_housing.csv")
    return prepare(table, defaults.normalize, Store().tfjs_test_rows())


@pytest.fixture(scope="session")
def train(defaults: Params) -> TrainWith:
    """Make validated settings for training: the default ones with some changes."""
    return lambda **settings: Train.model_validate({**defaults.train.model_dump(), **settings})
