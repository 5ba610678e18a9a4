"""What a `.keras` file may hold to be handed out: the layers that the pipeline writes, and nothing that runs."""

import io
import json
import zipfile
from typing import Any, Final

from pipeline.safety.errors import UserError

_FILES: Final = {"config.json", "metadata.json", "model.weights.h5"}
_MAX_CONFIG_BYTES: Final = 2**20
_CLASSES: Final = {"keras": {"Sequential", "DTypePolicy"}, "keras.layers": {"Dense", "InputLayer", "Rescaling"}}
_HARMLESS: Final = {"keras.initializers", "keras.regularizers", "keras.constraints"}


def check_archive(content: bytes, name: str) -> None:
    """Raise `UserError` for what is no `.keras` archive, or has a layer that the pipeline never writes.

    A `Lambda` layer carries Python code that Keras would run; others may name functions of any module.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if {entry.filename for entry in archive.infolist()} != _FILES:
                raise UserError(f"{name} holds other files than {', '.join(sorted(_FILES))}; run `dvc repro`")
            if archive.getinfo("config.json").file_size > _MAX_CONFIG_BYTES:
                raise UserError(f"{name} describes a model larger than any of this pipeline; run `dvc repro`")
            described = json.loads(archive.read("config.json"))
        stranger = _stranger(described)
    except (zipfile.BadZipFile, ValueError, RecursionError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise UserError(f"{name} is not a .keras file; run `dvc repro` to make it again") from None
    if stranger is not None:
        raise UserError(f"{name} holds {stranger[:60]}, which may run code when it is loaded; run `dvc repro`")


def _stranger(described: Any) -> str | None:
    """The first class of a description that the pipeline does not use, registered by others or not."""
    if isinstance(described, list):
        return next((found for item in described if (found := _stranger(item)) is not None), None)
    if not isinstance(described, dict):
        return None
    if "class_name" in described:
        module, kind = str(described.get("module")), str(described["class_name"])
        known = module in _HARMLESS or kind in _CLASSES.get(module, ())
        if not known or described.get("registered_name") is not None:
            return f"{module}.{kind}"
    return _stranger(list(described.values()))
