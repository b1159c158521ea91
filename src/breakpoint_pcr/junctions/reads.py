"""A sequenced read: its letters cleaned, its poor ends cut off."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from breakpoint_pcr.insilico.nucleotides import BASES, MEANING, UNKNOWN

BASE_RUN = re.compile(f"[{''.join(sorted(MEANING))}U]+")
TO_BASES = str.maketrans(
    {letter: UNKNOWN for letter in MEANING if letter not in BASES} | {"U": "T"}
)
GAPS = str.maketrans("", "", "-. \t\r\n")


@dataclass(frozen=True, slots=True)
class Read:
    """A read as it is mapped.

    `sequence` holds A, C, G, T and N; every other nucleotide code became N. `qualities` are Phred
    values of its bases, where the file has them. `length_nt` counts the letters of the file,
    `cut_nt` those of them that are not in `sequence`.
    """

    name: str
    file: str
    sequence: str
    qualities: tuple[int, ...] | None
    length_nt: int
    cut_nt: int


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a read and their qualities, before anything is cut."""

    name: str
    text: str
    qualities: tuple[int, ...] | None


def cleaned(letters: Letters) -> tuple[Letters, int]:
    """Keep the longest stretch of nucleotide letters; return it, and how many letters were cut.

    Gaps of an alignment are no letters. Files of laboratories carry notes behind the bases.
    """
    text, qualities = letters.text, letters.qualities
    if qualities is None:
        text = text.translate(GAPS)
    runs = list(BASE_RUN.finditer(text.upper()))
    best = max(runs, key=lambda run: run.end() - run.start(), default=None)
    if best is None:
        return Letters(letters.name, "", None if qualities is None else ()), len(text)
    kept = None if qualities is None else qualities[best.start() : best.end()]
    return Letters(letters.name, best[0].translate(TO_BASES), kept), len(text) - len(best[0])


def trimmed(qualities: Sequence[int], error_max: float) -> tuple[int, int]:
    """Return the stretch that is worth keeping, 0-based half-open (Mott's trimming of phred).

    It is the one with the highest sum of `error_max` less the error probability of each base, the
    first and shortest of equals. Ewing and Green 1998, doi 10.1101/gr.8.3.186 (error
    probabilities); phred documentation, option -trim_alt (the sum).

    Args:
        qualities: Phred quality of each base.
        error_max: Error probability at which a base counts zero.
    """
    scores = [error_max - 10 ** (-quality / 10) for quality in qualities]
    sums = [0.0, *accumulate(scores)]
    start, best, kept = 0, 0.0, (0, 0)
    for end, total in enumerate(sums):
        if total <= sums[start]:
            start = end
        if total - sums[start] > best:
            best, kept = total - sums[start], (start, end)
    return kept


def finished(letters: Letters, file: str, error_max: float | None) -> Read:
    """Clean and trim the letters of a read.

    Args:
        letters: As in the file.
        file: Name of the file.
        error_max: For `trimmed`; None leaves the ends.
    """
    bases, _ = cleaned(letters)
    start, end = 0, len(bases.text)
    if bases.qualities is not None and error_max is not None:
        start, end = trimmed(bases.qualities, error_max)
    own = letters.text.translate(GAPS) if letters.qualities is None else letters.text
    length = len(own)
    qualities = None if bases.qualities is None else bases.qualities[start:end]
    sequence = bases.text[start:end]
    return Read(letters.name, file, sequence, qualities, length, length - len(sequence))
