"""From a run folder to reactions and curves.

A format is one file with a `READER` and one line in readers.py. A reader knows nothing of panel,
sample sheet or roles: it returns the `Export` as it stands, and reading.py does the rest.
"""
