"""Which primers a negative may not rely on."""

from collections.abc import Iterable

from breakpoint_pcr.panel import OligoKind, Panel
from breakpoint_pcr.tables import Site


def inexact_primers(panel: Panel, sites: Iterable[Site]) -> frozenset[str]:
    """Return the primers of the panel that have no exact site in the reference."""
    exact = {site.primer for site in sites if site.edits == 0}
    primers = {primer.name for primer in panel.primers if primer.kind is OligoKind.PRIMER}
    return frozenset(primers - exact)
