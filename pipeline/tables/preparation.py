"""From the raw table to what a model sees: split, scaling fitted on the right rows, every row normalized."""

from collections.abc import Sequence

import pandas as pd

from pipeline.params import Normalize
from pipeline.safety.errors import UserError
from pipeline.tables import reading, splits
from pipeline.tables.prepared import PreparedData
from pipeline.tables.scaling import Scaling


def prepare(table: pd.DataFrame, settings: Normalize, tfjs_test_rows: Sequence[int]) -> PreparedData:
    """Normalize a raw table (rows, columns) as `settings` say.

    `tfjs_test_rows` are the rows that the split tfjs keeps for the test. Raises `UserError` for a column that the
    table lacks, a part without rows, or a feature that is constant in the rows its scaling is fitted on.
    """
    reading.check_columns(list(table.columns), settings.target, settings.features)
    if settings.split == "tfjs" and len(table) <= max(tfjs_test_rows):
        raise UserError(
            f"normalize.split is tfjs, which needs row {max(tfjs_test_rows)}, but the table has {len(table)} rows: "
            "set split to random"
        )
    raw = table[list(settings.features)].to_numpy()
    test = tfjs_test_rows if settings.split == "tfjs" else settings.test_fraction
    split = splits.draw(len(raw), settings.validation_fraction, settings.seed, test)
    scaling = Scaling.none(len(settings.features))
    if settings.scaling == "z_score":
        rows = split.train if settings.statistics_from == "train_rows" else split.train_and_validation
        scaling = Scaling.fit(raw[rows], settings.features)
    return PreparedData(settings, scaling.apply(raw), table[settings.target].to_numpy(), split, scaling)
