"""The parts of the page on one step: where to look, the rows, the gradient, and what the update brought."""
