"""What the source promises: every package is pinned, nothing is secret, nothing is reported to anyone."""

import re
import tomllib
from pathlib import Path

from pipeline.record.store import ROOT
from tests.projects import Project

SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_\w{30}|glpat-\w{20}|xox[abp]-|"
    r"(?i:password|secret|api_?key|token)\s*[=:]\s*[\"'][^\"'{<]{8}"
)


def test_every_setup_demands_the_hashes() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in re.findall(r"^.*pip install.*$", recipe, re.MULTILINE):
        assert "--require-hashes" in line or "--no-deps" in line


def test_no_file_holds_a_secret(recorded: Project) -> None:
    for name in recorded.git("ls-files", "-z").split("\0")[:-1]:
        content = (recorded.root / name).read_bytes().decode("utf-8", "ignore")
        assert not SECRET.search(content), name
        assert Path(name).name not in ("secrets.toml", ".env", "config.local")


def test_nothing_is_reported_to_anyone() -> None:
    config = tomllib.loads((ROOT / "dashboard" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False
    dvc = (ROOT / ".dvc" / "config").read_text(encoding="utf-8")
    assert re.search(r"^\s*analytics = false$", dvc, re.MULTILINE)
    assert re.search(r"^\s*check_update = false$", dvc, re.MULTILINE)
