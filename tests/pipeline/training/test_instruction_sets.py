"""The recorded bytes do not depend on what the processor can do."""

import shutil

import numpy as np
import pytest

from tests.projects import Project

_NUMPY_USES = " ".join(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))


@pytest.mark.parametrize(
    "variables",
    [
        {
            "XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2",
            "NPY_DISABLE_CPU_FEATURES": _NUMPY_USES,
            "OPENBLAS_CORETYPE": "Prescott",
        },
        {"XLA_FLAGS": "--xla_cpu_max_isa=AVX2", "OPENBLAS_CORETYPE": "Haswell"},
    ],
    ids=["SSE4.2", "AVX2"],
)
def test_every_stage_writes_the_same_bytes(project_copy: Project, recorded: Project, variables: dict[str, str]) -> None:
    data = project_copy.root / "data"
    for written in ("normalized.parquet", "scaling.json", "split.json"):
        (data / written).unlink()
    shutil.rmtree(data / "run")
    for stage in ("normalize", "train", "evaluate"):
        # what others have compiled is left aside, because it is kept whatever XLA_FLAGS says
        project_copy.stage(stage, variables={"TF_XLA_FLAGS": "", **variables})
    assert project_copy.results() == recorded.results()
