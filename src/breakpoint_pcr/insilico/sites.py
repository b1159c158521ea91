"""Search for every binding site of the primers, on both strands, with mismatches and gaps.

The rule stands in `rule.py`. Two steps: a table of all words that can stand at the 3' end of a site
picks candidates in one pass over the record, in pieces, so that memory does not grow with it; a
banded edit-distance table, filled for all candidates at once, decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breakpoint_pcr.errors import PanelError
from breakpoint_pcr.insilico.fasta import Letters
from breakpoint_pcr.insilico.nucleotides import (
    BASES,
    expansion_count,
    pairs_with,
    reverse_complement,
)
from breakpoint_pcr.insilico.rule import SearchRule
from breakpoint_pcr.insilico.seeds import (
    COMPLEMENT_CODES,
    OUTSIDE_CODE,
    UNKNOWN_CODE,
    WORD_NT,
    Codes,
    encode,
    seed_codes,
    seed_words,
    word_codes,
)

Costs = NDArray[np.uint16]
Positions = NDArray[np.intp]

# Of a mix of 1,024 each molecule is a thousandth of the oligo: none of them primes, and the sites
# of a broader mix would be chance.
EXPANSIONS_MAX = 1024
# What is held in memory at once.
PIECE_NT = 1 << 23
CANDIDATES_AT_ONCE = 1 << 20
# A cost holds edits and gaps in one number, so that among equal edits the fewest gaps win.
EDIT, GAP, FAR = 64, 65, 1 << 13


@dataclass(frozen=True, slots=True)
class Hit:
    """A site: its place on the plus strand of the record, its sequence as the primer reads."""

    primer: str
    start: int
    end: int
    strand: str
    edits: int
    gaps: int
    sequence: str


@dataclass(frozen=True, slots=True)
class Query:
    """A primer on one strand: its costs per base as read from the 3' end, and its seed words."""

    primer: str
    strand: str
    costs: Costs
    seeds: NDArray[np.bool_]


def queries(primers: Mapping[str, str], rule: SearchRule) -> tuple[Query, ...]:
    """Prepare the primers (name to sequence 5'-3', upper-case IUPAC) for `search`.

    Raises:
        PanelError: A sequence is too short to search for, or stands for too many.
    """
    if short := [name for name, primer in primers.items() if len(primer) < WORD_NT]:
        raise PanelError(
            f"primer {short[0]}: {len(primers[short[0]])} nt; a site search needs "
            f"at least {WORD_NT}; write the whole sequence"
        )
    counts = {name: expansion_count(primer) for name, primer in primers.items()}
    if broad := [name for name, count in counts.items() if count > EXPANSIONS_MAX]:
        raise PanelError(
            f"primer {broad[0]}: stands for {counts[broad[0]]:,} sequences; a site search takes "
            f"at most {EXPANSIONS_MAX:,}; write fewer degenerate letters"
        )
    return tuple(
        query for name, primer in primers.items() for query in _both_strands(name, primer, rule)
    )


