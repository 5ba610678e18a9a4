"""What to set for a table that nobody has described: which columns to use, and how to train on them."""
