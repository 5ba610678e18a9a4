"""Tests of proving a run: which update is the first that differs; and a run of other code, which is refused at once."""

from dataclasses import replace

import numpy as np
import pytest

from dashboard.experiments import listing
from dashboard.experiments.differences import equal, first_difference
from pipeline.safety.errors import UserError
from tests.dashboard.experiments.conftest import Laboratory
from tests.projects import Project


def test_a_run_with_a_setting_that_only_its_own_code_knows_is_neither_proved_nor_adopted(
    laboratory: Laboratory,
) -> None:
    run = laboratory["lr-0.05"]
    for changes, made in (
        ({"train.model": "small"}, r"train\.model small, which the code here does not know"),
        ({"train.depth": 3}, r"train\.depth 3, which the code here does not know"),
        ({"train": 3}, r"settings that do not fit the code here \(.*\)"),
    ):
        other = replace(run, params={**run.params, **changes})
        said = rf"^lr-0\.05 was made with {made}; get its code first$"
        for action in (listing.prove, listing.adopt_run):
            with pytest.raises(UserError, match=said):
                action(laboratory.root, other)


def test_the_first_update_that_differs_is_named_and_by_how_much(recorded: Project) -> None:
    run, features = recorded.store.read_run(), recorded.store.read_normalized().names
    assert first_difference(run, run.updates, run.weights, features) is None
    assert first_difference(run, run.updates[::7], run.weights[::7], features) is None
    other = run.weights.copy()
    other[17:, features.index("rm")] += np.float32(0.25)
    other[17, features.index("lstat")] = np.nextafter(other[17, features.index("lstat")], np.float32(np.inf))
    said = first_difference(run, run.updates, other, features)
    assert said == "update 17 is the first that differs, by 0.2 at most, in the weight of rm"
    said = first_difference(run, run.updates[:-7], run.weights[:-7], features)
    assert said == "it ends after 1,393 updates instead of 1,400; those that both have are equal"
    assert first_difference(run, run.updates, run.weights[:, 1:], features) == "it has 12 weights instead of 13"


def test_what_was_compared_is_said_whether_all_updates_are_recorded_or_some(recorded: Project) -> None:
    run = recorded.store.read_run()
    end = "are equal bit for bit, and the losses are as recorded"
    assert equal(run) == f"all 1,400 updates {end}"
    epochs = replace(run, updates=run.updates[::7], weights=run.weights[::7])  # as of a model with hidden layers
    assert equal(epochs) == f"the weights at all 201 moments that are recorded {end}"
