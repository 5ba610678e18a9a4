"""What the documents say exists: folders, files, make targets and tests; and the forecast's accuracy is as measured."""

import json
import re

import pytest

from dashboard.views.train.other_rates import CHECK
from pipeline.record.store import ROOT
from tests.projects import tracked

DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/how-it-works.md",
    "docs/recipes.md",
    "docs/reliability.md",
    "docs/scaling.md",
    "docs/hosting.md",
    "docs/size.md",
)
every_document = pytest.mark.parametrize("document", DOCUMENTS)


def text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def mapped() -> set[str]:
    """The paths in README's map; each level is indented by two spaces, and a folder ends with a slash."""
    tree = text("README.md").split("## The map\n")[1].split("```text\n")[1].split("```")[0]
    parents: list[str] = []
    paths = set()
    for line in tree.splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        parents[depth:] = [name]
        paths.add("".join(parents))
    return paths


def test_the_map_in_readme_has_every_folder_and_every_module_beside_them() -> None:
    visible = {path for path in tracked() if not path.parts[0].startswith(".")}
    top = {f"{path.parts[0]}/" for path in visible if len(path.parts) > 1}
    code = {path for path in visible if path.parts[0] in ("pipeline", "dashboard") and path.suffix == ".py"}
    folders = {f"{path.parent}/" for path in code}
    modules = {str(path) for path in code if len(path.parts) == 2 and path.name != "__init__.py"}
    assert mapped() == top | folders | modules


@every_document
def test_every_make_target_exists(document: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make (?:[A-Z]+=\S+ )*([a-z]+)", text(document), re.MULTILINE)) <= targets


@every_document
def test_every_link_leads_to_a_file(document: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text(document))
    missing = [link for link in links if not (ROOT / document).parent.joinpath(link).is_file()]
    assert not missing


@every_document
def test_every_path_in_backticks_exists(document: str) -> None:
    named = set(re.findall(r"`((?:pipeline|dashboard|tests|scripts|docs|benchmarks)/[\w./-]*)`", text(document)))
    written = {
        "dashboard/.streamlit/secrets.toml",
        *re.findall(r"^# (\S+\.py)$", text("docs/recipes.md"), re.MULTILINE),
    }
    assert not [path for path in named - written if not (ROOT / path).exists()]


@every_document
def test_every_test_that_is_named_exists(document: str) -> None:
    code = "\n".join(
        (ROOT / path).read_text("utf-8") for path in tracked() if path.parts[0] == "tests" and path.suffix == ".py"
    )
    defined = set(re.findall(r"def (test_\w+)", code))
    named = {name for name in re.findall(r"`(test_\w+)`", text(document)) if not (ROOT / f"{name}.py").exists()}
    assert named <= defined


def test_readme_states_the_accuracy_of_the_forecast_as_measured() -> None:
    check = json.loads(CHECK.read_text())
    wrong = check["falsely_diverging"] + check["missed_divergence"]
    readme = " ".join(text("README.md").split())
    assert f"{check['tables']} tables with {check['settings']:,} random combinations of settings" in readme
    assert f"{check['coverage']:.1%} of the runs ended inside this 90% interval, and {wrong:.1%} of the" in readme
