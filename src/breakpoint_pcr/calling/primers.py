"""Which primers a negative may not rely on."""

from collections.abc import Collection, Iterable

from breakpoint_pcr.panel import OligoKind, Panel
from breakpoint_pcr.tables import Site


def unconfirmed_primers(
    panel: Panel, sites: Iterable[Site], confirmed: Collection[str]
) -> frozenset[str]:
    """Return the primers of the panel on which no negative may rest.

    Args:
        panel: Primers and assays.
        sites: Every site in the reference (sites.tsv).
        confirmed: Primers whose ordered sequence the laboratory has put on record. That settles an
            inexact site; a sequence without any site stays in doubt.
    """
    fewest: dict[str, int] = {}
    for site in sites:
        fewest[site.primer] = min(site.edits, fewest.get(site.primer, site.edits))
    settled = {name for name, edits in fewest.items() if edits == 0 or name in confirmed}
    primers = {primer.name for primer in panel.primers if primer.kind is OligoKind.PRIMER}
    return frozenset(primers - settled)
