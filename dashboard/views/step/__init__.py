"""The page One SGD step."""
