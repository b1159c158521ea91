"""The readers, one module for each format, and what their tables have in common."""
