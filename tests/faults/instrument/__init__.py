"""A folder for the PYTHONPATH of the processes under test."""