def search(wanted: Sequence[Query], letters: Letters, rule: SearchRule) -> list[Hit]:
    """Find every site of the queries in one record.

    Args:
        wanted: What `queries` returned for the same rule.
        letters: The record in ASCII letters; case is ignored.
        rule: When a place is a site.

    Returns:
        Sites in the order of the queries, then of position.
    """
    if not wanted:
        return []
    found: list[list[tuple[int, int, int]]] = [[] for _ in wanted]
    for piece in _pieces(wanted, letters, rule):
        for query, ends in zip(wanted, found, strict=True):
            sites = _sites_in_piece(query, piece, rule)
            ends += [site for site in sites if 0 <= site[1] <= len(letters)]
    return [
        _hit(query, letters, *end)
        for query, ends in zip(wanted, found, strict=True)
        for end in _best(ends, rule)
    ]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Part of a record with its surroundings; `first` is where its first code lies."""

    first: int
    codes: Codes
    candidates: Positions
    words: NDArray[np.uint16]


def _both_strands(name: str, primer: str, rule: SearchRule) -> Iterator[Query]:
    costs = np.array(
        [
            [0 if pairs_with(letter, base) else EDIT for base in BASES] + [EDIT, FAR]
            for letter in reversed(primer)
        ],
        np.uint16,
    )
    words = seed_words(primer, rule)
    for strand in "+-":
        seeds = np.zeros(len(BASES) ** WORD_NT, np.bool_)
        seeds[seed_codes(words, strand)] = True
        yield Query(name, strand, costs, seeds)


def _pieces(wanted: Sequence[Query], letters: Letters, rule: SearchRule) -> Iterator[_Piece]:
    """Cut the record; every word that overlaps it is a candidate in one piece only."""
    any_seed = np.logical_or.reduce([query.seeds for query in wanted])
    reach = max(len(query.costs) for query in wanted) + rule.edits_max
    for first in range(-WORD_NT, len(letters) + 1, PIECE_NT):
        last = min(first + PIECE_NT, len(letters) + 1)
        codes = _surrounded(letters, first - reach, last + reach)
        words = word_codes(codes[reach : reach + last - first + WORD_NT - 1])
        near = np.flatnonzero(any_seed[words])
        if rule.edits_max < WORD_NT:
            near = near[_read(codes[reach:], near)]
        yield _Piece(first - reach, codes, near + reach, words[near])


def _read(codes: Codes, words: Positions) -> NDArray[np.bool_]:
    """Tell which words hold a known base; a site of `WORD_NT` unknown ones has as many edits."""
    known = codes < UNKNOWN_CODE
    if known.all():
        return np.ones(len(words), np.bool_)
    return np.logical_or.reduce([known[words + place] for place in range(WORD_NT)])


def _surrounded(letters: Letters, start: int, end: int) -> Codes:
    """Return the codes of a stretch that may reach beyond the record."""
    left, right = max(0, -start), max(0, end - len(letters))
    inside = encode(letters[max(0, start) : max(0, end)])
    return np.pad(inside, (left, right), constant_values=OUTSIDE_CODE)


def _sites_in_piece(
    query: Query, piece: _Piece, rule: SearchRule
) -> Iterator[tuple[int, int, int]]:
    """Yield (cost, 3' end, length on the record) of the candidates that are sites."""
    starts = piece.candidates[query.seeds[piece.words]]
    for first in range(0, len(starts), CANDIDATES_AT_ONCE):
        part = starts[first : first + CANDIDATES_AT_ONCE]
        ends = part + WORD_NT if query.strand == "+" else part
        which, cost, length = fit(_readings(query, piece, ends, rule), query.costs, rule)
        places = (ends[which] + piece.first).tolist()
        yield from zip(cost.tolist(), places, length.tolist(), strict=True)


def _readings(query: Query, piece: _Piece, ends: Positions, rule: SearchRule) -> Codes:
    """Return what the primer meets from each 3' end on, one column each."""
    steps = np.arange(len(query.costs) + rule.edits_max)[:, None]
    if query.strand == "+":
        return piece.codes[ends - 1 - steps]
    return COMPLEMENT_CODES[piece.codes[ends + steps]]


def fit(readings: Codes, costs: Costs, rule: SearchRule) -> tuple[Positions, Costs, Positions]:
    """Align a primer with many readings at once, both fixed at the 3' end.

    `state[offset]` is the cost when `row` primer bases and `row + offset - edits_max` reference
    bases are used up; a row follows from the one before by a pair, a primer base alone or a
    reference base alone.

    Args:
        readings: Array (primer length + edits_max, candidates) of codes, from the 3' end on.
        costs: Array (primer length, 6): cost of each primer base, from the 3' end on, with each
            code.
        rule: When a place is a site.

    Returns:
        Indices of the candidates that are sites, their costs, and the reference bases that they
        take.
    """
    most, band = rule.edits_max, 2 * rule.edits_max + 1
    tail = min(rule.three_prime_nt, len(costs))
    which = np.arange(readings.shape[1])
    beyond = np.full((most, readings.shape[1]), OUTSIDE_CODE, np.uint8)
    readings = np.concatenate([beyond, readings])
    state = np.full((band, readings.shape[1]), FAR, np.uint16)
    state[most] = 0
    for row, cost in enumerate(costs, start=1):
        state = _next_row(
            state,
            cost[readings[row - 1 : row - 1 + band]],
            min(rule.three_prime_edits_max, most) if row <= tail else most,
        )
        if row == tail:
            alive = np.flatnonzero(state.min(axis=0) < FAR)
            which, readings, state = which[alive], readings[:, alive], state[:, alive]
    order = sorted(range(band), key=lambda offset: (abs(offset - most), offset))
    choice = state[order].argmin(axis=0)
    best = state[order].min(axis=0)
    good = np.flatnonzero(best < FAR)
    lengths = np.array(order)[choice[good]] - most + len(costs)
    return which[good], best[good], lengths


def _next_row(state: Costs, pairing: Costs, edits_max: int) -> Costs:
    """Use up one more primer base; more than `edits_max` edits up to it are too many."""
    row = state + pairing
    np.minimum(row[:-1], state[1:] + GAP, out=row[:-1])
    row[row >= (edits_max + 1) * EDIT] = FAR
    for offset in range(1, len(row)):
        np.minimum(row[offset], row[offset - 1] + GAP, out=row[offset])
    return row


def _best(ends: list[tuple[int, int, int]], rule: SearchRule) -> list[tuple[int, int, int]]:
    """Keep the best alignment of each site, in order of position."""
    taken: set[int] = set()
    kept: list[tuple[int, int, int]] = []
    for cost, end, length in sorted(ends):
        near = range(end - rule.edits_max, end + rule.edits_max + 1)
        if cost < (rule.edits_max + 1) * EDIT and taken.isdisjoint(near):
            taken.add(end)
            kept.append((cost, end, length))
    return sorted(kept, key=lambda site: site[1])


def _hit(query: Query, letters: Letters, cost: int, end: int, length: int) -> Hit:
    start = end - length if query.strand == "+" else end
    piece = letters[start : start + length].decode("ascii").upper().replace("U", "T")
    sequence = piece if query.strand == "+" else reverse_complement(piece)
    edits, gaps = divmod(cost, EDIT)
    return Hit(query.primer, start, start + length, query.strand, edits, gaps, sequence)
