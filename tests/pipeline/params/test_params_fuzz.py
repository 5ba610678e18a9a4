"""Whatever params.yaml or a stage's command line holds: it is taken, or refused in one line, and soon."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.params import load, validate
from pipeline.params.__main__ import check
from pipeline.record.store import ROOT
from pipeline.safety.errors import UserError
from tests.pipeline.params.test_params import TEXT

LINES = TEXT.splitlines(keepends=True)

SPELLED = [
    *("", "~", "yes", "-1", "5.0", "1e400", ".nan", "0x1F", "1_000", "9" * 5_000, "0x" + "f" * 5_000, "2001-99-99"),
    *("'medv", '"\\ud800"', '"a\\0b"', "😀", "medv\0", "[", "{", "[[[[]]]]", "? a", "- a", "|", "%", "@", "\t5", "---"),
    *("*a", "&a [*a]", "<<: 1", "<<: {seed: 1}", "{<<: *a}", "? [a]\n  : 1", "1: 2", "~: 1", "!local x", "!!map 5"),
    *("!!int ''", "!!float ''", "!!bool x", "!!timestamp x", "!!binary é", "!!set {a}", "!!omap [a: 1]"),
    "!!python/object/apply:os.system ['touch hacked']",
]
"""What may stand where a value stands: odd numbers, odd text, and odd YAML."""


def outcome(values: object) -> str | None:
    """What `python -m pipeline.params` says of these values, in this process."""
    try:
        check(validate(values), ROOT)
    except UserError as error:
        return str(error)
    return None


def is_one_line(said: str | None) -> bool:
    """Whether it is a line that any terminal shows, of bearable length; or nothing was said."""
    return said is None or (said.isprintable() and 10 < len(said) <= 2_100)


@st.composite
def odd_texts(draw: st.DrawFn) -> str:
    """The text of params.yaml, cut, doubled, swapped and written over in some places."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match draw(st.integers(0, 7)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3 | 4:
                lines[at] = f"{lines[at].partition(':')[0].rstrip()}: {draw(st.sampled_from(SPELLED))}\n"
            case 5:
                lines.insert(at, f"{draw(st.sampled_from(SPELLED))}\n")
            case 6:
                place = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:place] + draw(st.text(max_size=3)) + lines[at][place + draw(st.integers(0, 2)) :]
            case _:
                lines[at:] = [lines[at][: draw(st.integers(0, len(lines[at])))]]
        lines = lines or [""]
    return "".join(lines)


@given(text=odd_texts())
@settings(max_examples=400)
def test_an_odd_text_is_taken_or_refused_in_one_line(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "params.yaml"
    path.write_bytes(text.encode(errors="surrogatepass"))
    try:
        said = outcome(load(path).model_dump())
    except UserError as error:
        said = str(error)
    assert is_one_line(said), said
    assert not Path("hacked").exists()
