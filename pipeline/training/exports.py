"""A trained model as a `.keras` file that takes raw features as they are in the table: same run, same bytes."""

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.network.layers import unpacked
from pipeline.tables.encoding import Encoding
from pipeline.tables.scaling import Scaling
from pipeline.training.columns import take_columns
from pipeline.training.frameworks import keras
from pipeline.training.models import build, layers_of

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first date a zip archive knows


def keras_file(name: str, weights: NDArray[np.float32], scaling: Scaling, encoding: Encoding | None = None) -> bytes:
    """Build the model `name` in float32 with encoding and scaling in front, and return its `.keras` archive.

    `weights` is one row of the recorded weights. Without an encoding, or for a table of numbers without gaps, it takes
    one tensor (rows, features), else what `take_columns` says. What Keras varies from save to save (dates, ids made of
    memory addresses) is set to fixed values.
    """
    floatx = keras.config.floatx()
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    try:
        network = build(name, len(scaling.mean))
        factor, offset = 1 / scaling.deviation, -scaling.mean / scaling.deviation
        scale = keras.layers.Rescaling(factor.tolist(), offset.tolist(), name="scaling")
        for layer, kernel_and_bias in zip(network.layers, unpacked(layers_of(network), weights), strict=True):
            layer.set_weights(kernel_and_bias)
        raw = keras.Input((len(scaling.mean),), name="features")
        if encoding is None or encoding.is_plain:
            model = keras.Sequential([raw, scale, *network.layers], name=name)
        else:
            model = take_columns(encoding, scaling, keras.Sequential([raw, *network.layers], name=name))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.keras"
            model.save(path)
            return _with_fixed_values(path.read_bytes())
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(floatx)


def _with_fixed_values(archive: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name.endswith(".json"):
                content = json.dumps(_fixed(json.loads(content), {}), sort_keys=True).encode()
            new.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return out.getvalue()


def _fixed(value: Any, seen: dict[int, int]) -> Any:
    """Number shared objects in the order in which they are met, and drop the date of saving."""
    if isinstance(value, dict):
        fixed = {key: _fixed(item, seen) for key, item in value.items() if key != "shared_object_id"}
        if "shared_object_id" in value:
            fixed["shared_object_id"] = seen.setdefault(value["shared_object_id"], len(seen) + 1)
        if "date_saved" in value:
            fixed["date_saved"] = "1980-01-01@00:00:00"
        return fixed
    return [_fixed(item, seen) for item in value] if isinstance(value, list) else value
