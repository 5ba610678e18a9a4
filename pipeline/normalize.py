"""Stage normalize: split the rows, fit encoding and scaling on those the model is fitted on, normalize every row."""

from pipeline import params
from pipeline.safety.errors import UserError
from pipeline.safety.files import sha256
from pipeline.safety.stage import safe_stage
from pipeline.tables.datasets import DATASETS, recognized
from pipeline.tables.preparation import PreparedFile
from pipeline.tables.store import TableStore
from pipeline.tables.typed import Typed


def main() -> None:
    """Read the section `normalize` from the command line; write the normalized table, split, encoding and scaling."""
    settings = params.from_command_line(params.Normalize)
    store = TableStore()
    columns = store.open_raw().columns
    if settings.split == "tfjs" and not _has_fixed_split(columns):
        raise UserError("normalize.split is tfjs, but data/raw.csv has no fixed split: set split to random")
    prepared = PreparedFile.of(columns, settings, store.tfjs_test_rows())
    if prepared.left_out:
        print(f"normalize: {prepared.left_out}")
    store.normalize(prepared)
    sizes = [f"{rows} {part}" for part, rows in prepared.fitted.sizes.items()]
    features, inputs = len(settings.features), len(prepared.fitted.names)
    made = f", which make {inputs} inputs" if inputs > features else ""
    print(f"normalize: {', '.join(sizes)} rows; {features} features{made}")


def _has_fixed_split(columns: Typed) -> bool:
    if columns.rows not in [dataset.rows for dataset in DATASETS.values()]:  # of a long table there is no need to ask
        return False
    name = recognized(sha256(b"".join(columns.lines())))
    return name is not None and DATASETS[name].fixed_split is not None


if __name__ == "__main__":
    with safe_stage():
        main()
