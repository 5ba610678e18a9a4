"""Every number on the page Data is what numpy and pandas find in the table and in the published split."""

import numpy as np
import pytest

from tests.dashboard.views.conftest import Offered, OpenPage, axes, charts, drawn, texts
from tests.dashboard.views.independent import NAMES, TARGET, Boston, dollars, least_squares, title, written
from tests.projects import Project

UNITS = {
    "crim": "rate",
    "zn": "%",
    "indus": "%",
    "chas": "1 if so, else 0",
    "nox": "parts per 10 million",
    "rm": "rooms",
    "age": "%",
    "dis": "distance index",
    "rad": "index",
    "tax": "$ per $10,000",
    "ptratio": "pupils",
    "b": "index",
    "lstat": "%",
    "medv": "$1000",
}
"""What Harrison and Rubinfeld (1978) measure each column in."""


def test_the_numbers_of_the_table_and_of_its_split_are_those_of_numpy(
    open_page: OpenPage, recorded: Project, offered: Offered
) -> None:
    boston, page = Boston(recorded.root), open_page("data", feature="tax", column="tax")
    said, raw, rows = texts(page), boston.table, boston.rows

    assert page.title[0].value == f"{len(raw)} houses, {len(NAMES)} features"
    table = page.dataframe[0].value.set_index("column")
    assert dict(table["unit"]) == {title(name): unit for name, unit in UNITS.items()}
    assert table["meaning"]["rooms (rm)"] == "average number of rooms in a home"
    roles = dict.fromkeys(NAMES, "feature") | {"b": "left out", "medv": "target"}
    assert table["role"].to_dict() == {title(name): role for name, role in roles.items()}
    np.testing.assert_allclose(table["smallest"], raw.min())
    np.testing.assert_allclose(table["mean"], raw.mean())
    np.testing.assert_allclose(table["largest"], raw.max())
    spread = boston.raw[rows["train"]].std(axis=0)
    ratio = written(spread.max() / spread.min(), 2)
    widest, narrowest = (title(NAMES[at]) for at in (spread.argmax(), spread.argmin()))
    assert f"deviation of {widest} is {ratio} times that of {narrowest}" in said

    at, tax = NAMES.index("tax"), raw["tax"].to_numpy(float)
    before, after = charts(page)[:2]
    mean, sd, normalized = boston.mean[at], boston.deviation[at], boston.features[:, at]
    assert before == (
        "property tax (tax) as it is in the table: from 187 to 711. In the training rows the mean is "
        f"{written(mean)}, the standard deviation {written(sd)}."
    )
    assert after == (
        f"(property tax (tax) minus {written(mean)}) divided by {written(sd)}: from {written(normalized.min(), 4)} to "
        f"{written(normalized.max(), 4)}. In the training rows the mean is 0, the standard deviation 1."
    )
    for alt, values in ((before, tax), (after, normalized)):
        bars = drawn(page, alt)
        counts, edges = np.histogram(values, 30)
        assert bars["rows"].tolist() == counts.tolist()
        np.testing.assert_allclose(bars["begin"], edges[:-1], atol=1e-9)
    assert axes(page, before) == {"property tax (tax), $ per $10,000", "rows"}
    assert axes(page, after) == {"property tax (tax), in standard deviations from its mean", "rows"}

    correlations = {name: float(np.corrcoef(raw[name], boston.target)[0, 1]) for name in NAMES}
    ranked = sorted(NAMES, key=lambda name: -abs(correlations[name]))
    alt = (
        f"median price (medv) against property tax (tax). Correlation {written(correlations['tax'], 2)} (weak). "
        "Where property tax (tax) is higher, median price (medv) tends to"
    )
    dots, line = drawn(page, alt), drawn(page, alt, "line")
    np.testing.assert_array_equal(dots[["feature", "target"]], raw[["tax", "medv"]])
    cut_off = raw.index[raw["medv"] == 50].tolist()
    assert dots["row"][dots["kind"] == "cut off at 50"].tolist() == cut_off
    slope, bias = least_squares(tax[:, np.newaxis], boston.target)
    np.testing.assert_allclose(line["target"], [bias + slope * 187, bias + slope * 711])
    assert axes(page, alt) == {"property tax (tax), $ per $10,000", "median price (medv), $1000"}
    assert page.selectbox(key="feature").options == [title(name) for name in ranked]
    cells = drawn(page, "Correlations. The strongest").set_index(["row", "column"])["r"]
    expected = np.corrcoef(raw[["medv", *ranked]].to_numpy(float), rowvar=False)
    np.testing.assert_allclose(cells.to_numpy().reshape(13, 13), expected)
    assert cells["rm", TARGET] == pytest.approx(correlations["rm"])
    signs = ["+" if correlations[name] > 0 else "" for name in ranked[:3]]
    signed = [f"{title(n)} {sign}{written(correlations[n], 2)}" for n, sign in zip(ranked[:3], signs, strict=True)]
    assert f"the strongest are {', '.join(signed)}." in said

    assert f"The {len(rows['test'])} test rows are those of the TensorFlow.js example." in said
    assert f"The other {len(rows['fitted'])} are shuffled by seed 0; the last {len(rows['validation'])} are" in said
    assert f"the {len(rows['train'])} before them for training" in said
    for part, called in (("train", "training"), ("validation", "validation"), ("test", "test")):
        prices = boston.target[rows[part]]
        assert f"**{len(prices)} {called} rows**" in said
        bars = drawn(
            page,
            f"median price (medv) in the {called} rows: mean {dollars(prices.mean())}, "
            f"standard deviation {dollars(prices.std())}.",
        )
        assert bars["rows"].tolist() == np.histogram(prices, np.linspace(5, 50, 31))[0].tolist()

    page.selectbox(key="feature").select("rm").run()
    along = (
        f"Correlation +{written(correlations['rm'], 2)} (strong). Where rooms (rm) is higher, median price (medv) tends"
    )
    assert f"{along} to be higher." in texts(page)

    file = offered("normalized.csv")
    np.testing.assert_allclose(file[list(NAMES)], boston.features, atol=1e-9)
    np.testing.assert_array_equal(file[TARGET], boston.target)
    for part in ("train", "validation", "test"):
        assert set(np.flatnonzero(file["part"] == part)) == set(rows[part])
    np.testing.assert_array_equal(offered("raw.csv"), raw)
