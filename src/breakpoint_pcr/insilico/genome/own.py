"""The panel's own sites: recognised in any assembly by their surroundings, not by names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.insilico.fasta import Letters
from breakpoint_pcr.insilico.judgement import serves_breakpoints, usable
from breakpoint_pcr.insilico.nucleotides import reverse_complement
from breakpoint_pcr.insilico.placements import Placement, place
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.insilico.sites import Hit
from breakpoint_pcr.panel import Panel, Primer
from breakpoint_pcr.reference import Locus, Record

# Bases on both sides that must be equal too. With a site of 20 they make 80 bases: long enough that
# no other place of a genome holds them by chance, short enough that few assemblies differ there.
FLANK_NT = 30


@dataclass(frozen=True, slots=True)
class OwnSite:
    """A site that a primer was made for.

    `sequence` with `before_nt` and `after_nt` flanking bases, 5'-3' of the primer; they are fewer
    than `FLANK_NT` where the record ends.
    """

    primer: str
    record: Record
    start: int
    end: int
    strand: str
    edits: int
    gaps: int
    sequence: str
    before_nt: int
    after_nt: int

    @property
    def site_sequence(self) -> str:
        """The site without its surroundings, 5'-3' of the primer."""
        return self.sequence[self.before_nt : len(self.sequence) - self.after_nt]

    @property
    def chromosome_position(self) -> int | None:
        """1-based position of its first base on the plus strand, where that is established."""
        return self.record.position(self.start)


def own_sites(
    panel: Panel, sequences: Mapping[str, str], locus: Locus, rule: SearchRule
) -> tuple[OwnSite, ...]:
    """Return the best sites of each oligo in the reference, on the strand that the panel declares.

    A control gene need not lie in the reference: its primers have an own site there only when that
    is exact.

    Args:
        panel: Its primers and assays.
        sequences: What is searched for under the name of each, 5'-3'.
        locus: The reference.
        rule: When a place is a site.
    """
    placements = place(panel.primers, sequences, locus, rule)
    return tuple(
        _own_site(placement, locus)
        for primer in panel.primers
        for placement in _best(panel, primer, placements)
    )


def _best(panel: Panel, primer: Primer, placements: Sequence[Placement]) -> list[Placement]:
    sites = usable(primer, placements)
    most = sites[0].site.edits if sites and serves_breakpoints(panel, primer) else 0
    return [placement for placement in sites if placement.site.edits == most]


def _own_site(placement: Placement, locus: Locus) -> OwnSite:
    site, record = placement.site, locus.record(placement.site.record)
    left = min(FLANK_NT, site.start)
    right = min(FLANK_NT, len(record.sequence) - site.end)
    before, after = (left, right) if site.strand == "+" else (right, left)
    letters = record.sequence.encode("ascii")
    return OwnSite(
        primer=site.primer,
        record=record,
        start=site.start,
        end=site.end,
        strand=site.strand,
        edits=site.edits,
        gaps=site.gaps,
        sequence=reading(letters, (site.start - left, site.end + right), site.strand),
        before_nt=before,
        after_nt=after,
    )


def place_of_own(own: OwnSite, letters: Letters, hit: Hit, slack_nt: int) -> tuple[int, int] | None:
    """Return where in a genome an own site lies, when a hit of its primer is at that site.

    Of equally good alignments close to each other the search reports one, by its position; so on
    the other strand it may be another one. The place is that of the site in the reference.

    Args:
        own: Site in the reference.
        letters: Record of the genome.
        hit: What was found in it.
        slack_nt: Bases between the 3' ends of equally good alignments of one site.

    Returns:
        First base and base after the last one, on the plus strand; None when the hit or its
        surroundings differ.
    """
    if (hit.primer, hit.edits, hit.gaps) != (own.primer, own.edits, own.gaps):
        return None
    plus = hit.strand == "+"
    before, after = (own.before_nt, own.after_nt) if plus else (own.after_nt, own.before_nt)
    first = hit.end + after - len(own.sequence) if plus else hit.start - before
    low, high = max(0, first - slack_nt), first + len(own.sequence) + slack_nt
    text = reading(letters, (low, high), "+")
    sequence = own.sequence if plus else reverse_complement(own.sequence)
    at = text.find(sequence)
    if at < 0:
        return None
    return low + at + before, low + at + len(sequence) - after


def reading(letters: Letters, place_: tuple[int, int], strand: str) -> str:
    """Return a stretch as a primer on this strand reads it, upper case."""
    text = letters[place_[0] : place_[1]].decode("ascii").upper().replace("U", "T")
    return text if strand == "+" else reverse_complement(text)
