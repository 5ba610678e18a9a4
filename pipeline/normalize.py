"""Stage normalize: split the rows, fit the scaling on those the model is fitted on, normalize every row."""

from pipeline import params
from pipeline.safety.stage import safe_stage
from pipeline.tables.preparation import prepare
from pipeline.tables.store import TableStore


def main() -> None:
    """Read the section `normalize` from the command line; write the normalized table, split and scaling."""
    settings = params.from_command_line(params.Normalize)
    store = TableStore()
    data = prepare(store.read_raw(), settings, store.tfjs_test_rows())
    store.write_normalized(data)
    sizes = [f"{len(rows)} {part}" for part, rows in data.split.parts().items()]
    print(f"normalize: {', '.join(sizes)} rows; {len(data.names)} features")


if __name__ == "__main__":
    with safe_stage():
        main()
