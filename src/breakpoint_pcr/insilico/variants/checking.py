"""Rows and findings on the known variants under the oligos of a panel."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from breakpoint_pcr.insilico.alignment import GRADED_NT, Edit, Grade, describe, grade
from breakpoint_pcr.insilico.conditions import VariantLimits
from breakpoint_pcr.insilico.placements import Placement
from breakpoint_pcr.insilico.rows import Variant
from breakpoint_pcr.insilico.variants.changes import Effect, change_of, effect, letter_at
from breakpoint_pcr.insilico.variants.files import KnownAllele
from breakpoint_pcr.insilico.variants.sites import OligoSite, oligo_sites
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.reference import Locus
from breakpoint_pcr.tables import Finding, Level

SCOPE = "primer"
SHOWN_BASES = 12


@dataclass(frozen=True, slots=True)
class VariantCheck:
    """The table variants.tsv and the findings."""

    rows: tuple[Variant, ...]
    findings: tuple[Finding, ...]


def check_variants(
    known: Iterable[KnownAllele],
    panel: Panel,
    placements: Sequence[Placement],
    locus: Locus,
    limits: VariantLimits,
) -> VariantCheck:
    """Look for known variants under every oligo of a panel, and judge them."""
    alleles = tuple(known)
    sites = oligo_sites(panel, placements, locus)
    rows = variants_under(alleles, sites, frequency_min=limits.variant_frequency_min)
    findings = [
        *judge_variants(rows, sites, panel=panel.name, limits=limits),
        *_not_checked(alleles, panel, placements, sites, limits),
        _checked(alleles, panel, limits),
    ]
    return VariantCheck(tuple(rows), tuple(findings))


def variants_under(
    known: Iterable[KnownAllele], sites: Sequence[OligoSite], *, frequency_min: float
) -> list[Variant]:
    """Return the known alleles that touch a site.

    Args:
        known: Alleles of the locus.
        sites: Where the oligos bind.
        frequency_min: From this frequency on an allele that hinders the oligo is a warning.

    Returns:
        One row per oligo and allele, in the order of the sites; of each the nearest to the 3' end
        first.
    """
    alleles = tuple(dict.fromkeys(known))
    return [row for site in sites for row in _under(alleles, site, frequency_min)]


def _under(alleles: Sequence[KnownAllele], site: OligoSite, frequency_min: float) -> list[Variant]:
    start = site.record.chromosome_start or 1
    found: list[Variant] = []
    for allele in alleles:
        if allele.record != site.record.name:
            continue
        change = change_of(
            allele.position - start, allele.last - start, allele.reference, allele.alternative
        )
        if change and (hit := effect(change, site)):
            frequent = allele.frequency is not None and allele.frequency >= frequency_min
            level = Level.WARNING if frequent and not hit.harmless else Level.INFO
            found.append(_row(allele, site, hit, level))
    return sorted(found, key=_rank)


def _row(allele: KnownAllele, site: OligoSite, hit: Effect, level: Level) -> Variant:
    return Variant(
        primer=site.primer,
        chromosome=allele.chromosome,
        position=allele.position,
        identifier=allele.identifier,
        reference=allele.reference,
        alternative=allele.alternative,
        frequency=allele.frequency,
        place=hit.place,
        level=level,
        population=allele.population,
    )


def _rank(row: Variant) -> tuple[int, float, int, str, str, str]:
    """Order rows by how bad they are: near the 3' end, then frequent."""
    bases = (row.identifier, row.reference, row.alternative)
    return row.place, -(row.frequency or 0.0), row.position, *bases


def judge_variants(
    rows: Sequence[Variant], sites: Sequence[OligoSite], *, panel: str, limits: VariantLimits
) -> Iterator[Finding]:
    """Judge the variants: a warning per oligo with its worst, and what else there is."""
    for site in sites:
        own = sorted((row for row in rows if row.primer == site.primer), key=_rank)
        if frequent := [row for row in own if row.level is Level.WARNING]:
            yield _warning(frequent, site, limits)
        frequency_min = limits.variant_frequency_min
        for row in own:
            if row.level is Level.INFO and (row.frequency or 0.0) >= frequency_min:
                yield _harmless(row, site)
    yield from _rare(rows, panel, limits)


def _warning(rows: Sequence[Variant], site: OligoSite, limits: VariantLimits) -> Finding:
    worst, others = rows[0], len(rows) - 1
    sentence = f"a known variant under the oligo: {_named(worst)}: {_what(worst, site)}"
    if others:
        more = "1 further variant" if others == 1 else f"{others} further variants"
        sentence += f"; {more} with a frequency of {limits.variant_frequency_min:g} or more"
    return _finding(Level.WARNING, site.primer, "variant_under_primer", sentence)


