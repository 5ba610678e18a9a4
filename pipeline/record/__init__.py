"""What a run is, its metrics, and the store that reads and writes it."""
