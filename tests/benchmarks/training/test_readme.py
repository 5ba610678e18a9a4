"""README shows what docs/benchmarks.json holds, number by number."""

from benchmarks.training import tables
from benchmarks.training.jobs import JOBS
from benchmarks.training.peers import NUMPY, OURS
from benchmarks.training.report import Report
from pipeline.record.store import ROOT


def test_the_figures_in_readme_are_those_that_were_measured() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert tables.in_readme(readme) == tables.markdown(Report.read())


def test_every_job_was_measured_with_the_training_loop_and_with_numpy() -> None:
    found = {(timing.job, timing.peer) for timing in Report.read().timings}
    assert {(job.name, OURS.name) for job in JOBS} <= found
    assert {(job.name, NUMPY.name) for job in JOBS if NUMPY.epochs(job)} <= found
