"""Sites of the primers in one part of a genome."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from breakpoint_pcr.insilico.alignment import draw
from breakpoint_pcr.insilico.fasta import Letters
from breakpoint_pcr.insilico.genome.own import OwnSite, place_of_own
from breakpoint_pcr.insilico.genome.records import read_part
from breakpoint_pcr.insilico.placements import site_verdict
from breakpoint_pcr.insilico.rows import GenomeRecord, GenomeSite
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.insilico.sites import Hit, queries, search
from breakpoint_pcr.tables import Verdict


def scan_part(
    path: Path,
    records: Sequence[GenomeRecord],
    *,
    primers: Mapping[str, str],
    rule: SearchRule,
    own: Sequence[OwnSite],
) -> list[GenomeSite]:
    """Find every site of every primer in consecutive records of a genome.

    One record is in memory at a time, at one byte per base.

    Args:
        path: FASTA, plain, gzip or bgzip.
        records: The records of one part, as `parts_of` grouped them.
        primers: Name to sequence 5'-3', upper-case IUPAC letters.
        rule: When a place is a site (see `rule.py`).
        own: The panel's own sites, as `own_sites` found them in the reference.

    Returns:
        Sites in the order of the records, then of the primers (plus strand first), then of
        position.

    Raises:
        LocusError: The file cannot be read, or has changed since its records were listed.
        PanelError: A primer is too short to search for.
    """
    wanted = queries(primers, rule)
    rows: list[GenomeSite] = []
    for record, letters in read_part(path, records):
        hits = search(wanted, letters, rule)
        rows += _rows(record.record, letters, hits, (primers, rule, own))
        del letters  # before the next record is read
    return rows


def _rows(
    record: str,
    letters: Letters,
    hits: Sequence[Hit],
    known: tuple[Mapping[str, str], SearchRule, Sequence[OwnSite]],
) -> Iterator[GenomeSite]:
    primers, rule, own = known

    @cache  # a site in a repeat comes again and again
    def drawn(primer: str, site: str) -> tuple[str, Verdict]:
        drawing = draw(primers[primer], site, rule)
        return drawing.text, site_verdict(drawing)

    for hit in hits:
        place, sequence, target = _placed(hit, letters, own, rule.edits_max)
        alignment, verdict = drawn(hit.primer, sequence)
        yield GenomeSite(
            primer=hit.primer,
            record=record,
            start=place[0],
            end=place[1],
            strand=hit.strand,
            mismatches=hit.edits - hit.gaps,
            gaps=hit.gaps,
            edits=hit.edits,
            alignment=alignment,
            verdict=verdict,
            target=target,
        )


def _placed(
    hit: Hit, letters: Letters, own: Sequence[OwnSite], slack_nt: int
) -> tuple[tuple[int, int], str, bool]:
    """Return place and sequence of a hit, and whether it is one of the panel's own sites."""
    for site in own:
        if place := place_of_own(site, letters, hit, slack_nt):
            return place, site.site_sequence, True
    return (hit.start, hit.end), hit.sequence, False
