"""What a laboratory checks before it orders oligos, beyond Tm, GC, hairpins and dimers.

The 3' end, runs of one base, dimers of an oligo with itself that are extended, probes, the duplex
with a site that is not exact, and a reaction mix in which nothing would work.
"""

from collections.abc import Iterator, Mapping

from breakpoint_pcr.insilico.conditions import OligoLimits, OligoRules, ReactionMix
from breakpoint_pcr.insilico.nucleotides import BASES, MEANING
from breakpoint_pcr.insilico.thermodynamics import END_NT, Structure
from breakpoint_pcr.tables import Finding, Level, Oligo

SCOPE = "primer"


def mix_words(mix: ReactionMix) -> str:
    """Return the conditions for which a number of `oligos.tsv` and `dimers.tsv` holds."""
    return (
        f"{mix.monovalent_mm:g} mmol/l monovalent cations, {mix.divalent_mm:g} mmol/l Mg2+, "
        f"{mix.dntp_mm:g} mmol/l dNTP, {mix.oligo_nm:g} nmol/l of each oligo; "
        f"free energies at {mix.dg_celsius:g} °C"
    )


def judge_mix(mix: ReactionMix, panel: str) -> Iterator[Finding]:
    """Judge the reaction mix: dNTP binds Mg2+ one to one, and only the rest counts.

    von Ahsen 2001, doi 10.1093/clinchem/47.11.1956.
    """
    if 0 < mix.divalent_mm <= mix.dntp_mm:
        sentence = (
            f"{mix.dntp_mm:g} mmol/l dNTP bind all of the {mix.divalent_mm:g} mmol/l Mg2+: "
            "melting temperatures are computed without Mg2+; check dntp_mm (all four together) "
            "and divalent_mm"
        )
        yield _finding(Level.WARNING, f"panel {panel}", "no_free_magnesium", sentence)


def judge_end(oligo: Oligo, rules: OligoRules, mix: ReactionMix) -> Iterator[Finding]:
    """Judge the last five bases of a primer: an end that binds strongly by itself primes anywhere.

    An IUPAC letter counts as G or C when it may stand for one.
    """
    energy = oligo.end_stability_dg_kcal
    if energy is not None and energy < rules.end_stability_dg_min_kcal:
        sentence = (
            f"the last {END_NT} bases bind with {energy:.1f} kcal/mol at {mix.dg_celsius:g} °C; "
            f"expected {rules.end_stability_dg_min_kcal:g} or weaker"
        )
        yield _finding(Level.WARNING, oligo.name, "end_stability", sentence)
    strong = sum(bool({"G", "C"} & set(MEANING[base])) for base in oligo.sequence[-END_NT:])
    if strong > rules.three_prime_gc_max:
        sentence = (
            f"{strong} of the last {END_NT} bases are G or C; expected at most "
            f"{rules.three_prime_gc_max}"
        )
        yield _finding(Level.WARNING, oligo.name, "three_prime_gc", sentence)


def judge_runs(oligo: Oligo, rules: OligoRules) -> Iterator[Finding]:
    """Judge runs of one base: they slip, and runs of G stack into quadruplexes."""
    for base in BASES:
        limit = rules.g_run_max_nt if base == "G" else rules.base_run_max_nt
        if (length := longest_run(oligo.sequence, base)) > limit:
            sentence = f"a run of {length} {base}; expected at most {limit}"
            yield _finding(Level.WARNING, oligo.name, "base_run", sentence)


def longest_run(sequence: str, base: str) -> int:
    """Return the length of the longest stretch whose letters all may be this base."""
    longest = length = 0
    for letter in sequence:
        length = length + 1 if base in MEANING[letter] else 0
        longest = max(longest, length)
    return longest


def judge_self_end(name: str, end: Structure, limits: OligoLimits) -> Iterator[Finding]:
    """Judge the duplex of an oligo with its own kind that holds a 3' end."""
    limit = limits.three_prime_dimer_dg_min_kcal
    if end.dg_kcal is not None and end.dg_kcal < limit:
        sentence = f"binds itself with a 3' end: {end.dg_kcal:.1f} kcal/mol (limit {limit:g})"
        yield _finding(Level.WARNING, name, "self_dimer_end", sentence)


def judge_on_site(
    name: str, tm_celsius: float, duplex: Structure, limits: OligoLimits
) -> Iterator[Finding]:
    """Say how an oligo melts on a site that is not exact.

    Args:
        name: The oligo.
        tm_celsius: Its melting temperature on an exact site.
        duplex: What `on_site` found.
        limits: The lowest melting temperature of a good oligo.
    """
    if duplex.tm_celsius is None:
        sentence = "does not bind its site at all by nearest neighbours"
        yield _finding(Level.WARNING, name, "melting_on_site", sentence)
        return
    low = duplex.tm_celsius < limits.tm_min_celsius
    sentence = (
        f"melts at {duplex.tm_celsius:.1f} °C on its edited site, "
        f"{tm_celsius - duplex.tm_celsius:.1f} °C below an exact one"
    )
    if low:
        sentence += f"; expected {limits.tm_min_celsius:g} °C or more"
    yield _finding(Level.WARNING if low else Level.INFO, name, "melting_on_site", sentence)


def judge_probe(
    probe: Oligo, primer_tms: Mapping[str, float], rules: OligoRules
) -> Iterator[Finding]:
    """Judge a hydrolysis probe (Primer Express User Bulletin 4317594).

    Args:
        probe: The probe; its melting temperature is that of plain DNA.
        primer_tms: Melting temperature in °C of each primer that it may meet.
        rules: Limits.
    """
    highest = max(primer_tms, key=lambda name: (primer_tms[name], name), default=None)
    if highest is not None:
        above = probe.tm_celsius - primer_tms[highest]
        if above < rules.probe_tm_above_min_celsius:
            sentence = (
                f"melts {above:.1f} °C above {highest}; expected "
                f"{rules.probe_tm_above_min_celsius:g} °C or more (as plain DNA: an MGB or LNA "
                "probe melts higher)"
            )
            yield _finding(Level.WARNING, probe.name, "probe_melting", sentence)
    if "G" in MEANING[probe.sequence[0]]:
        sentence = "begins with G, which quenches the dye at the 5' end"
        yield _finding(Level.WARNING, probe.name, "probe_first_base", sentence)
    if probe.sequence.count("G") > probe.sequence.count("C"):
        sentence = "holds more G than C: the other strand would make the better probe"
        yield _finding(Level.INFO, probe.name, "probe_strand", sentence)


def _finding(level: Level, subject: str, code: str, sentence: str) -> Finding:
    return Finding(level, SCOPE, subject, code, sentence)
