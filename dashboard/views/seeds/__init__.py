"""The page Luck and seeds."""
