"""Nucleotide letters: what each IUPAC code stands for, and its complement."""

from itertools import product

from Bio.Data.IUPACData import ambiguous_dna_complement, ambiguous_dna_values

BASES = "ACGT"
UNKNOWN = "N"
MEANING: dict[str, str] = {
    letter: "".join(sorted(bases))
    for letter, bases in ambiguous_dna_values.items()
    if letter != "X"
}
_COMPLEMENT = str.maketrans({**ambiguous_dna_complement, "U": "A"})


def reverse_complement(sequence: str) -> str:
    """Return the other strand, 5'-3'; upper-case IUPAC letters."""
    return sequence.translate(_COMPLEMENT)[::-1]


def pairs_with(primer_base: str, site_base: str) -> bool:
    """Say whether a primer letter stands for this reference base; an N there is no base."""
    return site_base in BASES and site_base in MEANING[primer_base]


def expansion_count(sequence: str) -> int:
    """Return how many sequences of A, C, G and T an IUPAC sequence stands for."""
    count = 1
    for letter in sequence:
        count *= len(MEANING[letter])
    return count


def expansions(sequence: str) -> tuple[str, ...]:
    """Return every sequence of A, C, G and T that an IUPAC sequence stands for."""
    return tuple("".join(bases) for bases in product(*(MEANING[letter] for letter in sequence)))
