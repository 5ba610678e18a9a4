"""The page Data and normalization."""
