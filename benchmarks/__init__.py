"""Measurements: training times, the forecast against real runs, kills at every moment, many visitors."""
