"""What surrounds the work of every stage."""

import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.record.store import ROOT

_PROBE = """
import gc

from pipeline.safety.stage import safe_stage

looked_for_garbage = gc.isenabled()
with safe_stage():
    print(looked_for_garbage, gc.isenabled(), gc.get_freeze_count() > 0)
"""


def test_garbage_is_looked_for_while_a_stage_works_but_not_while_its_modules_are_imported(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "pipeline", tmp_path / "pipeline")
    (tmp_path / "pipeline" / "probe.py").write_text(_PROBE, encoding="utf-8")
    command = [sys.executable, "-m", "pipeline.probe"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True"]
