"""All runs together: their tables, the call that stands for each sample, a figure and a page."""

from breakpoint_pcr.summary.summarising import SummarySource, summarise

__all__ = ["SummarySource", "summarise"]
