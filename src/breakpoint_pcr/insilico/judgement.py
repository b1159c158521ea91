"""Findings on the primers of a panel, and the verdict that follows from them.

An error makes FAIL, a warning CHECK; an information changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from breakpoint_pcr.insilico.alignment import (
    GAP_MARK,
    PAIR_MARK,
    Edit,
    Grade,
    describe,
    grade,
)
from breakpoint_pcr.insilico.conditions import Confirmation, OligoLimits, SearchRule
from breakpoint_pcr.insilico.nucleotides import UNKNOWN
from breakpoint_pcr.insilico.placements import Placement, borders
from breakpoint_pcr.panel import AssayKind, OligoKind, Panel, Primer
from breakpoint_pcr.reference import Locus
from breakpoint_pcr.tables import Dimer, Finding, Level, Oligo, Verdict

SCOPE = "primer"


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Return the verdict that the findings make."""
    levels = {finding.level for finding in findings}
    if Level.ERROR in levels:
        return Verdict.FAIL
    return Verdict.CHECK if Level.WARNING in levels else Verdict.PASS


def serves_breakpoints(panel: Panel, primer: Primer) -> bool:
    """Say whether the reference must hold a site: not of a probe or a control gene's primer."""
    kinds = {
        assay.kind
        for assay in panel.assays
        for pair in assay.pairs
        if primer.name in (pair.forward.name, pair.reverse.name)
    }
    return primer.kind is OligoKind.PRIMER and kinds != {AssayKind.CONTROL_GENE}


def usable(primer: Primer, placements: Iterable[Placement]) -> list[Placement]:
    """Return the sites on the strand that the panel declares, the best first."""
    return [
        p for p in placements if p.site.primer == primer.name and p.site.strand == primer.strand
    ]


def better_sequence(primer: Primer, placements: Sequence[Placement]) -> str:
    """Return the primer that would fit the best site exactly; empty when there is no need.

    Degenerate letters that fit stay. A site that the end of its record cuts off names no primer.
    """
    sites = usable(primer, placements)
    if not sites or not sites[0].site.edits or UNKNOWN in sites[0].sequence:
        return ""
    rivals = [p for p in sites if p.site.edits == sites[0].site.edits]
    drawing = sites[0].drawing
    if len(rivals) > 1 or GAP_MARK in (drawing.site[0], drawing.site[-1]):
        return ""
    edited = {place for place, mark in enumerate(drawing.marks) if mark != PAIR_MARK}
    columns = enumerate(zip(drawing.primer, drawing.site, strict=True))
    letters = (site if place in edited else own for place, (own, site) in columns)
    return "".join(letters).replace(GAP_MARK, "")


def judge_sites(
    panel: Panel, primer: Primer, placements: Sequence[Placement], locus: Locus, rule: SearchRule
) -> Iterator[Finding]:
    """Judge where a primer binds."""
    own = [p for p in placements if p.site.primer == primer.name]
    sites = usable(primer, own)
    if not serves_breakpoints(panel, primer):
        if not sites:
            yield _finding(Level.INFO, primer.name, "site_not_verified", _NOT_HERE)
        return
    if not sites or any(p.site.edits < sites[0].site.edits for p in own):
        yield _misplaced(primer, own, rule)
        if not sites:
            return
    if sites[0].site.edits:
        yield _edited(primer, sites)
    yield from _rivals(primer, sites[0], own, rule)
    if not borders(locus, primer, sites[0].site):
        sentence = (
            f"the site {sites[0].position} lies in {sites[0].region}; borders_exon says "
            f"{primer.borders_exon}, so the labels of its deletions would be wrong"
        )
        yield _finding(Level.ERROR, primer.name, "wrong_region", sentence)


_NOT_HERE = "no site in the reference, which need not hold one for this oligo: not verified"


def _misplaced(primer: Primer, own: Sequence[Placement], rule: SearchRule) -> Finding:
    others = sorted((p for p in own if p.site.strand != primer.strand), key=_edits)
    if others:
        found = others[0]
        sentence = (
            f"declared on strand {primer.strand}, but the best site is {found.position} on strand "
            f"{found.site.strand} ({_count(found)}); check strand and sequence"
        )
        return _finding(Level.ERROR, primer.name, "wrong_strand", sentence)
    sentence = (
        f"no site in the reference with at most {rule.edits_max} edits "
        f"({rule.three_prime_edits_max} in the last {rule.three_prime_nt} bases); "
        "check the sequence"
    )
    return _finding(Level.ERROR, primer.name, "no_site", sentence)


def _edits(placement: Placement) -> int:
    return placement.site.edits


def _count(placement: Placement) -> str:
    site = placement.site
    counts = (
        _number(site.mismatches, "mismatch", "mismatches"),
        _number(site.gaps, "gap", "gaps"),
    )
    return ", ".join(filter(None, counts)) or "exact"


def _number(count: int, one: str, many: str) -> str:
    if not count:
        return ""
    return f"1 {one}" if count == 1 else f"{count} {many}"


def _edited(primer: Primer, sites: Sequence[Placement]) -> Finding:
    best = sites[0]
    level = Level.ERROR if best.site.verdict is Verdict.FAIL else Level.WARNING
    edits = "; ".join(f"{describe(edit)} ({_graded(edit)})" for edit in best.drawing.edits)
    better = better_sequence(primer, sites)
    sentence = f"no exact site; the best, {best.position}, has {_count(best)}: {edits}"
    if better:
        sentence += f". The primer that fits this site is {better}; check the order sheet"
    return _finding(level, primer.name, "edited_site", sentence)


def _graded(edit: Edit) -> str:
    found = grade(edit)
    return f"{found}" if found is Grade.NOT_GRADABLE else f"{found} after Stadhouders 2010"


