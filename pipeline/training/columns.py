"""The encoding as layers of Keras, so that a saved model takes the columns of a raw table as they are."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.tables.encoding import Encoding
from pipeline.tables.names import distinct
from pipeline.tables.scaling import Scaling
from pipeline.training.frameworks import keras


def take_columns(encoding: Encoding, scaling: Scaling, model: keras.Model) -> keras.Model:
    """Put the encoding and the scaling in front of a `model` that takes normalized inputs (rows, inputs).

    Both compute in float64: of a date in days, float32 would keep three minutes.
    The result takes a dictionary with a column (rows,) or (rows, 1) for each feature, by its name (in which `_` stands
    for `/`): text for a category, with "" for a gap; a number for any other, with NaN for a gap, 1 or 0 for yes or no,
    and days since 1970-01-01 for a date.
    """
    columns: dict[str, Any] = {}
    for feature in encoding.features:
        key = distinct(feature.name.replace("/", "_"), columns, "feature")
        columns[key] = keras.Input((1,), name=key, dtype="string" if feature.kind == "category" else "float64")

    def named(name: str) -> str:
        return distinct(name, columns, "layer")

    numbers = [column for column in columns.values() if column.dtype != "string"]
    categories = []
    for feature, (key, column) in zip(encoding.features, columns.items(), strict=True):
        if feature.kind == "category":
            vocabulary = [*feature.values, ""] if feature.tells_gaps else list(feature.values)
            unseen = distinct("[UNK]", vocabulary, "unseen")
            name = named(f"values of {key}")
            lookup = keras.layers.StringLookup(
                vocabulary=vocabulary, oov_token=unseen, output_mode="one_hot", name=name
            )
            categories.append(lookup(column))
    blocks = {"numbers": numbers, "categories": categories}
    joined = {name: _joined(parts, named(name)) for name, parts in blocks.items() if parts}
    encoder, name = _encoder(encoding, scaling, joined, named("encoding")), model.name
    model.name = named(name)
    return keras.Model(columns, model(encoder(joined)), name=name)


def _joined(parts: list[Any], name: str) -> Any:
    return keras.layers.Concatenate(name=name, dtype="float64")(parts) if len(parts) > 1 else parts[0]


def _encoder(encoding: Encoding, scaling: Scaling, joined: Mapping[str, Any], name: str) -> keras.Model:
    """A model from the numbers and the one-hot values of all categories, each after one for an unseen value, to inputs.

    The operations are inside a model of their own, where no feature can have their names.
    """
    taken = {name: keras.Input(part.shape[1:], name=name, dtype="float64") for name, part in joined.items()}
    blocks, first = [], 0
    ordered = [feature for feature in encoding.features if feature.kind != "category"]
    places = {feature.name: [at] for at, feature in enumerate(ordered)}
    if ordered:
        blocks.append(taken["numbers"])
        first = len(ordered)
    if any(feature.fill is not None for feature in ordered):
        gaps = keras.ops.isnan(taken["numbers"])
        told = keras.ops.cast(gaps, "float64")
        means = keras.ops.multiply(told, np.array([feature.fill for feature in ordered]))  # a list would be float32
        blocks = [keras.ops.where(gaps, 0.0, taken["numbers"]) + means, told]
        for at, feature in enumerate(ordered):
            if feature.tells_gaps:
                places[feature.name].append(first + at)
        first *= 2
    for feature in encoding.features:
        if feature.kind == "category":
            places[feature.name] = [first + 1 + at for at in range(len(feature.inputs))]
            first += 1 + len(feature.inputs)
    if "categories" in taken:
        blocks.append(taken["categories"])
    order = [place for feature in encoding.features for place in places[feature.name]]
    inputs = keras.ops.take(_joined(blocks, "all"), order, axis=1)
    normalized = keras.ops.divide(keras.ops.subtract(inputs, scaling.mean), scaling.deviation)
    model = keras.Model(taken, normalized, name=name)
    for operation in model.operations:  # which Keras numbers by how many it has made before
        if not isinstance(operation, keras.layers.Layer):
            operation.name = type(operation).__name__.lower()
    return model
