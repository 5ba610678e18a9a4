"""What the source promises: no shell, nothing that runs what it reads, every package pinned, nothing secret."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.record.store import ROOT
from pipeline.tables.datasets import DATASETS
from tests.projects import Project

CODE = sorted(path for folder in ("pipeline", "dashboard") for path in (ROOT / folder).rglob("*.py"))
SHELL = {"os.system", "os.popen", "os.spawnlp", "subprocess.getoutput", "subprocess.getstatusoutput", "eval", "exec"}
RUNS_WHAT_IT_READS = {"pickle", "marshal", "shelve", "joblib", "dill", "cloudpickle"}
LOCKS = sorted(ROOT.glob("requirements*.txt"))
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_\w{30}|glpat-\w{20}|xox[abp]-|"
    r"(?i:password|secret|api_?key|token)\s*[=:]\s*[\"'][^\"'{<]{8}"
)


def calls(path: Path) -> Iterator[ast.Call]:
    """Every call in a file."""
    return (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))


def test_no_code_uses_a_shell_or_runs_what_it_reads() -> None:
    for path in CODE:
        for call in calls(path):
            assert ast.unparse(call.func) not in SHELL, path
            shell = [word.value for word in call.keywords if word.arg == "shell"]
            assert all(isinstance(value, ast.Constant) and value.value is False for value in shell), path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name for alias in node.names} | {str(getattr(node, "module", ""))}
                assert not {name.partition(".")[0] for name in names} & RUNS_WHAT_IT_READS, path


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_is_pinned_to_its_hash(lock: Path) -> None:
    packages = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert packages
    for line in packages:
        assert re.fullmatch(r"[a-z0-9._-]+==\S+( ; .+?)?(\s+--hash=sha256:[0-9a-f]{64})+", line), line


def test_every_setup_demands_the_hashes() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in re.findall(r"^.*pip install.*$", recipe, re.MULTILINE):
        assert "--require-hashes" in line or "--no-deps" in line


def test_every_source_is_pinned_to_its_bytes_and_fetched_over_tls() -> None:
    for dataset in DATASETS.values():
        assert re.fullmatch("[0-9a-f]{64}", dataset.sha256)
        for source in dataset.sources:
            assert source.url.startswith("https://")
            assert re.search("/[0-9a-f]{40}/", source.url)
            assert re.fullmatch("[0-9a-f]{64}", source.sha256)


def test_no_file_holds_a_secret(recorded: Project) -> None:
    for name in recorded.git("ls-files", "-z").split("\0")[:-1]:
        content = (recorded.root / name).read_bytes().decode("utf-8", "ignore")
        assert not SECRET.search(content), name
        assert Path(name).name not in ("secrets.toml", ".env", "config.local")


def test_nothing_is_told_to_anyone() -> None:
    told = tomllib.loads((ROOT / "dashboard" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert told["browser"]["gatherUsageStats"] is False
    dvc = (ROOT / ".dvc" / "config").read_text(encoding="utf-8")
    assert re.search(r"^\s*analytics = false$", dvc, re.MULTILINE)
    assert re.search(r"^\s*check_update = false$", dvc, re.MULTILINE)
