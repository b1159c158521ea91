"""Sequenced deletion junctions, placed on the locus."""
