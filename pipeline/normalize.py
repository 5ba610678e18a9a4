"""Stage normalize: split the rows, fit the scaling on those the model is fitted on, normalize every row."""

from pipeline import params, splits, tables
from pipeline.errors import run_stage
from pipeline.runs import Normalized
from pipeline.scaling import Scaling
from pipeline.store import Store


def main() -> None:
    """Read the section `normalize` from the command line; write the normalized table, split and scaling."""
    settings = params.from_command_line(params.Normalize)
    store = Store()
    table = store.read_raw()
    tables.check_columns(list(table.columns), settings.target, settings.features)
    raw = table[list(settings.features)].to_numpy()
    test = store.tfjs_test_rows() if settings.split == "tfjs" else settings.test_fraction
    split = splits.draw(len(raw), settings.validation_fraction, settings.seed, test)
    scaling = Scaling.none(len(settings.features))
    if settings.scaling == "z_score":
        scaling = Scaling.fit(raw[getattr(split, settings.statistics_from.removesuffix("_rows"))], settings.features)
    target = table[settings.target].to_numpy()
    store.write_normalized(Normalized(settings.features, settings.target, scaling.apply(raw), target, split, scaling))
    print(f"normalize: {len(split.train)} training, {len(split.validation)} validation, {len(split.test)} test rows")


if __name__ == "__main__":
    run_stage(main)
