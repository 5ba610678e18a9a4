"""Faults on purpose: stages and DVC held at a named moment, and killed there."""
