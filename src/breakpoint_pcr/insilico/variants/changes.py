"""What a known allele changes at the site of an oligo.

An insertion or deletion within a repeat can be written at several places that give one and the same
sequence (VCF writes the leftmost). It touches a site when any of them does, and its place is that
of the nearest to the 3' end. Where the allele still holds the whole sequence of the site, say
because a repeat goes on beyond it, the oligo binds as before: `harmless`.
"""

import re
from dataclasses import dataclass

from breakpoint_pcr.insilico.alignment import GAP_MARK, Edit
from breakpoint_pcr.insilico.nucleotides import MEANING, pairs_with, reverse_complement
from breakpoint_pcr.insilico.variants.sites import OligoSite

BASES = re.compile(r"[ACGTN]+")
# Symbolic alleles that take no base away: further copies.
FURTHER_COPIES = re.compile(r"<DUP(:.*)?>|<CN[1-9]\d*>")


@dataclass(frozen=True, slots=True)
class Change:
    """Bases from `start` to `end`, 0-based half-open on the record, become `bases`.

    `bases` is None where the VCF does not say what becomes of them.
    """

    start: int
    end: int
    bases: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to a site.

    `place` counts from the 3' end of the oligo. `edits` are the new mismatches of a substitution.
    """

    place: int
    edits: tuple[Edit, ...]
    harmless: bool


def change_of(index: int, last: int, reference: str, alternative: str) -> Change | None:
    """Return what an allele changes; None when it takes away or changes nothing.

    Args:
        index: POS, 0-based on the record.
        last: The last base concerned, 0-based on the record.
        reference: REF.
        alternative: ALT.
    """
    if BASES.fullmatch(alternative):
        return _trimmed(index, reference, alternative)
    if FURTHER_COPIES.fullmatch(alternative):
        return None
    if alternative.startswith("<INS"):
        return Change(index + 1, index + 1, None)
    if alternative.startswith("<"):
        # POS is the base before the event (VCF 4.4, section 1.6.1).
        return Change(index + 1, max(last, index + 1) + 1, None)
    # A breakend: joined in front of REF where it begins with the mate, else behind its first base.
    at = index if alternative[0] in "[]." else index + 1
    return Change(at, at, None)


def _trimmed(index: int, reference: str, alternative: str) -> Change | None:
    """Cut off what the two alleles share, behind and then in front."""
    if reference == alternative:
        return None
    while reference and alternative and reference[-1] == alternative[-1]:
        reference, alternative = reference[:-1], alternative[:-1]
    shared = 0
    while shared < min(len(reference), len(alternative)) and (
        reference[shared] == alternative[shared]
    ):
        shared += 1
    return Change(index + shared, index + len(reference), alternative[shared:])


def effect(change: Change, site: OligoSite) -> Effect | None:
    """Return what a change does to a site; None when it does not touch it."""
    bases = change.bases
    if bases is None:
        touched = _touched(change, (change.start, change.start), site)
        return Effect(min(touched), (), harmless=False) if touched else None
    if len(bases) == change.end - change.start:
        return _substituted(change.start, bases, site)
    touched = _touched(change, _shifts(change.start, change.end, bases, site), site)
    if not touched:
        return None
    return Effect(min(touched), (), harmless=_still_there(change, bases, site))


def _substituted(start: int, bases: str, site: OligoSite) -> Effect | None:
    places: list[int] = []
    edits: list[Edit] = []
    for at, base in enumerate(bases, start):
        if not site.start <= at < site.end or base == site.record.sequence[at]:
            continue
        place, letter = site.paired[at - site.start]
        here = base if site.strand == "+" else reverse_complement(base)
        places.append(place)
        if letter == GAP_MARK or not pairs_with(letter, here):
            edits.append(Edit(place, letter, here))
    return Effect(min(places), tuple(edits), harmless=not edits) if places else None


def _shifts(start: int, end: int, bases: str, site: OligoSite) -> tuple[int, int]:
    """Return the leftmost and rightmost start of a pure insertion or deletion with one result."""
    text, low, high, length = site.record.sequence, start, start, end - start
    if (length and bases) or start < 0:
        return start, start
    # A deletion moves while the base that it gains equals the one that it leaves; an insertion
    # turns its bases round as it moves.
    while low > 0 and text[low - 1] == (
        text[low + length - 1] if length else bases[(low - 1 - start) % len(bases)]
    ):
        low -= 1
    while high + length < len(text) and text[high + length] == (
        text[high] if length else bases[(high - start) % len(bases)]
    ):
        high += 1
    return low, high


def _touched(change: Change, shifts: tuple[int, int], site: OligoSite) -> list[int]:
    """Return the places of the bases that an indel may take away or part."""
    low, high = shifts
    length = change.end - change.start
    if not length:
        # Between two bases of the site: the place of the one towards the 5' end, as in `Edit`.
        points = range(max(low, site.start + 1), min(high, site.end - 1) + 1)
        behind = 1 if site.strand == "+" else 0
        return [site.paired[point - behind - site.start][0] for point in points]
    bases = range(max(low, site.start), min(high + length, site.end))
    return [site.paired[base - site.start][0] for base in bases]


def _still_there(change: Change, bases: str, site: OligoSite) -> bool:
    """Say whether the allele holds the sequence of the site, in line with either flank."""
    if change.start < 0:
        return False
    text, length = site.record.sequence, site.end - site.start
    whole = text[site.start : site.end]
    reach = 2 * length + len(bases) + max(0, site.start - change.start)
    first = max(0, min(site.start, change.start) - reach)
    allele = text[first : change.start] + bases + text[change.end : change.end + reach]
    moved = len(bases) - (change.end - change.start)
    begins = (site.start - first, site.start - first + moved)
    return any(at >= 0 and allele[at : at + length] == whole for at in begins)


def letter_at(site: OligoSite, place: int) -> str:
    """Return the letter of the oligo at a place from its 3' end, when it is an IUPAC code."""
    letters = (letter for at, letter in site.paired if at == place and letter != GAP_MARK)
    letter = next(letters, "")
    return letter if letter and len(MEANING[letter]) > 1 else ""
