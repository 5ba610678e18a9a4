"""The recorded run as the pages see it: one whole snapshot, its predictions, and where it came from."""
