"""Positions in words that people use, and the genomic description of a junction."""

from breakpoint_pcr.junctions.placement import Change
from breakpoint_pcr.reference import Breakpoint, Locus, Record


def position(record: Record, index: int) -> int:
    """Return a position, 1-based: on the chromosome where that is established, else the record."""
    known = record.position(index)
    return index + 1 if known is None else known


def spoken(record: Record, index: int) -> str:
    """Return record or chromosome and position of a base."""
    name = record.name if record.chromosome_start is None else record.chromosome
    return f"{name}:{position(record, index):,}"


def ends(change: Change, locus: Locus) -> str:
    """Name the last base on the left and the first on the right."""
    left, right = locus.records[change.left_record], locus.records[change.right_record]
    last, first = change.left_position - 1, change.right_position
    return f"{spoken(left, last)} to {spoken(right, first)}"


def deleted_nt(locus: Locus, junction: Breakpoint) -> int | None:
    """Return how many bases are lost; None when the distance to the right record is not known."""
    first, right = locus.records[0], locus.record(junction.right_record)
    if first.chromosome_start is None or right.chromosome_start is None:
        return None
    left_at = first.chromosome_start + junction.left_end
    return right.chromosome_start + junction.right_start - left_at


def surely_deleted_nt(locus: Locus, junction: Breakpoint) -> int:
    """Return how many bases are lost at least: those of the records themselves."""
    exact = deleted_nt(locus, junction)
    if exact is not None:
        return exact
    return len(locus.records[0].sequence) - junction.left_end + junction.right_start


def description(locus: Locus, junction: Breakpoint, inserted: str) -> str:
    """Return the HGVS description of a sequenced junction.

    The first deleted base is known. A right end on a record whose place is not known lies beyond
    the last exon of the locus, by an unknown distance: `(N_?)`, N being the last base of that exon,
    or of the locus where the deletion begins behind the exon. Bases put in its place make a `del` a
    `delins`, whether the end is known or not (hgvs-nomenclature.org: deletion-insertion, uncertain
    positions).
    """
    first, right = locus.records[0], locus.record(junction.right_record)
    change = f"delins{inserted}" if inserted else "del"
    start = position(first, junction.left_end)
    if right.chromosome_start is None:
        end = f"({_floor(locus, start)}_?)"
    else:
        end = f"{right.chromosome_start + junction.right_start - 1}"
    return f"{locus.accession}:g.{start}_{end}{change}"


def _floor(locus: Locus, start: int) -> int:
    """Return the position behind which the right end lies for certain."""
    first = locus.records[0]
    last_exon = max((position(first, exon.end - 1) for exon in locus.exons), default=0)
    return last_exon if last_exon >= start else position(first, len(first.sequence) - 1)