def _named(row: Variant) -> str:
    """Return name, alleles, position, frequency and its population."""
    name = f"{row.identifier} " if row.identifier else ""
    alleles = f"{_short(row.reference)}>{_short(row.alternative)}"
    common = f"frequency {row.frequency:.3g}" if row.frequency is not None else "no frequency"
    among = f" in {row.population}" if row.population not in ("", "AF") else ""
    return f"{name}{alleles} at {row.chromosome}:{row.position:,}, {common}{among}"


def _short(bases: str) -> str:
    return bases if len(bases) <= SHOWN_BASES else f"{bases[:SHOWN_BASES]}... ({len(bases)} nt)"


def _what(row: Variant, site: OligoSite) -> str:
    """Say what the variant does to the oligo, and how Stadhouders 2010 grades it."""
    edits = _edits(row, site)
    if not edits:
        return f"no mere substitution, nearest at base {row.place} from the 3' end (not gradable)"
    return "; ".join(f"{describe(edit)} ({_graded(edit)})" for edit in edits)


def _graded(edit: Edit) -> str:
    found = grade(edit)
    if found in (Grade.NOT_GRADABLE, Grade.BEYOND):
        return str(found)
    return f"{found} after Stadhouders 2010"


def _edits(row: Variant, site: OligoSite) -> tuple[Edit, ...]:
    start = site.record.chromosome_start or 1
    index = row.position - start
    change = change_of(index, index + len(row.reference) - 1, row.reference, row.alternative)
    hit = effect(change, site) if change else None
    return hit.edits if hit else ()


def _harmless(row: Variant, site: OligoSite) -> Finding:
    if len(row.reference) != len(row.alternative):
        sentence = f"{_named(row)}: the sequence of the site stays whole"
        return _finding(Level.INFO, site.primer, "variant_spares_site", sentence)
    letter = letter_at(site, row.place)
    has = f"has {letter}" if letter else "carries the alternative base"
    sentence = f"{_named(row)}: accepted, the oligo {has} at base {row.place} from the 3' end"
    return _finding(Level.INFO, site.primer, "variant_accepted", sentence)


def _rare(rows: Sequence[Variant], panel: str, limits: VariantLimits) -> Iterator[Finding]:
    """Count the variants below the limit, and those without a frequency."""
    low = limits.variant_frequency_min
    rare = [r for r in rows if r.frequency is not None and r.frequency < low]
    unknown = [r for r in rows if r.frequency is None]
    if not rare and not unknown:
        return
    names = dict.fromkeys(row.primer for row in rows if row in rare or row in unknown)
    counts = {name: sum(r.primer == name for r in (*rare, *unknown)) for name in names}
    ends = sum(row.place <= GRADED_NT for row in (*rare, *unknown))
    sentence = (
        f"rare variants under the oligos: {len(rare)} below {low:g}, {len(unknown)} without a "
        f"frequency ({', '.join(f'{name} {count}' for name, count in counts.items())}); "
        f"{ends} of them within {GRADED_NT} bases of the 3' end"
    )
    yield _finding(Level.INFO, f"panel {panel}", "rare_variants", sentence)


def _not_checked(
    alleles: Sequence[KnownAllele],
    panel: Panel,
    placements: Sequence[Placement],
    sites: Sequence[OligoSite],
    limits: VariantLimits,
) -> Iterator[Finding]:
    """Name each oligo of which the VCF can say nothing."""
    known = {site.primer: site for site in sites}
    for primer in panel.primers:
        site = known.get(primer.name)
        if site and _covered(alleles, site, limits.variant_surroundings_nt):
            continue
        records = [p.site.record for p in placements if p.site.primer == primer.name]
        if site:
            reason = (
                f"the VCF has nothing within {limits.variant_surroundings_nt:,} nt of the site and "
                "may not cover it (an exome leaves out introns)"
            )
        elif records:
            reason = (
                f"its site lies on record {records[0]}, whose place on the chromosome is not known"
            )
        else:
            reason = "it has no site in the reference"
        sentence = f"known variants not checked: {reason}"
        yield _finding(Level.INFO, primer.name, "variants_not_checked", sentence)


def _covered(alleles: Sequence[KnownAllele], site: OligoSite, margin: int) -> bool:
    start = (site.record.chromosome_start or 1) + site.start
    end = start + site.end - site.start
    return any(
        allele.record == site.record.name and start - margin <= allele.position < end + margin
        for allele in alleles
    )


def _checked(alleles: Sequence[KnownAllele], panel: Panel, limits: VariantLimits) -> Finding:
    sentence = (
        f"known variants checked: {len(alleles):,} alleles of the VCF lie in the locus; a warning "
        f"from a frequency of {limits.variant_frequency_min:g} on, the highest of all populations"
    )
    if limits.variant_studies_ignored:
        sentence += f" but {', '.join(limits.variant_studies_ignored)}"
    return _finding(Level.INFO, f"panel {panel.name}", "variants_checked", sentence)


def _finding(level: Level, subject: str, code: str, sentence: str) -> Finding:
    return Finding(level, SCOPE, subject, code, sentence)
