"""Exons and breakpoints of one reference found on another sequence of the same locus.

A base is placed by its flanks: stretches of the old sequence that end or begin with it and stand
exactly once in either sequence. What is inserted, deleted or unknown (N) elsewhere does not
matter, so the distances may differ. A base that cannot be placed is an error; nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from breakpoint_pcr.errors import LocusError
from breakpoint_pcr.insilico.nucleotides import UNKNOWN, reverse_complement
from breakpoint_pcr.reference import Breakpoint, Exon, Locus

# Lengths of a flank, in nt; the next one is taken where the flank stands more than once. An exact
# stretch of 40 nt stands in 1 Mb by chance with a probability below 1e-17.
FLANKS_NT = (40, 80, 160, 320, 640)
BY_TABLE = "give it in a table of your own (--exons, --breakpoints)"


def lift_exons(model: Locus, sequence: str) -> tuple[Exon, ...]:
    """Place the exons of a reference on another sequence.

    Raises:
        LocusError: A border cannot be placed, or the order changes.
    """
    old = model.records[0].sequence
    exons = tuple(_exon(exon, old, sequence) for exon in model.exons)
    borders = zip(model.exons, exons, strict=True)
    _check_order([(one.start, two.start, f"exon {one.number}") for one, two in borders])
    return exons


def _check_order(points: Iterable[tuple[int, int, str]]) -> None:
    """Refuse old and new places whose order differs: a copy elsewhere was taken for the locus."""
    ordered = sorted(points)
    for one, other in pairwise(ordered):
        if one[1] > other[1]:
            raise LocusError(
                f"{one[2]} comes out behind {other[2]}; expected the order of the old reference; "
                f"{BY_TABLE}"
            )


def _exon(exon: Exon, old: str, new: str) -> Exon:
    name = f"exon {exon.number}"
    first = place_base(exon.start, old, new, f"the first base of {name}")
    last = place_base(exon.end - 1, old, new, f"the last base of {name}")
    if first > last:
        raise LocusError(f"{name} comes out turned round; {BY_TABLE}")
    return Exon(exon.number, first, last + 1)


def lift_breakpoints(
    model: Locus, sequence: str, exons: Sequence[Exon]
) -> tuple[tuple[Breakpoint, ...], frozenset[str]]:
    """Place the breakpoints of a reference on another sequence.

    A record of the reference beyond its locus, whose position was not known, may lie within the
    new sequence; then its breakpoints are placed there. Otherwise it is kept as it is.

    Args:
        model: The reference.
        sequence: The other sequence.
        exons: Exons on the other sequence.

    Returns:
        The breakpoints, and the names of the records that now lie within the locus.

    Raises:
        LocusError: An end cannot be placed, or a breakpoint removes other exons than before.
    """
    inside = frozenset(_within(model, sequence))
    lifted = tuple(_breakpoint(b, model, sequence, inside) for b in model.breakpoints)
    records = (replace(model.records[0], sequence=sequence), *model.records[1:])
    fresh = replace(model, records=records, exons=tuple(exons))
    for old, new in zip(model.breakpoints, lifted, strict=True):
        if model.deletion(old) != fresh.deletion(new):
            raise LocusError(f"{_name(old, model)} removes other exons than before; {BY_TABLE}")
    _check_order(_points(model, lifted, exons))
    return lifted, inside


def _points(
    model: Locus, lifted: Sequence[Breakpoint], exons: Sequence[Exon]
) -> Iterator[tuple[int, int, str]]:
    """Yield old and new place of everything on the locus; records beyond it follow it."""
    first = model.records[0].name
    offsets = {record.name: len(model.records[0].sequence) for record in model.records[1:]}
    for one, two in zip(model.exons, exons, strict=False):
        yield one.start, two.start, f"exon {one.number}"
    for old, new in zip(model.breakpoints, lifted, strict=True):
        yield old.left_end, new.left_end, f"the left end of {_name(old, model)}"
        if new.right_record == first:
            place = old.right_start + offsets.get(old.right_record, 0)
            yield place, new.right_start, f"the right end of {_name(old, model)}"


def _within(model: Locus, sequence: str) -> Iterator[str]:
    """Yield the records beyond the locus that lie within the new sequence."""
    for record in model.records[1:]:
        ends = {b.right_start for b in model.breakpoints if b.right_record == record.name}
        placed = [bool(_candidates(end, record.sequence, sequence)) for end in sorted(ends)]
        if any(placed) and not all(placed):
            raise LocusError(
                f"record {record.name}: {sum(placed)} of its {len(placed)} breakpoints lie in the "
                "new sequence; expected all or none; name a longer region"
            )
        if any(placed):
            yield record.name


def _breakpoint(old: Breakpoint, model: Locus, sequence: str, inside: frozenset[str]) -> Breakpoint:
    first, name = model.records[0], _name(old, model)
    left = place_base(old.left_end - 1, first.sequence, sequence, f"the left end of {name}")
    if old.right_record != first.name and old.right_record not in inside:
        return replace(old, left_end=left + 1)
    right = model.record(old.right_record).sequence
    start = place_base(old.right_start, right, sequence, f"the right end of {name}")
    if start <= left:
        raise LocusError(f"{name} comes out turned round; {BY_TABLE}")
    return replace(old, left_end=left + 1, right_record=first.name, right_start=start)


def _name(breakpoint_: Breakpoint, model: Locus) -> str:
    """Name a breakpoint by its ends as its table writes them."""
    right = model.record(breakpoint_.right_record)
    ends = (
        model.records[0].position(breakpoint_.left_end - 1),
        (right.chromosome_start or 1) + breakpoint_.right_start,
    )
    return f"breakpoint {ends[0]} to {right.name} {ends[1]}"


def place_base(index: int, old: str, new: str, what: str) -> int:
    """Return where a base of the old sequence lies in the new one.

    Args:
        index: The base, 0-based.
        old: Old sequence.
        new: New sequence.
        what: The base in words, for the message.

    Raises:
        LocusError: Its flanks stand nowhere, more than once, or in two places.
    """
    places = _candidates(index, old, new)
    if len(places) == 1:
        return next(iter(places))
    if places:
        found = " and ".join(f"{place + 1:,}" for place in sorted(places))
        raise LocusError(f"{what}: its two flanks fit at bases {found}; {BY_TABLE}")
    turned = _candidates(len(old) - 1 - index, reverse_complement(old), new)
    if turned:
        raise LocusError(f"{what} lies on the other strand of the sequence; turn the sequence")
    raise LocusError(
        f"{what}: none of its flanks of {FLANKS_NT[0]} bases or more stands exactly once in the "
        f"sequence; name a longer region, or {BY_TABLE}"
    )


def _candidates(index: int, old: str, new: str) -> set[int]:
    """Return where the base lies by the flank that ends with it, and by the one it begins."""
    before = (_found(old[max(0, index + 1 - n) : index + 1], old, new) for n in FLANKS_NT)
    behind = (_found(old[index : index + n], old, new) for n in FLANKS_NT)
    left = next((place + size - 1 for place, size in _known(before)), None)
    right = next((place for place, _ in _known(behind)), None)
    return {place for place in (left, right) if place is not None}


def _known(places: Iterator[tuple[int, int] | None]) -> Iterator[tuple[int, int]]:
    return (place for place in places if place is not None)


def _found(flank: str, old: str, new: str) -> tuple[int, int] | None:
    """Return start and length of a flank in the new sequence; None unless it is unique in both."""
    if len(flank) < FLANKS_NT[0] or UNKNOWN in flank or not _once(flank, old):
        return None
    return (new.find(flank), len(flank)) if _once(flank, new) else None


def _once(text: str, sequence: str) -> bool:
    first = sequence.find(text)
    return first >= 0 and sequence.find(text, first + 1) < 0
