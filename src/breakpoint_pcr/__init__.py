"""Breakpoint PCR: from instrument exports to called deletions."""
