"""The page A line and its loss surface."""
