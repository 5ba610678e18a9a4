"""Tests of recording, listing, comparing and adopting experiments, on real git and DVC repositories."""
