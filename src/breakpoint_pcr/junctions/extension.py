"""Local alignment of a read beside many places at once, in a band of lanes.

Smith and Waterman 1981 (doi 10.1016/0022-2836(81)90087-5) with linear gap costs, in a band. A
matching base scores 2, an edit costs one less than twice the `edit_match_nt` of the settings: an
alignment goes on over an edit where at least that many matching bases follow it. An N of the read
scores nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breakpoint_pcr.junctions.anchors import READ_N, Codes

Scores = NDArray[np.int32]

MATCH = 2
NEVER = -(10**6)


def edit_cost(edit_match_nt: int) -> int:
    """Return what a mismatch costs, and each base of a gap."""
    return MATCH * edit_match_nt - 1


def score_of(matches_nt: int) -> int:
    """Return the score of this many matching bases."""
    return MATCH * matches_nt


@dataclass(frozen=True, slots=True)
class Profiles:
    """The best alignments of each candidate, by where they end in the read.

    `left[c, i]`: score of the best alignment to candidate c that ends with the matching read base
    i - 1. `right[c, j]`: of the best that begins with the matching read base j.
    """

    left: Scores
    right: Scores


def profiles_of(reads: Codes, windows: Codes, cost: int) -> Profiles:
    """Align each read to its window, from both ends.

    Args:
        reads: One row per candidate.
        windows: One row per candidate, as `anchors.windows_of` cuts them.
        cost: Of an edit.
    """
    turned = np.concatenate([reads, reads[:, ::-1]]), np.concatenate([windows, windows[:, ::-1]])
    bests, count = _bests(*turned, cost), len(reads)
    return Profiles(bests[:count], bests[count:, ::-1])


def _bests(reads: Codes, windows: Codes, cost: int) -> Scores:
    best = np.full((len(reads), reads.shape[1] + 1), NEVER, np.int32)
    for i, (ended, _) in enumerate(_rows(reads, windows, cost), start=1):
        best[:, i] = ended.max(axis=1)
    return best


def _rows(reads: Codes, windows: Codes, cost: int) -> Iterator[tuple[Scores, Scores]]:
    """Yield, read base by read base, the scores on each lane: ended by a match, and of any end."""
    count, length = reads.shape
    lanes = windows.shape[1] - length + 1
    ramp = np.arange(lanes, dtype=np.int32) * np.int32(cost)
    held = np.full((count, lanes + 1), NEVER, np.int32)
    misfit = np.where(reads == READ_N, 0, -cost).astype(np.int32)
    for i in range(length):
        fits = reads[:, i, None] == windows[:, i : i + lanes]
        diagonal = np.maximum(held[:, :lanes], 0) + np.where(fits, MATCH, misfit[:, i, None])
        down = np.maximum(diagonal, held[:, 1:] - cost)
        held[:, :lanes] = np.maximum.accumulate(down + ramp, axis=1) - ramp
        yield np.where(fits, diagonal, NEVER), held[:, :lanes]


@dataclass(frozen=True, slots=True)
class Side:
    """One read beside one place, every cell kept.

    `ended[i, k]` is the score of the best alignment that ends on lane k with the matching read base
    i - 1, `scores[i, k]` of the best that ends there in any way.
    """

    read: Codes
    window: Codes
    cost: int
    ended: Scores
    scores: Scores


def side_of(read: Codes, window: Codes, cost: int) -> Side:
    """Align a read to a window and keep every cell."""
    lanes = len(window) - len(read) + 1
    ended = np.full((len(read) + 1, lanes), NEVER, np.int32)
    scores = ended.copy()
    for i, (one, other) in enumerate(_rows(read[None], window[None], cost), start=1):
        ended[i], scores[i] = one[0], other[0]
    return Side(read, window, cost, ended, scores)


def traced(side: Side, end: int, lane: int) -> tuple[int, list[int]]:
    """Follow the best alignment that ends on this lane with the matching read base `end` - 1.

    Returns:
        Its first read base, and the read base of each edit; an N of the read is one.
    """
    edits: list[int] = []
    i, k = end, lane
    while True:
        i -= 1
        if not _fits(side, i, k):
            edits.append(i)
        if side.scores[i, k] <= 0:
            return i, edits
        while side.scores[i, k] != _diagonal(side, i, k):
            if k + 1 < side.scores.shape[1] and (
                side.scores[i, k] == side.scores[i - 1, k + 1] - side.cost
            ):
                i, k = i - 1, k + 1
            else:
                k -= 1
            edits.append(i)


def _fits(side: Side, base: int, lane: int) -> bool:
    return bool(side.read[base] == side.window[base + lane])


def _diagonal(side: Side, i: int, k: int) -> int:
    """Return the score on a lane when the read base before is laid against the reference."""
    misfit = 0 if side.read[i - 1] == READ_N else -side.cost
    return max(int(side.scores[i - 1, k]), 0) + (MATCH if _fits(side, i - 1, k) else misfit)
