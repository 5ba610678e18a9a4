"""The parts of the page Experiments: the table, what can be done with a run, the comparison, the scrubber."""
