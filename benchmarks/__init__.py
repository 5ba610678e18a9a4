"""Timings beside other ways of doing the same; nothing here is asserted in tests."""
