"""The Boston data, for the tests of all modules."""

from typing import Any, Final

import pandas as pd
import pytest

from pipeline.params import Normalize
from pipeline.record.store import ROOT, Store
from pipeline.tables import reading
from pipeline.tables.preparation import PreparedData, prepare
from tests.defaults import defaults

BUNDLED: Final = (ROOT / "data" / "boston_housing.csv").read_bytes()
TABLE: Final = reading.parse(BUNDLED, "boston_housing.csv")


def prepared(table: pd.DataFrame = TABLE, **changes: Any) -> PreparedData:
    """Prepare a table with the default settings but for the `changes`."""
    settings = Normalize.model_validate({**defaults().normalize.model_dump(), **changes})
    return prepare(table, settings, Store().tfjs_test_rows())


@pytest.fixture(scope="session")
def boston() -> PreparedData:
    """The bundled table, prepared."""
    return prepared()
