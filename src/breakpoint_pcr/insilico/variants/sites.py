"""The sites of oligos under which variants are looked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from breakpoint_pcr.insilico.alignment import GAP_MARK, Drawing
from breakpoint_pcr.insilico.judgement import usable
from breakpoint_pcr.insilico.placements import Placement
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.reference import Locus, Record


@dataclass(frozen=True, slots=True)
class OligoSite:
    """The best site of an oligo, on a record whose place on the chromosome is known.

    `start` and `end` are 0-based half-open on the record. `paired` has, for each base of the site
    in the order of the record, its place from the 3' end of the oligo and the oligo's letter there
    (`-` where the oligo lacks one, with the place of the next letter towards the 5' end).
    """

    primer: str
    strand: str
    record: Record
    start: int
    end: int
    paired: tuple[tuple[int, str], ...]


def oligo_sites(
    panel: Panel, placements: Sequence[Placement], locus: Locus
) -> tuple[OligoSite, ...]:
    """Return where variants can be looked for: the best site of each oligo, as it is declared."""
    return tuple(_sites(panel, placements, locus))


def _sites(panel: Panel, placements: Sequence[Placement], locus: Locus) -> Iterator[OligoSite]:
    for primer in panel.primers:
        found = usable(primer, placements)
        if not found:
            continue
        record = locus.record(found[0].site.record)
        if record.chromosome_start is not None:
            site = found[0].site
            paired = _paired(found[0].drawing, site.strand)
            yield OligoSite(primer.name, site.strand, record, site.start, site.end, paired)


def _paired(drawing: Drawing, strand: str) -> tuple[tuple[int, str], ...]:
    """Pair the bases of a site with the letters of its oligo, in the order of the record."""
    place, pairs = 1, list[tuple[int, str]]()
    for letter, base in zip(reversed(drawing.primer), reversed(drawing.site), strict=True):
        if base != GAP_MARK:
            pairs.append((place, letter))
        place += letter != GAP_MARK
    return tuple(pairs if strand == "-" else reversed(pairs))
