"""The recipe for a model: edit two files, and it trains, evaluates and is a choice on the Train page."""

from tests.projects import Project
from tests.recipes.recipe import follow

_SHOW = """
from typing import get_args

from pipeline.params import Train, load
from pipeline.record.store import Store

print(load().train.model, len(Store().read_run().result), *get_args(Train.model_fields["model"].annotation))
"""


def test_a_model_takes_two_files_and_trains(project_copy: Project) -> None:
    assert len(follow("A model", project_copy)) == 2
    project_copy.set(train__model="small", train__epochs="5")
    assert project_copy.repro()[-2:] == ["train", "evaluate"]
    trained, weights, *choices = project_copy.python("-c", _SHOW).stdout.split()
    assert (trained, weights) == ("small", str(12 * 20 + 20 + 20 + 1))
    assert {"linear", "one_hidden", "two_hidden", "small"} <= {*choices}
