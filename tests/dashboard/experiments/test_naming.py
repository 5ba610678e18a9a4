"""Tests of `dashboard.experiments.naming`: names that say what was changed and that git takes."""

import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.experiments.naming import MAX_LENGTH, check_name, suggest_name
from pipeline.params import Normalize, Train
from pipeline.safety.errors import UserError

KEYS = [f"{name}.{key}" for name, kind in (("train", Train), ("normalize", Normalize)) for key in kind.model_fields]
ANY_VALUE = st.booleans() | st.integers() | st.floats() | st.lists(st.text()) | st.sampled_from(["mae", "one_hidden"])


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"train.learning_rate": 0.05, "train.batch_size": 32}, "lr-0.05_bs-32"),
        ({"train.learning_rate": 1e-06}, "lr-1e-06"),
        ({"train.model": "one_hidden", "train.nesterov": True}, "model-one_hidden_nesterov"),
        ({"train.nesterov": False}, "no-nesterov"),
        ({"train.seed": 1, "normalize.seed": 2}, "seed-1_split-seed-2"),
        ({"normalize.features": ("rm", "lstat")}, "2-features"),
        ({}, "run"),
    ],
)
def test_a_name_says_what_was_changed(changes: dict[str, Any], name: str) -> None:
    assert suggest_name(changes) == name


def test_a_taken_name_is_counted_up() -> None:
    assert suggest_name({"train.seed": 1}, {"seed-1"}) == "seed-1-2"
    assert suggest_name({"train.seed": 1}, {"seed-1", "seed-1-2", "other"}) == "seed-1-3"


@given(st.dictionaries(st.sampled_from(KEYS), ANY_VALUE), st.sets(st.text()))
def test_every_suggested_name_is_allowed(changes: dict[str, Any], taken: set[str]) -> None:
    check_name(suggest_name(changes, taken), taken)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *dict.fromkeys(
            ["", "--force", "refs/heads/x", "a..b", "a\n", "a.lock", "a@{1}", "x" * (MAX_LENGTH + 1)],
            "cannot name an experiment: use 1 to 60 of the letters",
        ).items(),
        ("HEAD", "has another meaning in DVC"),
        ("workspace", "has another meaning in DVC"),
        ("mine", "there is an experiment mine already"),
    ],
)
def test_a_name_that_git_or_dvc_would_stumble_over_is_refused(name: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        check_name(name, {"mine"})


@pytest.mark.parametrize("name", ["lr-0.05_bs-32", "1e-06", "A+b", "x" * MAX_LENGTH, "lock", "a.b.c", "a-", "a+"])
def test_git_takes_what_is_allowed(name: str) -> None:
    check_name(name)
    subprocess.run(["git", "check-ref-format", f"refs/exps/ab/cd/{name}"], check=True)
