"""Tests of `dashboard.experiments.naming`: names that say what was changed and that git takes."""

import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.experiments.naming import MAX_LENGTH, check_name, suggest_name
from pipeline.safety.errors import UserError

ANY_VALUE = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"train.learning_rate": 0.05, "train.batch_size": 32}, "lr-0.05_bs-32"),
        ({"train.learning_rate": 1e-06}, "lr-1e-06"),
        ({"train.model": "one_hidden", "train.nesterov": True}, "one_hidden_nesterov"),
        ({"train.nesterov": False, "train.loss": "mae"}, "no-nesterov_mae"),
        ({"train.seed": 1, "normalize.seed": 2}, "seed-1_split-seed-2"),
        ({"normalize.features": ("rm", "lstat")}, "2-features"),
        ({"download.csv": "../my houses.csv"}, "csv-my-houses.csv"),
        ({"download.csv": "a...b.lock.lock"}, "csv-a-.b"),
        ({}, "run"),
        ({"train.loss": "HEAD"}, "HEAD-2"),
    ],
)
def test_a_name_says_what_was_changed(changes: dict[str, Any], name: str) -> None:
    assert suggest_name(changes) == name


def test_a_taken_name_is_counted_up() -> None:
    assert suggest_name({"train.seed": 1}, {"seed-1"}) == "seed-1-2"
    assert suggest_name({"train.seed": 1}, {"seed-1", "seed-1-2", "other"}) == "seed-1-3"


@given(st.dictionaries(st.text() | st.just("normalize.features"), ANY_VALUE), st.sets(st.text()))
def test_every_suggested_name_is_allowed(changes: dict[str, Any], taken: set[str]) -> None:
    check_name(suggest_name(changes, taken), taken)


@pytest.mark.parametrize(
    "name", ["", "--force", "refs/heads/x", "a..b", "a\n", "a.lock", "a@{1}", "x" * (MAX_LENGTH + 1)]
)
def test_a_name_that_git_or_dvc_would_stumble_over_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="cannot name an experiment: use 1 to 60 of the letters"):
        check_name(name)


@pytest.mark.parametrize("name", ["HEAD", "workspace"])
def test_a_name_that_means_something_else_to_dvc_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="has another meaning in DVC"):
        check_name(name)


def test_a_taken_name_is_refused() -> None:
    with pytest.raises(UserError, match="there is an experiment mine already"):
        check_name("mine", {"mine"})


@pytest.mark.parametrize("name", ["lr-0.05_bs-32", "1e-06", "A+b", "x" * MAX_LENGTH, "lock", "a.b.c", "a-", "a+"])
def test_git_takes_what_is_allowed(name: str) -> None:
    check_name(name)
    subprocess.run(["git", "check-ref-format", f"refs/exps/ab/cd/{name}"], check=True)
