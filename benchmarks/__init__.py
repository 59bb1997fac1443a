"""Sizes and timings beside the peers; the graphs that they run on."""
