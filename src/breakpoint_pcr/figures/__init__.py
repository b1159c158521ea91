"""Figures for slides and papers, on request: curves, plate overview, primer map.

Colours and dashes per assay are those of the report. matplotlib is imported here and in the summary
only.
"""
