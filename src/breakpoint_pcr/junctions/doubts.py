"""What could have put the ends of a junction somewhere else by a few bases."""

from collections.abc import Iterator, Sequence

from breakpoint_pcr.insilico.nucleotides import BASES, UNKNOWN
from breakpoint_pcr.junctions.extension import edit_cost, score_of
from breakpoint_pcr.junctions.placement import Change, Split
from breakpoint_pcr.junctions.places import ends
from breakpoint_pcr.junctions.reads import Read
from breakpoint_pcr.junctions.settings import MappingSettings
from breakpoint_pcr.reference import Locus


def doubts(
    read: Read,
    split: Split,
    others: Sequence[Change],
    locus: Locus,
    settings: MappingSettings,
) -> Iterator[str]:
    """Yield a phrase for everything that makes the ends of a junction uncertain.

    Args:
        read: In the orientation of the locus.
        split: The placement.
        others: Others that come near it.
        locus: The reference.
        settings: How near and how well is too near and too well.
    """
    yield from _poor_bases(read, split, settings)
    yield from _edits(split, settings)
    moved = list(_misread(read.sequence, split, locus, settings))
    yield from moved
    gap_margin = edit_cost(settings.edit_match_nt) - score_of(settings.doubt_match_nt + 1)
    for other in others:
        if not moved and other.score >= split.change.score - gap_margin:
            yield f"{ends(other, locus)} would fit nearly as well"


def _poor_bases(read: Read, split: Split, settings: MappingSettings) -> Iterator[str]:
    """Look at the bases between the sides, and those just beside them."""
    reach = settings.doubt_base_nt
    near = slice(max(split.left.end - reach, 0), split.right.start + reach)
    if UNKNOWN in read.sequence[near]:
        yield f"N within {reach} nt of the junction"
    poor = sum(quality < settings.quality_min for quality in (read.qualities or ())[near])
    if poor:
        yield f"{poor} nt within {reach} nt of the junction below quality {settings.quality_min}"


def _edits(split: Split, settings: MappingSettings) -> Iterator[str]:
    reach = settings.doubt_edit_nt
    near = [
        *(split.left.end - edit for edit in split.left.edits if edit >= split.left.end - reach),
        *(1 + e - split.right.start for e in split.right.edits if e < split.right.start + reach),
    ]
    if near:
        yield f"edit {min(near)} nt from the junction"


def _misread(sequence: str, split: Split, locus: Locus, settings: MappingSettings) -> Iterator[str]:
    """Ask whether misread bases at the junction would move an end."""
    end, start = split.left.end, split.right.start
    left, right = (locus.records[p.record].sequence for p in (split.left, split.right))
    behind, before = left[split.left.last :], right[: split.right.first][::-1]
    back = sequence[:start][::-1]
    # The right side could begin earlier without any edit, by the microhomology.
    shared = 0 if start > end else _run(back, before)
    found = (
        further(sequence[end:], behind, start - end, settings),
        further(back[shared:], before[shared:], start - end, settings),
    )
    phrases = ("left end lies {} nt further right", "right end lies {} nt further left")
    for phrase, (edits, moved) in zip(phrases, found, strict=True):
        if edits:
            yield f"with {edits} nt beside it misread, the {phrase.format(moved)}"


def _run(bases: str, reference: str) -> int:
    """Count the first bases that are equal."""
    pairs = enumerate(zip(bases, reference, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(bases), len(reference)))


def further(
    bases: str, reference: str, inserted_nt: int, settings: MappingSettings
) -> tuple[int, int]:
    """Return how many edits would let a side go on beyond its end, and how far.

    An edit costs `doubt_match_nt` matching bases, one in a gap one more. A continuation counts when
    its matching bases pay for its edits; when one edit explains all that is inserted, one matching
    base is enough, or two beside a gap. A single inserted base may always be a misread one. At a
    cost of 2 about one of ten random sequences goes on so, at 3 one of fifty.

    Args:
        bases: The read beyond the end, nearest base first.
        reference: The same of the reference.
        inserted_nt: How many of the bases belong to no side.
        settings: What an edit costs, and how many bases behind the inserted ones are looked at.

    Returns:
        Edits and reference bases of the best continuation; (0, 0) when there is none.
    """
    reach = inserted_nt + settings.doubt_edit_nt
    looked_at = bases[:reach], reference[: reach + settings.drift_max_nt]
    whole = 1 - settings.doubt_match_nt
    found = [
        (worth, -edits, -column, edits)
        for number, row in enumerate(_continuations(*looked_at, settings.doubt_match_nt))
        for column, (worth, edits, matched) in enumerate(row)
        if matched
        and edits
        and (worth >= 0 or (number == inserted_nt and edits == 1 and worth >= whole))
    ]
    alone = (0, 0, -1, 1) if inserted_nt == 1 else (0, 0, 0, 0)
    _, _, column, edits = max(found, default=alone)
    return edits, -column


def _continuations(bases: str, reference: str, cost: int) -> list[list[tuple[int, int, bool]]]:
    """Return worth, edits and whether a match came last, for each part of both."""
    rows = [[(-(cost + 1) * y, y, False) for y in range(len(reference) + 1)]]
    for x, base in enumerate(bases, start=1):
        row, above = [(-(cost + 1) * x, x, False)], rows[-1]
        for y, other in enumerate(reference, start=1):
            fits = base == other and base in BASES
            worth, edits, _ = above[y - 1]
            diagonal = (worth + 1, edits, True) if fits else (worth - cost, edits + 1, False)
            gaps = [(w - cost - 1, e + 1, False) for w, e, _ in (above[y], row[y - 1])]
            row.append(max(diagonal, *gaps, key=lambda cell: (cell[0], -cell[1])))
        rows.append(row)
    return rows