def _rivals(
    primer: Primer, best: Placement, own: Sequence[Placement], rule: SearchRule
) -> Iterator[Finding]:
    """Judge the further sites: as good as the best one, nearly so, or remote."""
    for other in own:
        if other is best:
            continue
        site = other.site
        sentence = f"a further site at {other.position}, strand {site.strand}, {_count(other)}"
        if not site.edits:
            yield _finding(Level.ERROR, primer.name, "several_sites", sentence)
        elif site.edits <= max(best.site.edits, rule.three_prime_edits_max):
            yield _finding(Level.WARNING, primer.name, "several_sites", sentence)
        else:
            sentence += f": {other.drawing.text}"
            yield _finding(Level.INFO, primer.name, "further_site", sentence)


def judge_oligo(
    oligo: Oligo, tms: tuple[float, float], limits: OligoLimits, *, probe: bool = False
) -> Iterator[Finding]:
    """Judge melting temperature, GC, hairpin and self-dimer of an oligo.

    A probe melts above its primers: `judge_probe` judges that.
    """
    low, high = limits.tm_min_celsius, limits.tm_max_celsius
    if not probe and not low <= tms[0] <= tms[1] <= high:
        found = f"{tms[0]:.1f}" if tms[0] == tms[1] else f"{tms[0]:.1f} to {tms[1]:.1f}"
        sentence = f"melting temperature {found} °C; expected {low:g} to {high:g} °C"
        yield _finding(Level.WARNING, oligo.name, "melting_temperature", sentence)
    if not limits.gc_min_percent <= oligo.gc_percent <= limits.gc_max_percent:
        sentence = (
            f"GC {oligo.gc_percent:.0f} %; expected {limits.gc_min_percent:g} to "
            f"{limits.gc_max_percent:g} %"
        )
        yield _finding(Level.WARNING, oligo.name, "gc_content", sentence)
    hairpin = oligo.hairpin_tm_celsius
    if hairpin is not None and hairpin > limits.hairpin_tm_max_celsius:
        sentence = (
            f"hairpin melts at {hairpin:.1f} °C; expected at most "
            f"{limits.hairpin_tm_max_celsius:g} °C"
        )
        yield _finding(Level.WARNING, oligo.name, "hairpin", sentence)
    if reasons := _dimer_reasons(oligo.self_dimer_tm_celsius, oligo.self_dimer_dg_kcal, limits):
        sentence = f"binds itself: {reasons}"
        yield _finding(Level.WARNING, oligo.name, "self_dimer", sentence)


def _dimer_reasons(tm: float | None, dg: float | None, limits: OligoLimits) -> str:
    reasons: list[str] = []
    if dg is not None and dg < limits.dimer_dg_min_kcal:
        reasons.append(f"{dg:.1f} kcal/mol (limit {limits.dimer_dg_min_kcal:g})")
    if tm is not None and tm > limits.anneal_celsius:
        reasons.append(f"melts at {tm:.1f} °C (annealing {limits.anneal_celsius:g} °C)")
    return ", ".join(reasons)


def judge_dimers(dimers: Iterable[Dimer], limits: OligoLimits) -> Iterator[Finding]:
    """Judge the pairs of oligos; only those that meet in a reaction weigh."""
    for dimer in dimers:
        reasons = [_dimer_reasons(dimer.tm_celsius, dimer.dg_kcal, limits)]
        end = dimer.three_prime_dg_kcal
        if end is not None and end < limits.three_prime_dimer_dg_min_kcal:
            limit = f"limit {limits.three_prime_dimer_dg_min_kcal:g}"
            reasons.append(f"{end:.1f} kcal/mol with a 3' end ({limit})")
        text = ", ".join(filter(None, reasons))
        if text:
            level = Level.WARNING if dimer.share_an_assay else Level.INFO
            where = "in one reaction" if dimer.share_an_assay else "never in one reaction"
            for one, other in ((dimer.first, dimer.second), (dimer.second, dimer.first)):
                yield _finding(level, one, "dimer", f"binds {other} ({where}): {text}")


def judge_pairs(panel: Panel, tms: Mapping[str, float], limits: OligoLimits) -> Iterator[Finding]:
    """Judge the difference of melting temperatures within each pair."""
    pairs = {pair.name: pair for assay in panel.assays for pair in assay.pairs}
    for pair in pairs.values():
        names = (pair.forward.name, pair.reverse.name)
        spread = abs(tms[names[0]] - tms[names[1]])
        if spread > limits.tm_spread_max_celsius:
            for one, other in (names, names[::-1]):
                sentence = (
                    f"melts {spread:.1f} °C apart from {other}; expected at most "
                    f"{limits.tm_spread_max_celsius:g} °C"
                )
                yield _finding(Level.WARNING, one, "melting_difference", sentence)


def judge_confirmation(
    primer: Primer, confirmation: Confirmation, printed: Sequence[Placement]
) -> Finding:
    """Say what was ordered; `printed` are the sites of the sequence that the panel prints."""
    who = f"{confirmation.by}, {confirmation.date}"
    if confirmation.sequence == primer.sequence:
        sentence = f"ordered as the panel prints it ({who})"
        return _finding(Level.INFO, primer.name, "confirmed", sentence)
    best = _count(printed[0]) if printed else "no site"
    sentence = (
        f"ordered as {confirmation.sequence} ({who}), and verified so; the panel prints "
        f"{primer.sequence} (its best site: {best})"
    )
    return _finding(Level.INFO, primer.name, "confirmed_differs", sentence)


def _finding(level: Level, subject: str, code: str, sentence: str) -> Finding:
    return Finding(level, SCOPE, subject, code, sentence)
