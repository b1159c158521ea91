"""The report of a run: what it says (document) and how it is set (typesetting)."""
