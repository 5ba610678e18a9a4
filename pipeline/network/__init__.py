"""A network in numpy: its layers and losses, how its weights begin, SGD, least squares, stable learning rates."""
