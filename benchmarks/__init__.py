"""Measurements: training times, damaged records, many visitors. No test asserts any of them."""
