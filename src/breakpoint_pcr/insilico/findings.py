"""The findings of a verification, in the order in which people read them."""

from collections.abc import Iterator

from breakpoint_pcr.insilico.coverage import (
    judge_breakpoints,
    judge_control_genes,
    judge_wild_type,
)
from breakpoint_pcr.insilico.design import judge_design
from breakpoint_pcr.insilico.document import OFF_TARGETS, VARIANTS
from breakpoint_pcr.insilico.evidence import Evidence
from breakpoint_pcr.insilico.exon_deletions import judge_coverage
from breakpoint_pcr.insilico.genome.judging import judge_genome
from breakpoint_pcr.insilico.judgement import (
    judge_confirmation,
    judge_dimers,
    judge_oligo,
    judge_pairs,
    judge_sites,
    usable,
)
from breakpoint_pcr.insilico.nucleotides import UNKNOWN, expansion_count
from breakpoint_pcr.insilico.oligo_rules import (
    judge_end,
    judge_mix,
    judge_on_site,
    judge_probe,
    judge_runs,
    judge_self_end,
)
from breakpoint_pcr.insilico.placements import Placement, place
from breakpoint_pcr.insilico.probes import judge_probes
from breakpoint_pcr.insilico.robustness import judge_robustness
from breakpoint_pcr.insilico.thermodynamics import on_site, self_end, tm_range, variants
from breakpoint_pcr.panel import OligoKind, Panel, Primer
from breakpoint_pcr.tables import Finding, Level, Oligo


def findings_of(evidence: Evidence) -> Iterator[Finding]:
    """Judge everything that a verification found."""
    panel, limits = evidence.panel, evidence.conditions.limits
    for primer, row in zip(panel.primers, evidence.oligos, strict=True):
        yield from _of_oligo(primer, row, evidence)
    yield from judge_mix(evidence.conditions.mix, panel.name)
    yield from judge_dimers(evidence.dimers, limits)
    yield from judge_pairs(panel, {row.name: row.tm_celsius for row in evidence.oligos}, limits)
    size_max = evidence.conditions.products.product_may_max_bp
    yield from judge_wild_type(
        _tubes(panel), evidence.placements, evidence.locus, evidence.lengths, size_max
    )
    yield from _confirmations(evidence)
    for name, text in panel.known_deviations:
        yield Finding(Level.INFO, "primer", name, "known_deviation", text)
    yield from _of_assays(evidence)
    yield from judge_control_genes(panel)
    yield from _of_surroundings(evidence)


def _of_oligo(primer: Primer, row: Oligo, evidence: Evidence) -> Iterator[Finding]:
    """Judge an oligo by itself and on its site."""
    conditions, probe = evidence.conditions, primer.kind is OligoKind.PROBE
    mix, limits, rules = conditions.mix, conditions.limits, conditions.rules
    yield from judge_sites(
        evidence.panel, primer, evidence.placements, evidence.locus, conditions.rule
    )
    yield from judge_oligo(row, tm_range(row.sequence, mix), limits, probe=probe)
    if probe:
        melting = {
            other.name: oligo.tm_celsius
            for other, oligo in zip(evidence.panel.primers, evidence.oligos, strict=True)
            if other.kind is OligoKind.PRIMER
        }
        yield from judge_probe(row, melting, rules)
    else:
        yield from judge_end(row, rules, mix)
        yield from judge_self_end(row.name, self_end(row.sequence, mix), limits)
    yield from judge_runs(row, rules)
    sites = usable(primer, evidence.placements)
    if sites and sites[0].site.edits and UNKNOWN not in sites[0].sequence:
        duplex = on_site(row.sequence, sites[0].sequence, mix)
        yield from judge_on_site(row.name, row.tm_celsius, duplex, limits)
    yield from _degenerate(row)


def _of_assays(evidence: Evidence) -> Iterator[Finding]:
    """Judge what the kept assays see, miss and confuse."""
    design = evidence.conditions.design
    yield from judge_design(evidence.kept, evidence.design)
    yield from judge_breakpoints(evidence.panel, evidence.locus)
    yield from judge_coverage(evidence.locus, evidence.kept, evidence.coverage)
    yield from judge_robustness(
        evidence.robustness,
        shift_nt=design.fragile_shift_nt,
        share_min=design.fragile_share_min,
    )
    yield from judge_probes(evidence.probe_room, evidence.products)


def _of_surroundings(evidence: Evidence) -> Iterator[Finding]:
    """Judge the genome and the known variants, or say that nobody looked."""
    panel, whole = evidence.panel, f"panel {evidence.panel.name}"
    if evidence.genome:
        sites = evidence.genome.sites
        yield from judge_genome(sites, evidence.genome_products, panel, own=evidence.own)
    else:
        sentence = f"off-targets in the rest of the genome: {OFF_TARGETS}"
        yield Finding(Level.INFO, "primer", whole, "off_targets_not_searched", sentence)
    if evidence.variants:
        yield from evidence.variants.findings
    else:
        sentence = f"known variants under the primers: {VARIANTS}"
        yield Finding(Level.INFO, "primer", whole, "variants_not_checked", sentence)


def _tubes(panel: Panel) -> tuple[frozenset[str], ...]:
    """Return the primers of each assay."""
    return tuple(
        frozenset(name for pair in assay.pairs for name in (pair.forward.name, pair.reverse.name))
        for assay in panel.assays
    )


def reactions(panel: Panel) -> tuple[frozenset[str], ...]:
    """Return the oligos of each assay; where a probe goes is not said, so it is in each."""
    probes = {primer.name for primer in panel.primers if primer.kind is OligoKind.PROBE}
    return tuple(tube | probes for tube in _tubes(panel))


def _degenerate(row: Oligo) -> Iterator[Finding]:
    if (count := expansion_count(row.sequence)) > 1:
        used = len(variants(row.sequence))
        sentence = (
            f"degenerate: stands for {count} sequences; thermodynamics is the worst "
            f"of {used} of them"
        )
        yield Finding(Level.INFO, "primer", row.name, "degenerate", sentence)


def _confirmations(evidence: Evidence) -> Iterator[Finding]:
    """Report what was ordered, and how the printed sequence would have fared."""
    primers = {primer.name: primer for primer in evidence.panel.primers}
    rule = evidence.conditions.rule
    for entry in evidence.conditions.confirmed:
        primer = primers[entry.name]
        printed: tuple[Placement, ...] = ()
        if evidence.sequences[primer.name] != primer.sequence:
            printed = place([primer], {primer.name: primer.sequence}, evidence.locus, rule)
        yield judge_confirmation(primer, entry, printed)
