"""Experiments: DVC as a process of its own; what is recorded, listed, proved and adopted."""
