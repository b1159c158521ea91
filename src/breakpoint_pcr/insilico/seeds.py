"""Seeds of the site search: the words that can stand where a primer's 3' end binds.

A reference base is a code: 0-3 for A, C, G, T, 4 for any other letter, 5 for beyond the record. A
*reading* is the reference as the primer meets it from its 3' end: towards lower positions on the
plus strand; towards higher ones, complemented, on the minus strand.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from breakpoint_pcr.insilico.fasta import Letters
from breakpoint_pcr.insilico.nucleotides import BASES, pairs_with
from breakpoint_pcr.insilico.rule import SearchRule

Codes = NDArray[np.uint8]

WORD_NT = 8
UNKNOWN_CODE = 4
OUTSIDE_CODE = 5
COMPLEMENT_CODES: Codes = np.array([3, 2, 1, 0, UNKNOWN_CODE, OUTSIDE_CODE], np.uint8)


def _code_table() -> bytes:
    table = np.full(256, UNKNOWN_CODE, np.uint8)
    for code, base in enumerate(BASES):
        table[[ord(base), ord(base.lower())]] = code
    table[[ord("U"), ord("u")]] = BASES.index("T")
    return table.tobytes()


_CODES = _code_table()


def encode(letters: Letters) -> Codes:
    """Return the code of each letter; case is ignored."""
    return np.frombuffer(letters.translate(_CODES), np.uint8)


def word_codes(codes: Codes) -> NDArray[np.uint16]:
    """Return a number for the word that starts at each position, first base most significant.

    A letter beyond A, C, G, T counts as some base here, so it can only add candidates.
    """
    base = codes & 3
    two = base[:-1] << 2 | base[1:]
    four = two[:-2] << 4 | two[2:]
    eight = four[:-4].astype(np.uint16) << np.uint16(8) | four[4:]
    return eight.astype(np.uint16, copy=False)


def seed_words(primer: str, rule: SearchRule) -> Codes:
    """List the words that a site of the primer can begin with, as read from its 3' end.

    The words grow base by base, each with its column of the edit-distance table, and are dropped as
    soon as no continuation can satisfy the rule: so the list is complete.

    Args:
        primer: Sequence 5'-3', IUPAC codes allowed.
        rule: When a place is a site.

    Returns:
        Array (words, WORD_NT) of base codes 0-3 in reading order.
    """
    reading = primer[::-1]
    nothing = np.full((1, len(reading) + 1), rule.edits_max + 1, np.uint8)
    column = _column(nothing, reading, "", rule)
    words = np.empty((1, 0), np.uint8)
    for _ in range(WORD_NT):
        last = np.repeat(np.arange(len(BASES), dtype=np.uint8), len(words))
        words = np.column_stack([np.tile(words, (len(BASES), 1)), last])
        column = np.concatenate([_column(column, reading, base, rule) for base in BASES])
        alive = column.min(axis=1) <= rule.edits_max
        column, words = column[alive], words[alive]
    return words


def _column(before: Codes, reading: str, base: str, rule: SearchRule) -> Codes:
    """Return the edits of each start of the reading after one more base (at first: no base)."""
    far, last = rule.edits_max + 1, len(reading)
    column = np.full_like(before, far)
    column[:, 0] = far if base else 0  # a site does not end on a base that the primer lacks
    for row, letter in enumerate(reading, start=1):
        paired = before[:, row - 1] + (not (base and pairs_with(letter, base)))
        best = np.minimum(paired, column[:, row - 1] + 1)
        skipped = before[:, row] + (row < last)  # behind the whole primer anything may follow
        if row <= rule.three_prime_nt:
            best[best > rule.three_prime_edits_max] = far
        if row < rule.three_prime_nt:
            skipped[skipped > rule.three_prime_edits_max] = far
        column[:, row] = np.minimum(np.minimum(best, skipped), far)
    return column


def seed_codes(words: Codes, strand: str) -> NDArray[np.intp]:
    """Return the `word_codes` numbers of these readings on the plus (+) or minus (-) strand."""
    places: Sequence[int] = [4**place for place in range(WORD_NT)]
    if strand == "+":
        return words.astype(np.intp) @ np.array(places)
    return (3 - words).astype(np.intp) @ np.array(places[::-1])
