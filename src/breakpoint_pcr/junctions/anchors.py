"""Where a read may lie: stretches of the reference that share a word with it.

A base is a code: 0-3 for A, C, G, T. An N of a read, an N of the reference and what lies beyond a
record have codes of their own, so that none of them equals anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breakpoint_pcr.insilico.nucleotides import BASES
from breakpoint_pcr.junctions.settings import MappingSettings
from breakpoint_pcr.reference import Locus

Codes = NDArray[np.uint8]
Numbers = NDArray[np.int64]

READ_N, REFERENCE_N = 4, 5


@dataclass(frozen=True, slots=True)
class Index:
    """The words of the reference, sorted, with the record and the position of each."""

    records: tuple[Codes, ...]
    words: Numbers
    owners: Numbers
    positions: Numbers


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place for a stretch of a read: read base i lies near base `diagonal` + i of a record.

    `strand` says which orientation of the read is meant; `record` is the number of the record.
    """

    strand: str
    record: int
    diagonal: int


def encoded(sequence: str, unknown: int) -> Codes:
    """Return the code of each base; letters beyond A, C, G, T become `unknown`."""
    table = np.full(256, unknown, np.uint8)
    table[[ord(base) for base in BASES]] = range(len(BASES))
    return table[np.frombuffer(sequence.encode("ascii"), np.uint8)]


def index_of(locus: Locus, seed_nt: int) -> Index:
    """Index the words of every record of the reference."""
    records = tuple(encoded(record.sequence, REFERENCE_N) for record in locus.records)
    found = [_words(codes, seed_nt) for codes in records]
    owners = np.concatenate([np.full(len(w), n, np.int64) for n, (w, _) in enumerate(found)])
    words = np.concatenate([w for w, _ in found])
    positions = np.concatenate([p for _, p in found])
    order = np.argsort(words, kind="stable")
    return Index(records, words[order], owners[order], positions[order])


def _words(codes: Codes, seed_nt: int) -> tuple[Numbers, Numbers]:
    """Return a number for each word of plain bases, and where it starts."""
    if len(codes) < seed_nt:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    views = np.lib.stride_tricks.sliding_window_view(codes, seed_nt)
    plain = np.flatnonzero((views < len(BASES)).all(axis=1))
    powers = len(BASES) ** np.arange(seed_nt, dtype=np.int64)
    return views[plain].astype(np.int64) @ powers, plain


def candidates_of(
    codes: Codes, strand: str, index: Index, settings: MappingSettings
) -> list[Candidate]:
    """Return every place that shares a word with the read, in this orientation.

    Words on more than `seed_places_max` places say nothing and are left out.
    """
    words, starts = _words(codes, settings.seed_nt)
    low = np.searchsorted(index.words, words, "left")
    counts = np.searchsorted(index.words, words, "right") - low
    counts[counts > settings.seed_places_max] = 0
    hits = np.repeat(low, counts) + _counting(counts)
    diagonals = index.positions[hits] - np.repeat(starts, counts)
    places = np.unique(np.stack([index.owners[hits], diagonals]), axis=1).T.tolist()
    groups: list[list[int]] = []
    for record, diagonal in places:
        last = groups[-1] if groups else None
        if last and last[0] == record and diagonal - last[1] <= settings.drift_max_nt:
            last[2] = diagonal
        else:
            groups.append([record, diagonal, diagonal])
    return [Candidate(strand, record, (first + end) // 2) for record, first, end in groups]


def _counting(counts: Numbers) -> Numbers:
    """Return 0, 1, ... for each count, one behind the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - counts, counts)


def windows_of(
    candidates: Sequence[Candidate], records: Sequence[Codes], length_nt: int, drift_nt: int
) -> Codes:
    """Cut out what each candidate may align to; beyond a record stands a code that fits nothing.

    Returns:
        One row per candidate, `length_nt` + 2 `drift_nt` codes: the code at column i + k stands
        against read base i on lane k, lane `drift_nt` being the diagonal itself.
    """
    width = length_nt + 2 * drift_nt
    rows = np.full((len(candidates), width), REFERENCE_N, np.uint8)
    for row, candidate in zip(rows, candidates, strict=True):
        codes = records[candidate.record]
        start = candidate.diagonal - drift_nt
        first, last = max(start, 0), min(start + width, len(codes))
        if first < last:
            row[first - start : last - start] = codes[first:last]
    return rows
