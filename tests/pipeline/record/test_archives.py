"""A `.keras` file that may run code when it is loaded is not handed out; those the pipeline writes are."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.record import store
from pipeline.record.archives import check_archive
from pipeline.safety.errors import UserError
from pipeline.tables.scaling import Scaling
from pipeline.training.exports import keras_file
from pipeline.training.frameworks import keras
from pipeline.training.models import MODELS, layers_of
from tests.faults import damage
from tests.projects import Project

# Keras saves a tensor by numpy's former protocol for copies.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")

ROOT = Path(__file__).resolve().parents[3]
Change = Callable[[dict[str, Any]], object]


def rewritten(archive: bytes, change: Change) -> bytes:
    """The archive with its config changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                config = json.loads(content)
                change(config)
                content = json.dumps(config).encode()
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_model_of_the_pipeline_is_handed_out(name: str) -> None:
    count = sum(layer.size for layer in layers_of(MODELS[name](3)))
    check_archive(keras_file(name, np.zeros(count, np.float32), Scaling.none(3)), "model.keras")


def test_a_lambda_layer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trojan.keras"
    layers = [keras.Input((3,)), keras.layers.Lambda(lambda x: x * 2), keras.layers.Dense(1)]
    keras.Sequential(layers).save(path)
    with pytest.raises(
        UserError, match=r"^model\.keras holds keras\.layers\.Lambda, which may run code .*`dvc repro`$"
    ):
        check_archive(path.read_bytes(), "model.keras")


def _layer(change: dict[str, Any]) -> Change:
    return lambda config: config["config"]["layers"][2].update(change)


@pytest.mark.parametrize(
    "change",
    [
        _layer({"class_name": "Lambda"}),
        _layer({"class_name": "TorchModuleWrapper"}),
        _layer({"module": "os"}),
        _layer({"module": None, "class_name": "system"}),
        _layer({"registered_name": "evil>Layer"}),
        _layer({"class_name": ["Dense"]}),
        lambda config: config["config"]["layers"][2]["config"].update(
            activation={"module": "builtins", "class_name": "function", "config": "exec"}
        ),
        lambda config: config["config"]["layers"][2]["config"].update(
            deep=[[{"x": {"class_name": "__lambda__", "config": {"value": "6wMAAAA="}}}]]
        ),
    ],
)
def test_whatever_else_may_run_code_is_refused(recorded: Project, change: Change) -> None:
    archive = (recorded.root / store.MODEL).read_bytes()
    check_archive(archive, "model.keras")
    with pytest.raises(UserError, match=r"may run code when it is loaded; run `dvc repro`"):
        check_archive(rewritten(archive, change), "model.keras")


def test_a_file_more_than_a_model_has_is_refused(recorded: Project) -> None:
    archive = io.BytesIO((recorded.root / store.MODEL).read_bytes())
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr("assets/hook.py", "print()")
    with pytest.raises(UserError, match="holds other files than config"):
        check_archive(archive.getvalue(), "model.keras")


def test_what_is_no_archive_is_refused_in_one_line(recorded: Project) -> None:
    archive = (recorded.root / store.MODEL).read_bytes()
    for content in (*damage.garbage(), *damage.truncations(archive)):
        with pytest.raises(UserError, match=r"^model\.keras .*run `dvc repro`"):
            check_archive(content, "model.keras")


def test_nothing_is_unpickled_and_no_data_is_run_as_code() -> None:
    risky = re.compile(
        r"^\s*(?:import|from) (?:c?[pP]ickle|joblib|shelve|dill|cloudpickle|marshal)\b"
        r"|allow_pickle\s*=\s*True|read_pickle|to_pickle|safe_mode\s*=\s*False|enable_unsafe_deserialization"
        r"|yaml\.(?:unsafe_|full_)?load\(|YAML\((?!typ=\"safe\")|(?<![\w.])(?:eval|exec)\(|shell\s*=\s*True|os\.system",
        re.MULTILINE,
    )
    assert risky.search("import pickle\n")
    sources = [path for folder in ("pipeline", "dashboard") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(sources) > 80
    found = [f"{path.name}: {match.group()}" for path in sources if (match := risky.search(path.read_text("utf-8")))]
    assert not found
