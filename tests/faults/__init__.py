"""Deliberate faults: stages and DVC are stopped at a named moment and killed there."""
