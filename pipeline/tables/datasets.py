"""The data sets known by name: sources, rows, columns, and what to know before using them."""

from dataclasses import dataclass
from typing import Final

from pipeline.safety.errors import UserError

OWN: Final = "own"
"""The value of `download.dataset` for a table that is not among `DATASETS`."""


@dataclass(frozen=True)
class Source:
    """The address of a file, and the SHA-256 that its bytes must have."""

    url: str
    sha256: str


@dataclass(frozen=True)
class Column:
    """A column: its name, the noun by which people call it, what it measures and in which unit."""

    name: str
    noun: str
    meaning: str
    unit: str


@dataclass(frozen=True)
class Dataset:
    """All that is known of a table of numbers with pinned sources.

    `sha256` is that of its canonical form. `about` completes "title: ..."; `row` and `row_plural` are the nouns for one
    row and for several. `censored_at` is where the collectors cut `target` off, in its unit. `fixed_split` says whose
    test rows `normalize.split: tfjs` takes; a data set without it has random splits only. `tutorial_test_mse` is the
    test error of a published run on those rows, in the target's unit squared. `cautions` are what to know before using
    the data, in Markdown, and concern `doubtful` columns, which are no features unless asked for.
    """

    title: str
    about: str
    row: str
    row_plural: str
    target: str
    columns: tuple[Column, ...]
    rows: int
    sha256: str
    sources: tuple[Source, ...]
    cautions: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    censored_at: float | None = None
    fixed_split: str | None = None
    tutorial_test_mse: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def usual_features(self) -> tuple[str, ...]:
        """The columns from which its target is predicted unless others are asked for."""
        return tuple(name for name in self.names if name != self.target and name not in self.doubtful)


_RAW: Final = "https://raw.githubusercontent.com"

DATASETS: Final[dict[str, Dataset]] = {
    "boston_housing": Dataset(
        title="Boston housing (Harrison and Rubinfeld, 1978)",
        about="census tracts of greater Boston in 1970, one per row; the pages call a tract a house, and its price "
        "is the median price of the tract's homes",
        row="house",
        row_plural="houses",
        target="medv",
        rows=506,
        sha256="24ec814c9b6c5bb1cae0f6d203636413195ade13a34b62920787599f63eefd7e",
        censored_at=50.0,
        fixed_split="those of the TensorFlow.js example",
        tutorial_test_mse=25.32,
        cautions=(
            "The column `b` is computed from the share of Black residents, by a formula that assumes that racial "
            "segregation affects prices. By default it is left out of the features, as in the TensorFlow.js example. "
            "Leaving it out does not remove the problem: other columns are correlated with it, most of all `rad` and "
            "`tax`. scikit-learn removed the data set for this reason. It is here only to show how training works: do "
            "not predict real prices with it.",
            "Prices above \\$50,000 were recorded as 50. The scatter plots mark these rows.",
        ),
        doubtful=("b",),
        sources=(
            Source(
                f"{_RAW}/stdlib-js/datasets-harrison-boston-house-prices"
                "/bfae217e1234b1584936fe1eca76f64ae9c1ecc5/data/data.csv",
                "dabe774132cf1f35464a048f213b1d4f39f64ad9efb1157d64d457702f72e19b",
            ),
            Source(
                f"{_RAW}/selva86/datasets/c943fa8851270387c44d26efb0f9c0aac1559e11/BostonHousing.csv",
                "ab16ba38fbbbbcc69fe930aab1293104f1442c8279c130d9eba03dd864bef675",
            ),
        ),
        columns=(
            Column("crim", "crime rate", "crime rate of the town, said by the source to be per resident", "rate"),
            Column("zn", "large lots", "residential land zoned for large lots (over 25,000 square feet)", "%"),
            Column("indus", "industry", "land of the town used by business other than retail", "%"),
            Column("chas", "river", "bounds the Charles River", "1 if so, else 0"),
            Column("nox", "nitric oxides", "nitric oxides in the air", "parts per 10 million"),
            Column("rm", "rooms", "average number of rooms in a home", "rooms"),
            Column("age", "old homes", "owner-occupied homes built before 1940", "%"),
            Column("dis", "distance to work", "weighted distance to five employment centres", "distance index"),
            Column("rad", "highways", "access to radial highways", "index"),
            Column("tax", "property tax", "property tax", "$ per $10,000"),
            Column("ptratio", "pupils per teacher", "pupils per teacher in the town", "pupils"),
            Column(
                "b",
                "racial index",
                "1000 (Bk - 0.63)^2, Bk the share of Black residents: a racist construction",
                "index",
            ),
            Column("lstat", "lower status", "residents counted as of lower status", "%"),
            Column("medv", "median price", "median price of an owner-occupied home", "$1000"),
        ),
    ),
}


def recognized(sha256: str) -> str | None:
    """The name of the data set whose canonical form has this hash; `None` if there is none."""
    return next((name for name, dataset in DATASETS.items() if dataset.sha256 == sha256), None)


def known(name: str) -> Dataset:
    """The data set of this name. Raises `UserError` where there is none."""
    if name not in DATASETS:
        raise UserError(f"download.dataset is {name!r}; expected one of {', '.join([*DATASETS, OWN])}")
    return DATASETS[name]
