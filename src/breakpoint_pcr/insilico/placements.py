"""Where the primers of a panel bind in its reference, in words that people use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.insilico.alignment import Drawing, Grade, draw, grade
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.insilico.sites import Hit, queries, search
from breakpoint_pcr.panel import Primer
from breakpoint_pcr.reference import Exon, Locus, Record
from breakpoint_pcr.tables import Site, Verdict


@dataclass(frozen=True, slots=True)
class Placement:
    """A site of a primer with everything that is said of it.

    `position` is 1-based and closed, on the chromosome where that is established, else on the
    record. `sequence` is the site as a primer of it would read.
    """

    site: Site
    drawing: Drawing
    sequence: str
    position: str
    region: str


def place(
    primers: Sequence[Primer], sequences: Mapping[str, str], locus: Locus, rule: SearchRule
) -> tuple[Placement, ...]:
    """Find every site of every primer in the reference.

    Args:
        primers: Oligos of the panel.
        sequences: What is searched for under the name of each, 5'-3'.
        locus: The reference.
        rule: When a place is a site.

    Returns:
        Placements in the order of the panel; of each primer the ones with the fewest edits first.
    """
    wanted = queries(sequences, rule)
    hits = [
        (record, hit)
        for record in locus.records
        for hit in search(wanted, record.sequence.encode("ascii"), rule)
    ]
    found: list[Placement] = []
    for primer in primers:
        own = [(record, hit) for record, hit in hits if hit.primer == primer.name]
        own.sort(key=lambda pair: (pair[1].strand != primer.strand, pair[1].edits, pair[1].gaps))
        found += [
            _placement(primer, sequences[primer.name], hit, (locus, record), rule)
            for record, hit in own
        ]
    return tuple(found)


def _placement(
    primer: Primer, sequence: str, hit: Hit, where: tuple[Locus, Record], rule: SearchRule
) -> Placement:
    locus, record = where
    drawing = draw(sequence, hit.sequence, rule)
    site = Site(
        primer=primer.name,
        record=record.name,
        start=hit.start,
        end=hit.end,
        strand=hit.strand,
        mismatches=hit.edits - hit.gaps,
        gaps=hit.gaps,
        edits=hit.edits,
        alignment=drawing.text,
        verdict=site_verdict(drawing) if hit.strand == primer.strand else Verdict.FAIL,
    )
    return Placement(site, drawing, hit.sequence, position(record, site), region(locus, site))


def site_verdict(drawing: Drawing) -> Verdict:
    """Judge a site by its edits; one that Taq is known to stall at cannot serve."""
    if not drawing.edits:
        return Verdict.PASS
    terminal = drawing.edits[0]
    stalls = terminal.place == 1 and (terminal.gap or grade(terminal) is Grade.AVOID)
    return Verdict.FAIL if stalls else Verdict.CHECK


def position(record: Record, site: Site) -> str:
    """Name the bases of a site, 1-based and closed."""
    start, end = record.position(site.start), record.position(site.end - 1)
    if start is None or end is None:
        return f"{record.name}:{site.start + 1}-{site.end}"
    return f"{record.chromosome}:{start:,}-{end:,}"


def region(locus: Locus, site: Site) -> str:
    """Name the exon or intron in which a site lies, or both where it lies across a border."""
    if site.record != locus.records[0].name:
        return "3' of the locus"
    exons = sorted(locus.exons, key=lambda exon: exon.start)
    names = (_feature(exons, site.start), _feature(exons, site.end - 1))
    return " / ".join(dict.fromkeys(names))


def _feature(exons: Sequence[Exon], index: int) -> str:
    before = [exon for exon in exons if exon.start <= index]
    if not exons:
        return "locus"
    if not before:
        return f"5' of exon {exons[0].number}"
    if index < before[-1].end:
        return f"exon {before[-1].number}"
    last = before[-1] is exons[-1]
    return f"3' of exon {exons[-1].number}" if last else f"intron {before[-1].number}"


def borders(locus: Locus, primer: Primer, site: Site) -> bool:
    """Say whether a site lies where the exon that the primer borders is the next one.

    A forward primer lies before its exon and not before the exon ahead of that; a reverse primer
    behind its exon and not behind the next one.
    """
    exons = sorted(locus.exons, key=lambda exon: exon.start)
    numbers = [exon.number for exon in exons]
    if primer.borders_exon not in numbers:
        return False
    at = numbers.index(primer.borders_exon)
    beyond = site.record != locus.records[0].name
    if primer.strand == "+":
        return (
            not beyond
            and site.end <= exons[at].start
            and (at == 0 or site.start >= exons[at - 1].start)
        )
    last = at == len(exons) - 1
    if beyond:
        return last
    return site.start >= exons[at].end and (last or site.end <= exons[at + 1].end)
