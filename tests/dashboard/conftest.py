"""Live training for tests: plans made of the recorded project, and workers that several tests share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.live.registry import Plan, Registry
from pipeline import params
from tests.dashboard.live.worker_talk import WorkerTalk
from tests.projects import Project
from tests.waiting import until

PlanWith = Callable[..., Plan]


@pytest.fixture(scope="session")
def plan_with(recorded: Project) -> PlanWith:
    """Make a plan of the recorded project's params.yaml and raw table with some knobs changed, checked as ever."""
    knobs = params.load(recorded.root / "params.yaml")
    table, test_rows = recorded.store.read_raw(), recorded.store.tfjs_test_rows()

    def plan(**changes: Any) -> Plan:
        sections = {"train": knobs.train.model_dump(), "normalize": knobs.normalize.model_dump()}
        for name, value in changes.items():
            section, key = name.split("__")
            sections[section][key] = value
        train, normalize = params.Train(**sections["train"]), params.Normalize(**sections["normalize"])
        return Plan.of(train, normalize, table, test_rows)

    return plan


@pytest.fixture(scope="session")
def shared_trainer() -> Iterator[Registry]:
    """A registry of live runs with real workers, warm."""
    registry = Registry()
    until(lambda: registry.ready)
    yield registry
    registry.close()


@pytest.fixture
def trainer(shared_trainer: Registry) -> Iterator[Registry]:
    """The shared registry, with every place free; what a test leaves training is stopped."""
    yield shared_trainer
    left = list(shared_trainer._jobs.values())
    for job in left:
        job.stop()
    until(lambda: all(job.ended is not None for job in left))


@pytest.fixture(scope="session")
def worker_talk() -> Iterator[WorkerTalk]:
    """A real worker process, spoken to line by line. Leave no run behind that is still going on."""
    with WorkerTalk() as talk:
        assert talk.on_event() == {"event": "ready"}
        yield talk
