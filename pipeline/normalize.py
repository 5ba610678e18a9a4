"""Stage normalize: split the rows, fit encoding and scaling on those the model is fitted on, normalize every row."""

from pipeline import params
from pipeline.safety.errors import UserError
from pipeline.safety.files import sha256
from pipeline.safety.stage import safe_stage
from pipeline.tables.datasets import DATASETS
from pipeline.tables.preparation import kept_rows, prepare
from pipeline.tables.reading import canonical
from pipeline.tables.store import TableStore


def main() -> None:
    """Read the section `normalize` from the command line; write the normalized table, split, encoding and scaling."""
    settings = params.from_command_line(params.Normalize)
    store = TableStore()
    table = store.read_raw()
    with_fixed_split = [dataset.sha256 for dataset in DATASETS.values() if dataset.fixed_split]
    if settings.split == "tfjs" and sha256(canonical(table)) not in with_fixed_split:
        raise UserError("normalize.split is tfjs, but data/raw.csv has no fixed split: set split to random")
    if left_out := kept_rows(table, settings).left_out:
        print(f"normalize: {left_out}")
    data = prepare(table, settings, store.tfjs_test_rows())
    store.write_normalized(data)
    sizes = [f"{len(rows)} {part}" for part, rows in data.split.parts().items()]
    features, inputs = len(settings.features), len(data.names)
    made = f", which make {inputs} inputs" if inputs > features else ""
    print(f"normalize: {', '.join(sizes)} rows; {features} features{made}")


if __name__ == "__main__":
    with safe_stage():
        main()
