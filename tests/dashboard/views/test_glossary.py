"""Where a page first uses a term of the glossary, it says what the term means."""

import json
from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1.element_tree import Block

from dashboard.text.glossary import TERMS, explained
from dashboard.views import PAGES
from tests.dashboard.views.conftest import OpenPage


def plain(text: str) -> str:
    """A text as it is read, without the signs that keep Markdown from reading it."""
    return text.replace("\\\\", "\0").replace("\\:", ":").replace("\u2060", "")


def parts(block: Any) -> Iterator[tuple[str, str]]:
    """What each part of a page says, from above: its text, and what its tooltips say."""
    for part in block.children.values():
        yield said_by(part.proto), hinted_by(part.proto)
        if isinstance(part, Block):
            yield from parts(part)


def said_by(proto: Any) -> str:
    """The texts of a part that are seen at once: its label, its body, the heads of its columns."""
    kind = type(proto).__name__
    if kind == "Arrow":
        return " | ".join(json.loads(proto.columns or "{}"))
    if kind in ("Block", "Tab", "Expandable", "Popover"):
        return ""  # a fold or a tab, whose label has no room for a tooltip
    return " ".join(str(getattr(proto, field, "")) for field in ("label", "body", "delta"))


def hinted_by(proto: Any) -> str:
    """The texts of its tooltips."""
    if type(proto).__name__ == "Arrow":
        columns = json.loads(proto.columns or "{}").values()
        return "\n".join(str(column.get("help") or "") for column in columns)
    return str(getattr(proto, "help", ""))


def unexplained(page: Any) -> dict[str, str]:
    """The terms that a page uses before it has explained them, and the part that does so."""
    known: set[str] = set()
    found: dict[str, str] = {}
    for said, hinted in parts(page.main):
        both = plain(f"{said}\n{hinted}")
        known |= {name for name, term in TERMS.items() if plain(term.meaning.rstrip(".")) in both}
        used = {name for name, term in TERMS.items() if term.words.search(plain(said))}
        found |= dict.fromkeys(used - known - found.keys(), said)
    return found


PATHS = {page.title: page.path for page in PAGES}
PLACES = [
    *((page.path, {}) for page in PAGES),
    ("surface", {"surface-model": "All features"}),
    ("surface", {"surface-loss": "Absolute error"}),
    ("backpropagation", {"backpropagation-graph": "Line on a batch"}),
    ("backpropagation", {"backpropagation-graph": "Hidden layer"}),
]


def test_a_page_says_what_a_term_means_where_it_first_uses_it_and_uses_those_that_are_seen_there(
    open_page: OpenPage,
) -> None:
    used: dict[str, set[str]] = {}
    for name, address in PLACES:
        page = open_page(name, **address)
        assert unexplained(page) == {}, (name, address)
        said = [plain(said) for said, _ in parts(page.main)]
        found = {term for term in TERMS if any(TERMS[term].words.search(each) for each in said)}
        used[name] = used.get(name, set()) | found
    assert [term for term in TERMS if term not in used[PATHS[TERMS[term].seen_on]]] == []


def test_every_term_is_seen_on_a_page_that_there_is_and_explained_in_one_sentence() -> None:
    for name, term in TERMS.items():
        assert term.seen_on in PATHS
        assert term.meaning.endswith(".")
        assert ". " not in term.meaning
        assert term.meaning in explained(name)
