"""`python -m dashboard.report` writes the recorded run, and the experiments beside it, as one page: report.html."""

from typing import Final

from dashboard.experiments.listing import Experiment, list_experiments
from dashboard.experiments.revisions import open_run, standing
from dashboard.record.descriptions import said_of
from dashboard.record.reading import Records, read_record
from dashboard.record.snapshot import Record
from dashboard.report import experiments, results
from dashboard.report.document import page
from pipeline.record.store import ROOT
from pipeline.safety.atomic import put
from pipeline.safety.errors import UserError
from pipeline.safety.stage import safe_stage

_NAME: Final = "report.html"
_MOST: Final = 8
"""So many runs at most are laid over one another: what is in data/run/, the commit, and the newest experiments."""


def main() -> None:
    """Write the page into the project's folder. Raises `UserError` where no run is recorded."""
    snapshot = Records().snapshot()
    if snapshot.record is None:
        raise UserError(f"there is no run to report: {snapshot.problem}; run `make repro` first")
    here, runs = snapshot.record, list_experiments(ROOT)

    def read(run: Experiment) -> Record | None:
        if run.kind == "workspace":
            return here
        try:
            with open_run(ROOT, run.revision) as place:
                return read_record(place, said_of(ROOT, run.params.get("download.csv")))
        except UserError:
            return None

    found = results.sections(here, standing(ROOT))
    if any(run.kind == "experiment" for run in runs):
        found += experiments.sections(runs, runs[:_MOST], read)
    put(ROOT / _NAME, page(found).encode(), _NAME)
    print(f"{_NAME} shows the recorded run and the experiments; it opens in any browser, without a network")


if __name__ == "__main__":
    with safe_stage():
        main()
