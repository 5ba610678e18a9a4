"""The time of the training loop beside that of its peers, each of which does the same job in a process of its own."""
