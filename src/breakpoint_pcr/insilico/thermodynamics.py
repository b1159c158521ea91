"""Thermodynamics of oligos by primer3 (SantaLucia 1998, doi 10.1073/pnas.95.4.1460).

An IUPAC sequence stands for many oligos: each number is then the worst over them (lowest melting
temperature of the oligo, strongest hairpin or dimer), and `tm_range` gives both ends. Where they
are more than `EXPANSIONS_MAX`, the one richest in A and T and the one richest in G and C stand for
all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import primer3

from breakpoint_pcr.insilico.conditions import ReactionMix
from breakpoint_pcr.insilico.nucleotides import (
    MEANING,
    expansion_count,
    expansions,
    reverse_complement,
)
from breakpoint_pcr.tables import Dimer, Oligo

EXPANSIONS_MAX = 16
END_NT = 5
CAL_PER_KCAL = 1000
DIGITS = 3
# primer3 computes structures only when one of the sequences is at most this long.
STRUCTURE_NT_MAX = 60


@dataclass(frozen=True, slots=True)
class Structure:
    """A hairpin or dimer: its melting temperature and free energy; None where there is none."""

    tm_celsius: float | None
    dg_kcal: float | None


def variants(sequence: str) -> tuple[str, ...]:
    """Return the sequences that stand for an IUPAC sequence."""
    if expansion_count(sequence) <= EXPANSIONS_MAX:
        return expansions(sequence)
    return tuple(
        dict.fromkeys(
            "".join(next((b for b in MEANING[x] if b in rich), MEANING[x][0]) for x in sequence)
            for rich in ("AT", "GC")
        )
    )


def oligo(name: str, sequence: str, mix: ReactionMix) -> Oligo:
    """Compute GC, melting temperature, hairpin, self-dimer and 3' end stability of an oligo."""
    forms = variants(sequence)
    hairpin = _strongest([_structure(primer3.calc_hairpin, (s,), mix) for s in forms])
    dimer = _strongest([_structure(primer3.calc_homodimer, (s,), mix) for s in forms])
    ends = dict.fromkeys(form[-END_NT:] for form in forms)
    end = _strongest([_duplex(end, reverse_complement(end), mix) for end in ends])
    return Oligo(
        name=name,
        sequence=sequence,
        length_nt=len(sequence),
        gc_percent=_rounded(sum(map(gc_percent, forms)) / len(forms)),
        tm_celsius=min(tm_range(sequence, mix)),
        hairpin_tm_celsius=hairpin.tm_celsius,
        hairpin_dg_kcal=hairpin.dg_kcal,
        self_dimer_tm_celsius=dimer.tm_celsius,
        self_dimer_dg_kcal=dimer.dg_kcal,
        end_stability_dg_kcal=end.dg_kcal,
    )


def gc_percent(sequence: str) -> float:
    """Return the share of G and C of a sequence of A, C, G, T."""
    return 100 * sum(base in "GC" for base in sequence) / len(sequence)


def tm_range(sequence: str, mix: ReactionMix) -> tuple[float, float]:
    """Return the lowest and the highest melting temperature of an oligo in °C."""
    salts = {key: value for key, value in _salts(mix).items() if key != "temp_c"}
    tms = [_rounded(primer3.calc_tm(form, **salts)) for form in variants(sequence)]
    return min(tms), max(tms)


def self_end(sequence: str, mix: ReactionMix) -> Structure:
    """Return the strongest duplex of an oligo with its own kind that holds a 3' end.

    Such a duplex is extended in every cycle, whatever the template.
    """
    forms = variants(sequence)
    return _strongest([_duplex(one, other, mix) for one, other in product(forms, repeat=2)])


def on_site(sequence: str, site: str, mix: ReactionMix) -> Structure:
    """Return the duplex of an oligo with its site, mismatches and bulges included.

    Args:
        sequence: The oligo 5'-3'; of the sequences of an IUPAC one the best fit counts.
        site: The site as a primer of it would read, 5'-3', of A, C, G and T.
        mix: Reaction conditions.
    """
    template = reverse_complement(site)
    return _strongest(
        [_structure(primer3.calc_heterodimer, (f, template), mix) for f in variants(sequence)]
    )


def dimers(
    oligos: Mapping[str, str], together: Sequence[frozenset[str]], mix: ReactionMix
) -> tuple[Dimer, ...]:
    """Compute every pair of different oligos.

    Args:
        oligos: Name to sequence.
        together: The oligos of each reaction.
        mix: Reaction conditions.
    """
    return tuple(
        _dimer(first, second, oligos, mix, any({first, second} <= tube for tube in together))
        for first, second in combinations(oligos, 2)
    )


def _dimer(
    first: str, second: str, oligos: Mapping[str, str], mix: ReactionMix, together: bool
) -> Dimer:
    pairs = list(product(variants(oligos[first]), variants(oligos[second])))
    whole = _strongest([_structure(primer3.calc_heterodimer, p, mix) for p in pairs])
    ends = [_duplex(x, y, mix) for a, b in pairs for x, y in ((a, b), (b, a))]
    return Dimer(
        first,
        second,
        tm_celsius=whole.tm_celsius,
        dg_kcal=whole.dg_kcal,
        three_prime_dg_kcal=_strongest(ends).dg_kcal,
        share_an_assay=together,
    )


def _duplex(first: str, second: str, mix: ReactionMix) -> Structure:
    """Return the duplex that holds the 3' end of the first sequence."""
    return _structure(primer3.calc_end_stability, (first, second), mix)


def _structure(
    function: Callable[..., Any], sequences: tuple[str, ...], mix: ReactionMix
) -> Structure:
    if min(map(len, sequences)) > STRUCTURE_NT_MAX:
        return Structure(None, None)
    result = function(*sequences, **_salts(mix))
    if not result.structure_found:
        return Structure(None, None)
    return Structure(_rounded(result.tm), _rounded(result.dg / CAL_PER_KCAL))


def _salts(mix: ReactionMix) -> dict[str, Any]:
    return {
        "mv_conc": mix.monovalent_mm,
        "dv_conc": mix.divalent_mm,
        "dntp_conc": mix.dntp_mm,
        "dna_conc": mix.oligo_nm,
        "temp_c": mix.dg_celsius,
    }


def _rounded(value: float) -> float:
    """Keep what the model can tell, so that every machine writes the same digits."""
    return round(value, DIGITS) + 0.0


def _strongest(structures: Sequence[Structure]) -> Structure:
    """Return the highest melting temperature and the lowest free energy."""
    tms = [s.tm_celsius for s in structures if s.tm_celsius is not None]
    dgs = [s.dg_kcal for s in structures if s.dg_kcal is not None]
    return Structure(max(tms, default=None), min(dgs, default=None))
