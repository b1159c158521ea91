"""Products across the junction of a deletion, for any place of its two ends.

A deletion keeps the first record up to `left_end` and goes on from `right_start` of a record. The
product of a forward site left of it and a reverse site right of it has a constant length plus
`left_end` minus `right_start`; so how many of very many junctions give a product can be counted
without looking at each. Bases inserted at the junction lengthen the product by themselves.

A primer counts by its best sites on its strand (fewest edits) alone: a poor further site is no
ground to say that a deletion is seen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from breakpoint_pcr.insilico.alleles import best_sites
from breakpoint_pcr.panel import Assay, Pair
from breakpoint_pcr.reference import Locus
from breakpoint_pcr.tables import Site

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the two ends of a deletion may lie: each of `lefts` with each of `rights`.

    `lefts` are indices after the last base kept, on the first record; `rights` are indices of the
    first base kept, on `record`.
    """

    lefts: range
    record: str
    rights: range

    @property
    def count(self) -> int:
        """How many junctions these are."""
        return len(self.lefts) * len(self.rights)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A pair of sites that a deletion may bring together.

    Attributes:
        assay: Assay that holds the pair.
        pair: The primers.
        forward: Site on the first record, + strand.
        reverse: Site right of the junction, - strand.
        right_max: Last right end that leaves the reverse site whole.
        base_bp: Length of the product when left_end equals right_start.
        bounded: False where a record of unknown distance lies between: lengths are lower bounds.
        ordered: Whether both ends lie on one record, where the left one comes first.
    """

    assay: str
    pair: Pair
    forward: Site
    reverse: Site
    right_max: int
    base_bp: int
    bounded: bool
    ordered: bool

    def size(self, left_end: int, right_start: int) -> int | None:
        """Return the length of the product in bp; None where a site is lost."""
        kept = left_end >= self.forward.end and right_start <= self.right_max
        if not kept or (self.ordered and left_end > right_start):
            return None
        return self.base_bp + left_end - right_start

    def reach(self, limit_bp: int) -> int:
        """Return how far left_end may exceed right_start for a product up to the limit."""
        reach = limit_bp - self.base_bp
        return min(reach, 0) if self.ordered else reach


def crossings_of(
    locus: Locus, assays: Iterable[Assay], sites: Sequence[Site], lengths: Mapping[str, int]
) -> dict[str, tuple[Crossing, ...]]:
    """Return, for each record in which a deletion may end, what it may bring together.

    Args:
        locus: The reference.
        assays: Breakpoint assays.
        sites: Sites of all primers.
        lengths: Length of each primer as ordered, in nt.
    """
    first = locus.records[0].name
    pairs = [
        (assay.name, pair, forward, reverse)
        for assay in assays
        for pair in assay.pairs
        for forward in best_sites(sites, pair.forward.name, "+")
        for reverse in best_sites(sites, pair.reverse.name, "-")
        if forward.record == first
    ]
    return {
        record.name: tuple(_crossings(locus, record.name, pairs, lengths))
        for record in locus.records
    }


def _crossings(
    locus: Locus,
    record: str,
    pairs: Iterable[tuple[str, Pair, Site, Site]],
    lengths: Mapping[str, int],
) -> Iterator[Crossing]:
    names = [record.name for record in locus.records]
    first = names.index(record)
    for assay, pair, forward, reverse in pairs:
        beyond = names.index(reverse.record)
        if beyond < first:
            continue
        between = sum(len(record.sequence) for record in locus.records[first:beyond])
        extra = sum(lengths[site.primer] - (site.end - site.start) for site in (forward, reverse))
        bounded = beyond == first
        yield Crossing(
            *(assay, pair, forward, reverse),
            right_max=reverse.start if bounded else len(locus.records[first].sequence) - 1,
            base_bp=between + reverse.end - forward.start + extra,
            bounded=bounded,
            ordered=first == 0,
        )


def shortest(ends: Ends, crossings: Iterable[Crossing]) -> tuple[int, Crossing] | None:
    """Return the shortest product over all ends, in bp, and its sites; None where there is none."""
    if not ends.count:
        return None
    found = [
        (size, crossing)
        for crossing in crossings
        if (left := max(ends.lefts[0], crossing.forward.end)) in ends.lefts
        and (right := min(ends.rights[-1], crossing.right_max)) in ends.rights
        and (size := crossing.size(left, right)) is not None
    ]
    return min(found, key=lambda pair: pair[0], default=None)


def count_within(ends: Ends, crossings: Sequence[Crossing], limit_bp: int) -> int:
    """Count the junctions of `ends` that give a product up to a limit, by any of the crossings.

    With one left end, an interval of right ends serves a crossing. The intervals of all crossings
    are joined, so that a junction that serves several counts once.
    """
    served = [s for crossing in crossings if (s := _served(ends, crossing, limit_bp))]
    if not served:
        return 0
    low = min(lefts[0] for lefts, _, _ in served)
    high = max(lefts[-1] for lefts, _, _ in served)
    column = np.arange(low, high + 1)
    starts = [
        np.where(column >= lefts[0], np.maximum(column - reach, ends.rights[0]), stop + 1)
        for lefts, reach, stop in served
    ]
    return _joined(np.array(starts), np.array([stop for _, _, stop in served]))


def _served(ends: Ends, crossing: Crossing, limit_bp: int) -> tuple[range, int, int] | None:
    """Return the left ends that can serve a crossing, its reach, and its last right end."""
    if not ends.count:
        return None
    reach = crossing.reach(limit_bp)
    stop = min(ends.rights[-1], crossing.right_max)
    first = max(ends.lefts[0], crossing.forward.end)
    lefts = range(first, min(ends.lefts[-1], stop + reach) + 1)
    return (lefts, reach, stop) if lefts and stop >= ends.rights[0] else None


def _joined(starts: Positions, stops: Positions) -> int:
    """Count the whole numbers within intervals, column by column.

    Args:
        starts: Array (intervals, columns) of first numbers; above its stop: an empty interval.
        stops: Array (intervals) of last numbers.
    """
    order = starts.argsort(axis=0)
    starts, ordered = np.take_along_axis(starts, order, axis=0), stops[order]
    counted = np.maximum.accumulate(ordered, axis=0)
    firsts = starts.copy()
    firsts[1:] = np.maximum(starts[1:], counted[:-1] + 1)
    return int(np.maximum(ordered + 1 - firsts, 0).sum())
