"""What DVC keeps, lost or broken: all is made again, or it is said what to do, and doing that is enough."""

import shutil
from pathlib import Path

import pytest

from pipeline.safety.errors import UserError
from pipeline.safety.preflight import check_checkout
from tests.projects import Project

CONFLICT = b"<<<<<<< HEAD\nschema: '2.0'\n=======\nschema: '1.0'\n>>>>>>> theirs\n"
ANEW = "delete it and run `dvc repro`, which makes it anew"
RESTORE = "restore it with `git checkout HEAD -- "


@pytest.fixture(scope="module")
def folder(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files at the top of a project; each test breaks one and finds the others whole."""
    root = tmp_path_factory.mktemp("folder")
    (root / ".dvc" / "tmp").mkdir(parents=True)
    for name in ("dvc.yaml", "dvc.lock", ".dvc/config"):
        shutil.copy(recorded.root / name, root / name)
    return root


def test_a_whole_folder_passes(folder: Path) -> None:
    check_checkout(folder)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("dvc.lock", CONFLICT, f"dvc.lock, line 1 is the mark of a merge conflict; {ANEW}"),
        ("dvc.lock", b"", f"dvc.lock is empty, cut short or holds no stages; {ANEW}"),
        ("dvc.lock", b"schema: '2.0'\nstages:\n", f"dvc.lock is empty, cut short or holds no stages; {ANEW}"),
        ("dvc.lock", b"schema: '2.0'\nstages:\n  a: {", f"dvc.lock, line 3 is not valid YAML; {ANEW}"),
        ("dvc.lock", b"\x00\xff\xfe", f"dvc.lock is not text in UTF-8; {ANEW}"),
        ("dvc.lock", b"\x00\x01", f"dvc.lock is not valid YAML; {ANEW}"),
        ("dvc.yaml", CONFLICT, f"dvc.yaml, line 1 is the mark of a merge conflict; {RESTORE}dvc.yaml`"),
        ("dvc.yaml", b"stages:\n  - : {", f"dvc.yaml, line 2 is not valid YAML; {RESTORE}dvc.yaml`"),
        ("dvc.yaml", None, f"dvc.yaml cannot be read: No such file or directory; {RESTORE}dvc.yaml`"),
        (".dvc/config", None, ".dvc/config is missing, so this folder is not a DVC project; " + RESTORE),
        (".dvc/config", b"[core\nx", ".dvc/config does not hold settings as DVC reads them; " + RESTORE),
        (".dvc/config", b"\xff", ".dvc/config does not hold settings as DVC reads them; " + RESTORE),
        (
            ".dvc/config",
            b"",
            "DVC's settings lack `bool = boolean_optional` below [parsing], as the stages need it; restore",
        ),
        (
            ".dvc/config.local",
            b"[parsing]\n    list = nargs\n",
            "DVC's settings lack `list = append` below [parsing], as the stages need it; correct or delete",
        ),
        (".dvc/config.local", b"[x", ".dvc/config.local does not hold settings as DVC reads them; correct or delete"),
    ],
)
def test_a_file_that_dvc_cannot_take_is_named_with_its_cure(
    folder: Path, name: str, content: bytes | None, said: str
) -> None:
    place = folder / name
    before = place.read_bytes() if place.exists() else None
    place.unlink(missing_ok=True)
    if content is not None:
        place.write_bytes(content)
    try:
        with pytest.raises(UserError) as caught:
            check_checkout(folder)
    finally:
        place.unlink(missing_ok=True)
        if before is not None:
            place.write_bytes(before)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_settings_that_dvc_takes_are_taken(folder: Path) -> None:
    place = folder / ".dvc" / "config.local"
    place.write_text(
        "\ufeff[core]\n    autostage = false\n"
        "[parsing]\n    bool = 'boolean_optional'\n    list = append  # one by one\n"
        '[cache]\n    dir = "/nowhere/yet"\n',
        encoding="utf-8",
    )
    try:
        check_checkout(folder)
    finally:
        place.unlink()


def test_the_cure_for_a_conflict_in_dvc_yaml_helps(project_copy: Project) -> None:
    project_copy.git("checkout", "--quiet", "-b", "theirs")
    for branch, folder in (("theirs", "their"), ("main", "our")):
        project_copy.git("checkout", "--quiet", branch)
        edited = (
            (project_copy.root / "dvc.yaml")
            .read_text(encoding="utf-8")
            .replace("  download:", f"  # {folder}\n  download:", 1)
        )
        (project_copy.root / "dvc.yaml").write_text(edited, encoding="utf-8")
        project_copy.git("commit", "--quiet", "--all", "--message", folder)
    project_copy.run("git", "merge", "--quiet", "theirs", status=1)
    said = project_copy.python("-m", "pipeline.params", status=1).stderr
    assert "is the mark of a merge conflict" in said
    project_copy.run("sh", "-c", said.split("`")[1])
    project_copy.python("-m", "pipeline.params")


def test_a_lock_file_in_conflict_is_refused_before_a_stage_runs_and_its_cure_loses_nothing(
    project_copy: Project, recorded: Project
) -> None:
    lock = project_copy.root / "dvc.lock"
    before = lock.read_bytes()
    lock.write_bytes(CONFLICT + before)
    said = project_copy.python("-m", "pipeline.params", status=1).stderr
    assert said == f"error: dvc.lock, line 1 is the mark of a merge conflict; {ANEW}\n"
    assert "possible merge conflicts" in project_copy.dvc("repro", status=255)
    lock.unlink()
    assert project_copy.repro() == []
    assert lock.read_bytes() == before
    assert project_copy.results() == recorded.results()


@pytest.mark.parametrize("note", ["", '{"write": {"data/raw.csv": {"pid": 1'])
def test_a_lock_that_was_cut_short_is_put_right_before_a_stage_runs(project_copy: Project, note: str) -> None:
    place = project_copy.root / ".dvc" / "tmp" / "rwlock"
    place.write_text(note)
    assert "RWLock-file '.dvc/tmp/rwlock'. JSON structure is corrupted" in project_copy.dvc("repro", status=255)
    project_copy.python("-m", "pipeline.params")
    assert project_copy.repro() == []


def test_a_lock_that_is_whole_stays(project_copy: Project) -> None:
    place = project_copy.root / ".dvc" / "tmp" / "rwlock"
    place.write_text('{"write": {}, "read": {}}')
    project_copy.python("-m", "pipeline.params")
    assert place.read_text() == '{"write": {}, "read": {}}'


def test_what_is_lost_of_dvc_s_temporary_files_and_of_the_outputs_comes_back(
    project_copy: Project, recorded: Project
) -> None:
    shutil.rmtree(project_copy.root / ".dvc" / "tmp")
    for name in ("data/raw.csv", "data/split.json", "data/run/model.keras"):
        (project_copy.root / name).unlink()
    (project_copy.root / "data" / "run" / "weights.parquet").write_bytes(b"garbage")
    assert project_copy.repro() == []
    assert project_copy.results() == recorded.results()


def test_with_a_cache_that_is_lost_or_broken_the_stages_run_again_and_give_the_same(
    project_copy: Project, recorded: Project
) -> None:
    cache = project_copy.root / ".dvc" / "cache" / "files" / "md5"
    names = ("data/raw.csv", "data/split.json", "data/scaling.json")
    raw, split, scaling = ((project_copy.root / name).read_bytes() for name in names)
    for path in [each for each in cache.rglob("*") if each.is_file()]:
        if (content := path.read_bytes()) in (raw, split):
            path.chmod(0o644)
            path.write_bytes(content[:-10])
        elif content == scaling:
            path.unlink()
    for name in names:
        (project_copy.root / name).unlink()
    ran = project_copy.repro()
    assert ran[:2] == ["download", "normalize"]
    assert project_copy.results() == recorded.results()
