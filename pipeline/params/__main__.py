"""Check, before any stage runs, params.yaml (its keys and values, and whether they fit the table) and the folder."""

from collections.abc import Sequence
from pathlib import Path

from pipeline import params
from pipeline.params import Params
from pipeline.record.start import RunKind, Start
from pipeline.record.store import Store
from pipeline.safety.dvc_repair import repair
from pipeline.safety.errors import UserError
from pipeline.safety.preflight import check_checkout
from pipeline.safety.stage import safe_stage
from pipeline.tables import descriptions, reading, splits
from pipeline.tables.datasets import OWN, known
from pipeline.tables.preparation import PreparedFile
from pipeline.tables.splits import Split, SplitRule
from pipeline.tables.store import ROOT, TableStore


def main() -> None:
    """Print that all is well, or end with one line that says what is not."""
    for name in repair(ROOT):
        print(f"{name} was left incomplete when DVC was killed; DVC creates it again")
    check(params.load(), ROOT, Store(ROOT).read_start())
    check_checkout(ROOT)
    print("params.yaml is valid")


def check(settings: Params, root: Path, start: Start | None = None) -> None:
    """Raise `UserError` unless the settings and the start fit the table that they name, in the project at `root`."""
    normalize, download = settings.normalize, settings.download
    dataset = None if download.dataset == OWN else known(download.dataset)
    if normalize.split == "tfjs" and (dataset is None or dataset.fixed_split is None):
        raise UserError(
            f"normalize.split is tfjs, but download.dataset {download.dataset} has no fixed split: set split to random"
        )
    if dataset is not None:
        reading.check_columns(dataset.names, normalize.target, normalize.features)
        split = splits.split_of(dataset.rows, normalize, TableStore(root).tfjs_test_rows())
        # Which values a category has is not known before the table is there: then the stage train checks the start.
        _check_rows(settings, start if not normalize.categories else None, split, normalize.features)
    elif download.url is None:  # of an address nothing is known before it is fetched
        descriptions.read(root, download.csv)
        found = TableStore(root).open_table(download.csv)
        fitted = PreparedFile.of(found.columns, normalize, (), found.sheet.place).fitted
        _check_rows(settings, start, fitted.split, fitted.names)


def _check_rows(settings: Params, start: Start | None, split: Split | SplitRule, inputs: Sequence[str]) -> None:
    """Raise `UserError` unless a run on the training rows of this split, and on these inputs, can begin."""
    splits.check_batch_size(settings.train.batch_size, split.sizes["train"])
    if start:
        kind = RunKind.of(settings.train, settings.normalize.target, inputs, split.listed().train)
        start.fit(kind, settings.train.epochs)


if __name__ == "__main__":
    with safe_stage():
        main()
