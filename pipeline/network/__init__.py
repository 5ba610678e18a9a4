"""A dense network in numpy: its layers, activations, losses and predictions."""
