"""What goes onto the PYTHONPATH of the processes under test."""
