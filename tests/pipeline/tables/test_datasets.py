"""The data sets known by name: pinned, described, and equal to the bundled copy."""

import re

import pytest

from pipeline.safety.files import sha256
from pipeline.tables.datasets import DATASETS, Dataset
from tests.pipeline.conftest import BUNDLED, TABLE

every_dataset = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)


@every_dataset
def test_every_source_is_pinned_by_commit_and_by_hash(dataset: Dataset) -> None:
    assert dataset.sources
    for source in dataset.sources:
        assert re.fullmatch(r"https://raw\.githubusercontent\.com/[\w.-]+/[\w.-]+/[0-9a-f]{40}/\S+", source.url)
        assert re.fullmatch(r"[0-9a-f]{64}", source.sha256)


def test_the_bundled_copy_is_the_boston_table() -> None:
    boston = DATASETS["boston_housing"]
    assert sha256(BUNDLED) == boston.sha256
    assert (tuple(TABLE.columns), len(TABLE)) == (boston.names, boston.rows)
    assert TABLE["medv"].max() == boston.censored_at


@every_dataset
def test_every_column_has_a_short_noun_of_its_own(dataset: Dataset) -> None:
    nouns = [column.noun for column in dataset.columns]
    assert len(set(nouns)) == len(nouns)
    assert all(re.fullmatch(r"[a-z]+( [a-z]+){0,2}", noun) and len(noun) <= 20 for noun in nouns)
