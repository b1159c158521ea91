"""Which two stretches of the reference a read joins, and where exactly it changes over.

Both sides are local alignments of the same orientation, the left one ending where the right one
may begin. The best pair of all wins; it must explain clearly more than one stretch alone, and no
other pair may come near it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from breakpoint_pcr.insilico.nucleotides import reverse_complement
from breakpoint_pcr.junctions.anchors import (
    READ_N,
    Candidate,
    Codes,
    Index,
    candidates_of,
    encoded,
    windows_of,
)
from breakpoint_pcr.junctions.extension import (
    Profiles,
    Scores,
    Side,
    edit_cost,
    profiles_of,
    score_of,
    side_of,
    traced,
)
from breakpoint_pcr.junctions.settings import MappingSettings

STRANDS = "+-"


@dataclass(frozen=True, slots=True)
class Piece:
    """Read bases `start` to `end`, in one orientation, and the bases among them that are edits.

    `first` and `last` are the indices of the record's bases there, `last` not included; `first` is
    as good as the gaps allow.
    """

    strand: str
    record: int
    start: int
    end: int
    first: int
    last: int
    edits: tuple[int, ...]

    @property
    def length(self) -> int:
        """Read bases that the piece explains."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Change:
    """Where a read of one orientation leaves one record and enters another, or the same elsewhere.

    The left side ends before read base `end` and before base `left_position` of its record, the
    right side begins with read base `start` and base `right_position` of its record.
    """

    strand: str
    left_record: int
    right_record: int
    end: int
    start: int
    left_position: int
    right_position: int
    score: int

    @property
    def diagonals(self) -> tuple[int, int]:
        """Where read base 0 would lie on either record."""
        return self.left_position - self.end, self.right_position - self.start

    def beside(self, other: "Change", reach_nt: int) -> bool:
        """Say whether another one differs only by what gaps can do."""
        records = (self.strand, self.left_record, self.right_record)
        return records == (other.strand, other.left_record, other.right_record) and all(
            abs(one - two) <= reach_nt
            for one, two in zip(self.diagonals, other.diagonals, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Split:
    """A read in two pieces of one orientation."""

    change: Change
    left: Piece
    right: Piece


@dataclass(frozen=True, slots=True)
class Placement:
    """What a read can be: two pieces, else one.

    Attributes:
        one: The left side of `split`, else the longest stretch; None when nothing fits.
        split: Two pieces that explain clearly more than one.
        others: Changes that come near those of `split`, the best first.
        rival: The first of them that is as good, or lies elsewhere.
        turned: Two stretches on different strands explain the read as well, or better.
        more: The read holds a further stretch of the reference, before or behind `split`.
    """

    one: Piece | None
    split: Split | None = None
    others: tuple[Change, ...] = ()
    rival: Change | None = None
    turned: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Field:
    """A read in both orientations beside every candidate.

    `sides` keeps what was aligned in full, by candidate and direction.
    """

    reads: dict[str, Codes]
    candidates: list[Candidate]
    windows: Codes
    profiles: Profiles
    cost: int
    sides: dict[tuple[int, bool], Side] = field(default_factory=dict[tuple[int, bool], Side])


def place(sequence: str, index: Index, settings: MappingSettings) -> Placement:
    """Find the stretches of the reference that a read is made of."""
    tried = _field(sequence, index, settings)
    needed = score_of(settings.anchor_nt)
    if not tried.candidates or tried.profiles.left.max() < needed:
        return Placement(None)
    single, margin = int(tried.profiles.left.max()), score_of(settings.placement_margin_nt)
    pairs = sorted(_pairs(tried, needed - margin), reverse=True)
    turned = max(_turned(tried, needed - margin), default=0)
    top = max(turned, pairs[0][0] if pairs else 0)
    if top < single + needed:
        return Placement(_one(tried))
    near = [(left, right) for total, left, right in pairs if total >= top - margin]
    if not near:
        return Placement(_one(tried), turned=True)
    changes: list[Change] = []
    rival = None
    for pair in near:  # the best first; one rival is enough to stop looking
        changes = _distinct([*changes, *_changes(tried, pair, top - margin)])
        if rival := _rival(changes, 2 * settings.drift_max_nt):
            break
    split = _split(tried, near[0], changes[0])
    more = _more(tried, split, needed)
    return Placement(split.left, split, tuple(changes[1:]), rival, turned >= top - margin, more)


def _more(tried: _Field, split: Split, needed: int) -> bool:
    """Say whether what lies outside both sides fits the reference somewhere."""
    length = tried.profiles.left.shape[1] - 1
    head, tail = split.left.start, split.right.end
    best = 0
    for number, candidate in enumerate(tried.candidates):
        same = candidate.strand == split.change.strand
        before, behind = (head, tail) if same else (length - tail, length - head)
        left, right = tried.profiles.left[number], tried.profiles.right[number]
        best = max(best, int(left[: before + 1].max()), int(right[behind:].max()))
    return best >= needed


def _rival(changes: Sequence[Change], reach_nt: int) -> Change | None:
    """Return the first change that is as good as the best, or lies elsewhere.

    One that is a little worse and some gaps away is a doubt about the ends, not about the place.
    """
    best, *others = changes
    return next((c for c in others if c.score == best.score or not best.beside(c, reach_nt)), None)


def _field(sequence: str, index: Index, settings: MappingSettings) -> _Field:
    texts = zip(STRANDS, (sequence, reverse_complement(sequence)), strict=True)
    reads = {strand: encoded(text, READ_N) for strand, text in texts}
    candidates = [
        candidate
        for strand, codes in reads.items()
        for candidate in candidates_of(codes, strand, index, settings)
    ]
    drift = 2 * settings.drift_max_nt
    windows = windows_of(candidates, index.records, len(sequence), drift)
    rows = [reads[candidate.strand] for candidate in candidates]
    stacked = np.stack(rows) if rows else np.empty((0, len(sequence)), np.uint8)
    cost = edit_cost(settings.edit_match_nt)
    return _Field(reads, candidates, windows, profiles_of(stacked, windows, cost), cost)


def _one(tried: _Field) -> Piece:
    """Return the stretch with the best single alignment."""
    number = int(tried.profiles.left.max(axis=1).argmax())
    side = _side(tried, number)
    end, lane = np.unravel_index(int(side.ended.argmax()), side.ended.shape)
    return _left(tried, number, side, (int(end), int(lane)))


def _likely(tried: _Field, strand: str, needed: int) -> list[int]:
    """Return the candidates of a strand that can be a side."""
    best = tried.profiles.left.max(axis=1)
    return [
        number
        for number, candidate in enumerate(tried.candidates)
        if candidate.strand == strand and best[number] >= needed
    ]


def _from_there(right: Scores) -> Scores:
    """Return, for each read base, the best score that begins there or later."""
    return np.maximum.accumulate(right[:, ::-1], axis=1)[:, ::-1]


def _pairs(tried: _Field, needed: int) -> list[tuple[int, int, int]]:
    """Return the score of every pair of one strand, and the candidates left and right."""
    found: list[tuple[int, int, int]] = []
    for strand in STRANDS:
        numbers = _likely(tried, strand, needed)
        later = _from_there(tried.profiles.right[numbers])
        for left in numbers:
            totals = (tried.profiles.left[left] + later).max(axis=1, initial=0).tolist()
            found += [(total, left, right) for total, right in zip(totals, numbers, strict=True)]
    return found


def _turned(tried: _Field, needed: int) -> Iterator[int]:
    """Yield the best scores of stretches on different strands.

    The first i bases of a read are the last i of its other orientation.
    """
    plus, minus = (_likely(tried, strand, needed) for strand in STRANDS)
    profiles = tried.profiles
    later = _from_there(profiles.right[plus])
    until = np.maximum.accumulate(profiles.left[minus], axis=1)[:, ::-1]
    for number in plus:
        yield int((profiles.left[number] + until).max(initial=0))
    for number in minus:
        yield int((profiles.right[number][::-1] + later).max(initial=0))


def _side(tried: _Field, number: int, *, reverse: bool = False) -> Side:
    key, step = (number, reverse), -1 if reverse else 1
    if key not in tried.sides:
        read, window = tried.reads[tried.candidates[number].strand], tried.windows[number]
        tried.sides[key] = side_of(read[::step], window[::step], tried.cost)
    return tried.sides[key]


def _changes(tried: _Field, pair: tuple[int, int], least: int) -> list[Change]:
    """Return the changes of a pair, one for every two lanes that reach the score."""
    one, two = (tried.candidates[number] for number in pair)
    left = _side(tried, pair[0]).ended
    right = _side(tried, pair[1], reverse=True).ended[::-1, ::-1]
    later = _from_there(right.T).T
    centre = (left.shape[1] - 1) // 2
    found: list[Change] = []
    for lane in range(left.shape[1]):
        totals = left[:, lane, None] + later
        for other in np.flatnonzero(totals.max(axis=0) >= least).tolist():
            column = totals[:, other]
            # The left side takes what fits both: the last of equal places, HGVS's 3' rule.
            end = len(column) - 1 - int(column[::-1].argmax())
            start = end + int((right[end:, other] == later[end, other]).argmax())
            places = (one.diagonal + end + lane - centre, two.diagonal + start + other - centre)
            records = (one.record, two.record)
            found.append(Change(one.strand, *records, end, start, *places, int(column[end])))
    return found


def _distinct(changes: Sequence[Change]) -> list[Change]:
    """Keep one of the changes between the same diagonals, the best first."""
    found: dict[tuple[object, ...], Change] = {}
    for change in sorted(changes, key=lambda change: -change.score):
        key = (change.strand, change.left_record, change.right_record, change.diagonals)
        found.setdefault(key, change)
    return list(found.values())


def _split(tried: _Field, pair: tuple[int, int], change: Change) -> Split:
    """Follow both sides of a change of this pair to their other ends."""
    one, two = _side(tried, pair[0]), _side(tried, pair[1], reverse=True)
    centre, length = _centre(one), len(one.read)
    lanes = [
        diagonal - tried.candidates[number].diagonal + centre
        for diagonal, number in zip(change.diagonals, pair, strict=True)
    ]
    begin, edits = traced(two, length - change.start, one.ended.shape[1] - 1 - lanes[1])
    mirrored = tuple(sorted(length - 1 - edit for edit in edits))
    first, end = change.right_position, length - begin
    last = first + end - change.start
    right = Piece(change.strand, change.right_record, change.start, end, first, last, mirrored)
    return Split(change, _left(tried, pair[0], one, (change.end, lanes[0])), right)


def _left(tried: _Field, number: int, side: Side, cell: tuple[int, int]) -> Piece:
    """Return the piece that ends before a read base, on a lane."""
    candidate, (end, lane) = tried.candidates[number], cell
    start, edits = traced(side, end, lane)
    last = candidate.diagonal + end + lane - _centre(side)
    first = max(last - (end - start), 0)
    return Piece(candidate.strand, candidate.record, start, end, first, last, tuple(sorted(edits)))


def _centre(side: Side) -> int:
    return (side.ended.shape[1] - 1) // 2
