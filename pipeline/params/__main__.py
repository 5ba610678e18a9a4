"""Check params.yaml alone, before any stage runs: its keys and values, and whether they fit the table."""

from pipeline import params, splits, tables
from pipeline.datasets import DATASETS
from pipeline.errors import UserError, run_stage
from pipeline.store import ROOT, Store


def main() -> None:
    """Print that all is well, or end with one line that says what is not."""
    knobs = params.load()
    size = _columns_and_rows(knobs.download)
    if size is not None:
        columns, rows = size
        tables.check_columns(columns, knobs.normalize.target, knobs.normalize.features)
        normalize = knobs.normalize
        test = Store().tfjs_test_rows() if normalize.split == "tfjs" else normalize.test_fraction
        split = splits.draw(rows, normalize.validation_fraction, normalize.seed, test)
        splits.check_batch_size(knobs.train.batch_size, len(split.train))
    print("params.yaml is valid")


def _columns_and_rows(download: params.Download) -> tuple[list[str], int] | None:
    """What is known of the table without a network: all of a known data set and of a file, nothing of an address."""
    if download.dataset != "own":
        dataset = DATASETS[download.dataset]
        return list(dataset.names), dataset.rows
    if download.url is not None:
        return None
    try:
        table = tables.parse((ROOT / download.csv).read_bytes(), download.csv)
    except OSError as error:
        raise UserError(f"download.csv is {download.csv!r}, which cannot be read: {error.strerror}") from None
    return list(table.columns), len(table)


if __name__ == "__main__":
    run_stage(main)
