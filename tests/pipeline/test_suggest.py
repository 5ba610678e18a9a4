"""The command that looks at a table: what it prints, what it writes, and that the pipeline then trains on the table."""

from pathlib import Path

import pytest

from pipeline.params import load
from tests.projects import Project
from tests.shapes import shapes

MINE = "data/mine.csv"


@pytest.fixture
def project(project_copy: Project) -> Project:
    """A project with a table of mixed kinds, with gaps, which git does not know yet."""
    shapes()["penguins"].table.to_csv(project_copy.root / MINE, index=False, sep=";", decimal=",")
    return project_copy


def suggest(project: Project, *arguments: str, status: int = 0) -> str:
    done = project.python("-m", "pipeline.suggest", *arguments, status=status)
    return done.stdout + done.stderr


def test_a_table_is_described_and_trained_with_what_is_written(project: Project) -> None:
    said = suggest(project, MINE, "--target", "mass")
    for line in (
        "data/mine.csv: 344 rows, 6 columns, separated by semicolons, decimal comma",
        "species      text       0       3  category",
        "sex          text       9       2  category",
        "+  categories: [species, sex]",
        "git add data/mine.csv",
        "next: make repro",
    ):
        assert line in said, said
    assert project.repro() == ["download", "normalize", "train", "evaluate"]
    metrics = project.store.read_metrics()
    assert metrics.test["r2"] > metrics.least_squares["r2"] - 0.03 > 0.8


def test_a_dry_run_writes_nothing(project: Project) -> None:
    before = project.git("status", "--porcelain")
    assert "nothing was written" in suggest(project, MINE, "--target", "mass", "--dry-run")
    assert project.git("status", "--porcelain") == before


def test_without_a_target_the_likely_ones_are_listed_as_commands(project: Project) -> None:
    before = project.git("status", "--porcelain")
    said = suggest(project, MINE)
    assert f"make table CSV={MINE} TARGET=mass" in said
    assert "species" not in said
    assert project.git("status", "--porcelain") == before


def test_the_command_for_a_target_that_begins_with_a_dash_can_be_run(project: Project, tmp_path: Path) -> None:
    table = tmp_path / "dash.csv"
    table.write_text("size,-price\n" + "".join(f"{row % 7},{row * 5 % 11}\n" for row in range(60)))
    said = suggest(project, str(table))
    assert "TARGET=-price" in said
    assert "predict -price from 1 column" in suggest(project, str(table), "--target=-price", "--dry-run")


def test_a_table_outside_is_copied_into_data_and_a_branch_of_another_run_begins_no_more(
    project: Project, tmp_path: Path
) -> None:
    table = tmp_path / "my houses.csv"
    shapes()["advertising"].table.to_csv(table, index=False)
    (project.root / "start.json").write_text('{"parent": "of another table"}\n')
    said = suggest(project, str(table), "--target", "sales")
    assert "copied the table to data/my houses.csv" in said
    assert "git add 'data/my houses.csv'" in said
    assert (project.root / "data" / "my houses.csv").read_bytes() == table.read_bytes()
    assert load(project.root / "params.yaml").download.csv == "data/my houses.csv"
    assert (project.root / "start.json").read_text() == "{}\n"
    project.python("-m", "pipeline.params")


def test_the_bundled_table_and_its_target_bring_the_settings_of_the_lessons_back(project: Project) -> None:
    before = (project.root / "params.yaml").read_bytes()
    suggest(project, MINE, "--target", "mass")
    said = suggest(project, "data/boston_housing.csv", "--target", "medv")
    assert "+  dataset: boston_housing" in said
    assert "git add" not in said
    assert (project.root / "params.yaml").read_bytes() == before
    suggest(project, "data/boston_housing.csv", "--target", "rm")
    assert load(project.root / "params.yaml").download.dataset == "own"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([MINE, "--target", "species"], "error: the target 'species' is text; choose a column of numbers"),
        ([MINE, "--target", "mas"], "error: the table has no column 'mas'; did you mean 'mass'?"),
        (["data/nowhere.csv"], "error: data/nowhere.csv is not a file; expected a table"),
        (["data/raw.csv"], "error: data/raw.csv is written by the pipeline"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_nothing_is_written(
    project: Project, arguments: list[str], said: str
) -> None:
    before = (project.root / "params.yaml").read_bytes()
    done = project.python("-m", "pipeline.suggest", *arguments, status=1)
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert (project.root / "params.yaml").read_bytes() == before


def test_make_table_does_the_same(project: Project) -> None:
    (project.root / ".venv" / "bin").mkdir(parents=True)
    for stamp in (".uv", ".ready"):
        (project.root / ".venv" / stamp).touch()
    said = project.run("make", "table", f"CSV={MINE}", "TARGET=mass").stdout
    assert "wrote params.yaml" in said
    assert "error: say which table" in project.run("make", "table", status=2).stderr
