"""Live training for tests: plans of the recorded project, and workers that tests share."""

import gc
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner

from dashboard.live.plans import Plan
from dashboard.live.registry import Registry
from dashboard.record.reading import read_record
from dashboard.record.snapshot import Record
from pipeline import params
from pipeline.tables.preparation import PreparedData
from tests.projects import Project
from tests.waiting import is_ready, until

PlanWith = Callable[..., Plan]

_scan_once = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture(scope="session", autouse=True)
def what_is_there_is_searched_once() -> Iterator[None]:
    """Keep each run of a page from a search through all packages for components, and through all objects for garbage.

    For a server Streamlit does the first once, at its start, and dashboard/.streamlit/config.toml puts off the second.
    """
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", _scan_once)
        yield
    gc.unfreeze()


@pytest.fixture(scope="session")
def plan_with(recorded: Project) -> PlanWith:
    """Make a plan from the recorded project's params.yaml and record, with some settings changed and checked."""
    recorded_settings = params.load(recorded.root / "params.yaml")
    record = read_record(recorded.store)

    def plan(**changes: Any) -> Plan:
        sections = {name: getattr(recorded_settings, name).model_dump() for name in ("train", "normalize")}
        for name, value in changes.items():
            section, key = name.split("__")
            sections[section][key] = value
        train, normalize = params.Train(**sections["train"]), params.Normalize(**sections["normalize"])
        return Plan.of(train, normalize, record)

    return plan


@pytest.fixture(scope="session")
def record(recorded: Project) -> Record:
    """The recorded run, as the pages see it."""
    return read_record(recorded.store)


@pytest.fixture(scope="session")
def data(recorded: Project) -> PreparedData:
    """The recorded project's rows."""
    return recorded.store.read_normalized()


@pytest.fixture(scope="session")
def shared_trainer() -> Iterator[Registry]:
    """A registry of live runs with real workers that have started."""
    registry = Registry()
    until(lambda: is_ready(registry))
    yield registry
    registry.close()


@pytest.fixture
def trainer(shared_trainer: Registry) -> Iterator[Registry]:
    """The shared registry, with every place free. Runs that a test leaves are stopped."""
    yield shared_trainer
    left = list(shared_trainer._jobs.values())
    for job in left:
        job.stop()
    until(lambda: all(job.ended is not None for job in left))
