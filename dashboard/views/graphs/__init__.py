"""The parts of the page Backpropagation: what goes into each of its three graphs."""
