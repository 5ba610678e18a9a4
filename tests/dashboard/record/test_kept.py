"""A clone in which nothing has run shows the committed run, all of it and no other."""

import json
import shutil
from pathlib import Path

import pytest

from dashboard.live.plans import Plan
from dashboard.record.kept import BUNDLED, RECORDED
from dashboard.record.reading import Records
from dashboard.record.source import read_prepared
from pipeline.record import store
from pipeline.record.store import Store
from pipeline.tables.store import RAW
from tests.projects import Project


@pytest.fixture
def clone(cloned: Project, tmp_path: Path) -> Project:
    """A clone in which nothing has run, and which a test may change."""
    return cloned.copy(tmp_path / "project")


def test_it_is_the_run_that_was_committed_and_can_be_trained_again(clone: Project, recorded: Project) -> None:
    assert not (clone.root / store.WEIGHTS).exists()
    snapshot, original = Records(clone.root).snapshot(), Records(recorded.root).snapshot()
    shown, meant = snapshot.record, original.record
    assert shown is not None
    assert meant is not None
    assert (snapshot.committed, snapshot.problem, original.committed) == (True, None, False)
    assert shown.run.weights.tobytes() == meant.run.weights.tobytes()
    assert shown.run.history.equals(meant.run.history)
    assert shown.predictions().equals(meant.predictions())
    assert (shown.metrics, shown.training) == (meant.metrics, meant.training)
    with shown.source.opened() as place:
        for name in RECORDED:
            assert (place.root / name).read_bytes() == (recorded.root / name).read_bytes(), name
    assert not place.root.exists()
    plan = Plan.of(shown.training.settings, shown.data.settings, shown)
    features = read_prepared(plan.source, plan.normalize).features
    assert features.tobytes() == meant.data.features().tobytes()


def test_it_gives_way_to_the_first_run_once_that_is_whole(clone: Project, recorded: Project) -> None:
    records = Records(clone.root)
    for name in [name for name in RECORDED if not (clone.root / name).exists()]:
        shutil.copy(recorded.root / name, clone.root / name)
        snapshot = records.snapshot()
        assert (snapshot.committed, snapshot.problem) == (name not in (store.TRAINING, store.MODEL), None), name
    shown = records.snapshot().record
    assert shown is not None
    assert not shown.source.committed


def test_what_is_not_the_run_that_was_committed_is_not_shown(clone: Project) -> None:
    (clone.root / RAW).write_text("left by a run that failed\n", encoding="utf-8")
    assert Records(clone.root).snapshot().committed
    metrics = clone.root / store.METRICS
    text = metrics.read_text(encoding="utf-8")
    metrics.write_text(json.dumps({**json.loads(text), "epochs_run": 7}), encoding="utf-8")
    assert nothing_is_shown(clone)
    metrics.write_text(text, encoding="utf-8")
    assert Records(clone.root).snapshot().committed
    for path in (clone.root / BUNDLED).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            path.chmod(0o644)
            path.write_bytes(content[:-1])
            assert nothing_is_shown(clone), path
            path.write_bytes(content)
    (clone.root / "dvc.lock").unlink()
    assert nothing_is_shown(clone)


def nothing_is_shown(project: Project) -> bool:
    snapshot = Records(project.root).snapshot()
    return snapshot.record is None and snapshot.missing


def test_dvc_takes_the_committed_run_from_the_clone_itself(clone: Project, recorded: Project) -> None:
    clone.dvc("pull", "--remote", "committed")
    assert Store(clone.root).read_run().weights.tobytes() == recorded.store.read_run().weights.tobytes()
    assert "up to date" in clone.dvc("status")
