"""Thermodynamics: each oligo, all pairs of oligos, and the conditions that the numbers hold for."""

from collections.abc import Mapping
from typing import Any

from breakpoint_pcr.report.primers import chemical, condition_words
from breakpoint_pcr.report.wording import Words
from breakpoint_pcr.verification import blocks
from breakpoint_pcr.verification.blocks import Block, cell, columns
from breakpoint_pcr.verification.wording import signed

Panel = Mapping[str, Any]
Dimer = Mapping[str, Any]
# Oligos up to which the matrix has room for the melting temperatures, and up to which they stand
# behind the energies instead of below.
TM_SHOWN, ONE_LINE = 12, 6
OLIGO_COLUMNS = 24  # of a matrix of dimers
# Whether a dimer is beyond a limit, and whether the two meet in a reaction.
LOOKS = {
    (False, False): "plain",
    (False, True): "meet",
    (True, False): "beyond",
    (True, True): "beyond_meet",
}


def chemistry_blocks(panel: Panel, words: Words) -> list[Block]:
    """Return the oligos beside the conditions, then the matrix of dimers."""
    conditions = condition_words(chemical(panel["conditions"]), words)
    said = [
        blocks.remark(words.say("conditions", conditions=words.sentences(conditions))),
        blocks.remark(words.say("melting")),
    ]
    matrix = _dimers(panel, words)
    note = words.say("dimers_note_tm" if _with_tm(panel) else "dimers_note")
    return [
        blocks.beside([_oligos(panel, words)], said, share=0.6),
        *blocks.noted(matrix, note, title=words.word("headings", "dimers")),
    ]


def _oligos(panel: Panel, words: Words) -> Block:
    heads = columns(
        words,
        *("oligo:18", ">length:10", ">tm:11", ">gc:10", ">hairpin:13", ">self_dimer:14", ">end:14"),
    )
    rows = [
        [
            cell((primer["name"], "strong")),
            str(primer["length_nt"]),
            words.number(primer["tm_celsius"], 1),
            words.number(primer["gc_percent"], 0),
            signed(primer["hairpin_tm_celsius"], 1, words),
            signed(primer["self_dimer_dg_kcal"], 1, words),
            signed(primer["end_stability_dg_kcal"], 1, words),
        ]
        for primer in panel["primers"]
    ]
    return blocks.table("", heads, rows)


def _with_tm(panel: Panel) -> bool:
    return len(panel["primers"]) <= TM_SHOWN


def _dimers(panel: Panel, words: Words) -> list[Block]:
    """Return the matrix: below the diagonal the whole dimer, above it the 3' end."""
    primers = panel["primers"]
    pairs = {frozenset((d["first"], d["second"])): d for d in panel["dimers"]}
    names = [primer["name"] for primer in primers]
    rows = [
        (
            primer["name"],
            [
                _self(primer, panel, words)
                if row == column
                else _pair(
                    pairs.get(frozenset((primer["name"], other))), panel, words, end=row < column
                )
                for column, other in enumerate(names)
            ],
        )
        for row, primer in enumerate(primers)
    ]
    most = OLIGO_COLUMNS if len(names) > blocks.MATRIX_COLUMNS else blocks.MATRIX_COLUMNS
    return blocks.matrices(words.word("heads", "oligo"), names, rows, most=most)


def _self(primer: Mapping[str, Any], panel: Panel, words: Words) -> dict[str, Any]:
    energy = primer["self_dimer_dg_kcal"]
    look = "beyond_meet" if _below(energy, panel, "dimer_dg_min_kcal") else "own"
    return blocks.mark(look, signed(energy, 1, words))


def _pair(dimer: Dimer | None, panel: Panel, words: Words, *, end: bool) -> dict[str, Any]:
    if dimer is None:
        return blocks.mark("plain", (words.missing, "muted"))
    limit = "three_prime_dimer_dg_min_kcal" if end else "dimer_dg_min_kcal"
    energy, tm = dimer["three_prime_dg_kcal" if end else "dg_kcal"], dimer["tm_celsius"]
    melts = not end and tm is not None and tm > panel["conditions"].get("anneal_celsius", tm)
    beyond = _below(energy, panel, limit) or melts
    look = LOOKS[beyond, bool(dimer["share_an_assay"])]
    if end or tm is None or not (_with_tm(panel) or melts):
        return blocks.mark(look, signed(energy, 1, words))
    degrees = words.say("degrees", value=signed(tm, 0, words))
    if len(panel["primers"]) <= ONE_LINE:
        return blocks.mark(look, f"{signed(energy, 1, words)} ({degrees})")
    return blocks.mark(look, signed(energy, 1, words), (degrees, "muted"))


def _below(energy: float | None, panel: Panel, limit: str) -> bool:
    lowest = panel["conditions"].get(limit)
    return energy is not None and lowest is not None and energy < lowest
