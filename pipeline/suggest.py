"""Look at a table, say what each column is good for, and set params.yaml so that `make repro` trains on it."""

import argparse
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline import params
from pipeline.params.editing import PARAMS
from pipeline.record.start import text_of
from pipeline.safety.seen import Seen
from pipeline.safety.stage import safe_stage
from pipeline.suggestion import files
from pipeline.suggestion.known import settings_of
from pipeline.suggestion.settings import Suggestion
from pipeline.suggestion.targets import check_target, some_candidates
from pipeline.tables.datasets import DATASETS, recognized
from pipeline.tables.store import ROOT, TableStore

_MOST_TARGETS: Final = 10


def main() -> None:
    """Read the command line; print the suggestion for the table, and write it unless --dry-run says otherwise."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.suggest", description=__doc__)
    parser.add_argument("table", type=Path, help="the file with the table, such as data/houses.csv")
    parser.add_argument("--target", help="the column to predict; without it, likely ones are listed")
    parser.add_argument("--dry-run", action="store_true", help="only print, write nothing")
    given = parser.parse_args()
    place = files.place_of(ROOT, given.table)
    found = TableStore(ROOT).read_table(place if (ROOT / place).exists() else str(given.table.resolve()))
    table = found.table
    print(", ".join([f"{given.table}: {len(table):,} rows", f"{len(table.columns)} columns", *found.notes]))
    if given.target is None:
        _list_targets(table, given.table)
        return
    check_target(table, given.target)
    name = recognized(Seen.of(given.table).sha256)
    if name and given.target == DATASETS[name].target:
        values = settings_of(name)
        place, described = str(values["download.csv"]), [f"{DATASETS[name].title}, with the settings of the lessons"]
    else:
        suggestion = Suggestion.of(table, given.target, params.load())
        values, described = suggestion.values(place, None), list(_described(suggestion))
    contents = files.texts(ROOT, values, text_of(None))
    print("\n".join(described))
    print("\n".join(files.differences(contents)))
    if given.dry_run:
        print(f"\nnothing was written; leave out --dry-run to write {PARAMS}")
        return
    copied = files.keep(ROOT, place, lambda path: shutil.copyfile(given.table, path))
    files.write(ROOT, contents)
    print("\n".join(_next_steps(place, copied)))


def _list_targets(table: pd.DataFrame, path: Path) -> None:
    likely = some_candidates(table, str(path))
    print("\nsay which column to predict; the likeliest first:")
    for name in likely[:_MOST_TARGETS]:
        print(f"  make table CSV={_value(str(path))} TARGET={_value(name)}")


def _value(text: str) -> str:
    """A value that the shell hands to make, and make to a command, as it is."""
    return shlex.quote(text.replace("$", "$$"))


def _described(suggestion: Suggestion) -> Iterator[str]:
    """A line for each column, and then what is done with gaps and how to train."""
    heads = ("column", "kind", "gaps", "values", "use", "why")
    cells = [
        (look.name, look.kind.replace("_", "/"), f"{look.gaps:,}", f"{look.distinct:,}", look.decision, look.why)
        for look in suggestion.columns
    ]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    for row in (heads, *cells):
        aligned = [
            f"{cell:>{width}}" if at in (2, 3) else f"{cell:{width}}"
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(aligned).rstrip()
    yield ""
    yield from suggestion.sentences()


def _next_steps(place: str, copied: bool) -> Iterator[str]:
    """What was done, and what to do next."""
    yield ""
    if copied:
        yield f"copied the table to {place}"
    yield f"wrote {PARAMS}"
    if files.is_untracked(ROOT, place):
        yield (f"do this once: git add {shlex.quote(place)} && git commit -m 'A table'  ({files.WHY_IN_GIT})")
    yield "next: make repro, then make dashboard"


if __name__ == "__main__":
    with safe_stage():
        main()
