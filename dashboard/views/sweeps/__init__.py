"""The parts of the page Seeds: a sweep under way, the spread over seeds, and the loss over learning rates."""
