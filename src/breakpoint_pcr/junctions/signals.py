"""Heptamers of the recombination signal beside a junction.

RAG cuts between a coding end and the heptamer CACAGTG and keeps the coding end. So at the left end
of a deletion the heptamer reads into the deleted segment, and at the right end its reverse
complement closes that segment. Bases trimmed off before joining lie between it and the junction;
inserted bases that by chance continue the side make it seem to begin before the junction.
The first three bases are the ones that recombination cannot do without; of the others a cryptic
signal has only some (Hesse 1989, doi 10.1101/gad.3.7.1053; beside deletions in lymphoid leukaemia:
Mullighan 2008, doi 10.1038/nature06866). A heptamer with two bases that do not fit stands by chance
in about one of ten windows of 30 nt, so it supports the mechanism and does not prove it.
"""

from breakpoint_pcr.insilico.nucleotides import reverse_complement
from breakpoint_pcr.junctions.settings import MappingSettings

HEPTAMER = "CACAGTG"
INDISPENSABLE = HEPTAMER[:3]


def left_signal(sequence: str, end: int, microhomology_nt: int, settings: MappingSettings) -> str:
    """Name the heptamer behind the left end of a deletion, empty when there is none.

    Args:
        sequence: Record of the left end.
        end: Index after the last base kept.
        microhomology_nt: Bases before `end` that may as well be of the right side.
        settings: How far to look, and how many bases must fit.

    Returns:
        Heptamer, fitting bases, and the bases between the junction and it; best fit first, then the
        nearest. Below zero it begins among the bases kept.
    """
    first = -microhomology_nt - settings.signal_overlap_nt
    return _best(sequence, end, range(first, settings.signal_window_nt + 1), settings)


def right_signal(sequence: str, start: int, settings: MappingSettings) -> str:
    """Name the heptamer before the right end of a deletion; see `left_signal`."""
    turned, end = reverse_complement(sequence), len(sequence) - start
    offsets = range(-settings.signal_overlap_nt, settings.signal_window_nt + 1)
    return _best(turned, end, offsets, settings)


def _best(sequence: str, end: int, offsets: range, settings: MappingSettings) -> str:
    found = [
        (-matches, abs(offset), offset, word)
        for offset in offsets
        if end + offset >= 0
        and (word := sequence[end + offset : end + offset + len(HEPTAMER)]).startswith(
            INDISPENSABLE
        )
        and (matches := _matches(word)) >= settings.signal_matches_min
    ]
    if not found:
        return ""
    fewest, _, offset, word = min(found)
    return f"{word} {-fewest}/{len(HEPTAMER)} at {offset} nt"


def _matches(word: str) -> int:
    return sum(one == other for one, other in zip(word, HEPTAMER, strict=False))
