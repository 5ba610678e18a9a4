"""The recipe for a data set: edit one file, and its table trains and every page names its columns and rows."""

from pipeline.safety.files import sha256
from tests.projects import Project
from tests.recipes.recipe import SHOW_EVERY_PAGE, follow

# Ezekiel, Methods of Correlation Analysis (1930): stopping distances in feet, by speed in miles per hour.
_CARS = {
    4: [2, 10],
    7: [4, 22],
    8: [16],
    9: [10],
    10: [18, 26, 34],
    11: [17, 28],
    12: [14, 20, 24, 28],
    13: [26, 34, 34, 46],
    14: [26, 36, 60, 80],
    15: [20, 26, 54],
    16: [32, 40],
    17: [32, 40, 50],
    18: [42, 56, 76, 84],
    19: [36, 46, 68],
    20: [32, 48, 52, 56, 64],
    22: [66],
    23: [54],
    24: [70, 92, 93, 120],
    25: [85],
}


def test_a_data_set_takes_one_file_and_every_page_speaks_of_it(project_copy: Project) -> None:
    rows = [f"{speed},{distance}" for speed, distances in _CARS.items() for distance in distances]
    (project_copy.root / "data" / "cars.csv").write_text("\n".join(["speed,dist", *rows]), encoding="utf-8")
    project_copy.set(download__dataset="own", download__csv="data/cars.csv", train__batch_size="8")
    project_copy.set(normalize__target="dist", normalize__features="[speed]", normalize__split="random")
    project_copy.dvc("repro", "download")
    raw = project_copy.results()["data/raw.csv"]
    assert follow("A data set", project_copy) == ["pipeline/tables/datasets.py"]
    assert sha256(raw) in (project_copy.root / "pipeline" / "tables" / "datasets.py").read_text(encoding="utf-8")
    project_copy.set(download__dataset="cars")
    project_copy.repro()
    assert project_copy.results()["data/raw.csv"] == raw
    shown = project_copy.python("-c", SHOW_EVERY_PAGE).stdout
    assert "Stopping distances of cars" in shown
    assert "cars the model never saw" in shown
    assert "house" not in shown
