"""Stage download: get the raw table from its pinned sources or from a file, check it and write it in canonical form."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline import params
from pipeline.safety.errors import UserError
from pipeline.safety.files import sha256
from pipeline.safety.stage import safe_stage
from pipeline.tables import reading
from pipeline.tables.datasets import OWN, known, recognized
from pipeline.tables.reading import OpenTable
from pipeline.tables.sources import UnavailableError, fetch, fetch_first
from pipeline.tables.store import TableStore


def main() -> None:
    """Read the section `download` from the command line; write the raw table and where it came from."""
    settings = params.from_command_line(params.Download)
    store = TableStore()
    source, found = _own(settings, store) if settings.dataset == OWN else _known(settings, store)
    table = found.columns
    store.write_raw(table, source, datetime.now(UTC).isoformat(timespec="seconds"))
    print(f"download: {table.rows} rows, {len(table.kinds)} columns, from {source}")
    if settings.dataset == OWN and found.notes:
        print(f"download: {source}: {', '.join(found.notes)}")
    if settings.dataset not in (OWN, Path(settings.csv).stem) and source != settings.csv:
        print(f"download: {settings.csv} is not used; to train on it, set download.dataset to own")


def _known(settings: params.Download, store: TableStore) -> tuple[str, OpenTable]:
    dataset = known(settings.dataset)
    try:
        source, content = fetch_first(dataset.sources)
        return source.url, _checked(reading.open_table(content, source.url), settings.dataset, source.url)
    except UserError as reasons:
        each = str(reasons).replace("; ", "\n  ")
        print(f"download: every source on the network failed, so {settings.csv} is used\n  {each}", file=sys.stderr)
        try:
            return settings.csv, _checked(store.open_table(settings.csv), settings.dataset, settings.csv)
        except UserError as reason:
            raise UserError(f"every source of {settings.dataset} failed: {reasons}; {reason}") from None


def _checked(found: OpenTable, name: str, source: str) -> OpenTable:
    columns = found.columns.renamed(str.lower)
    if recognized(sha256(b"".join(columns.lines()))) != name:
        raise UserError(
            f"{source} differs in its values from {name}; for a table of your own set download.dataset to own"
        )
    return replace(found, columns=columns)


def _own(settings: params.Download, store: TableStore) -> tuple[str, OpenTable]:
    if settings.url is None:
        return settings.csv, store.open_table(settings.csv)
    try:
        return settings.url, reading.open_table(fetch(settings.url, None), settings.url)
    except UnavailableError as reason:
        raise UserError(f"download.url: {settings.url} {reason}") from None


if __name__ == "__main__":
    with safe_stage():
        main()
