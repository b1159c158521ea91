"""Verification of a panel against its reference: tables, decision table and document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.explanation import Allele, alleles_of, explain
from breakpoint_pcr.insilico.alleles import products_of
from breakpoint_pcr.insilico.conditions import Conditions
from breakpoint_pcr.insilico.design import design_of
from breakpoint_pcr.insilico.document import document
from breakpoint_pcr.insilico.evidence import Evidence, KnownVariants
from breakpoint_pcr.insilico.exon_deletions import coverage_of
from breakpoint_pcr.insilico.findings import findings_of, reactions
from breakpoint_pcr.insilico.genome.own import own_sites
from breakpoint_pcr.insilico.genome.products import genome_products
from breakpoint_pcr.insilico.genome.searched import GenomeSearch
from breakpoint_pcr.insilico.placements import place
from breakpoint_pcr.insilico.probes import probe_rooms
from breakpoint_pcr.insilico.robustness import robustness_of
from breakpoint_pcr.insilico.thermodynamics import dimers, oligo
from breakpoint_pcr.insilico.variants import check_variants
from breakpoint_pcr.panel import Assay, Panel
from breakpoint_pcr.reference import Locus
from breakpoint_pcr.tables import Dimer, Finding, Oligo, Pattern, Product, Site

__all__ = ["Conditions", "Verification", "decision_table", "ordered_sequences", "verify"]

# Beyond 12 assays a table of all patterns would have more rows than anybody reads.
FULL_TABLE_ASSAYS = 12
PARTIAL_TABLE_POSITIVES = 4


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found, the decision table, and the document panel.json."""

    evidence: Evidence
    patterns: tuple[Pattern, ...]
    document: dict[str, Any]

    @property
    def sites(self) -> tuple[Site, ...]:
        """Rows of sites.tsv."""
        return self.evidence.sites

    @property
    def oligos(self) -> tuple[Oligo, ...]:
        """Rows of oligos.tsv."""
        return self.evidence.oligos

    @property
    def dimers(self) -> tuple[Dimer, ...]:
        """Rows of dimers.tsv."""
        return self.evidence.dimers

    @property
    def products(self) -> tuple[Product, ...]:
        """Rows of products.tsv."""
        return self.evidence.products

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Rows of findings.tsv."""
        return self.evidence.findings


def verify(
    panel: Panel,
    locus: Locus,
    conditions: Conditions,
    *,
    genome: GenomeSearch | None = None,
    known: KnownVariants | None = None,
) -> Verification:
    """Verify a panel against its reference.

    Where the configuration confirms the sequence of an oligo as ordered, that sequence is verified:
    it is what is in the tube.

    Args:
        panel: Primers and assays.
        locus: The reference.
        conditions: Limits and reaction conditions.
        genome: Sites in a whole genome; None where none was searched.
        known: Known variants of the locus; None where none were given.

    Raises:
        ConfigError: The configuration confirms an oligo, or keeps an assay, that the panel lacks.
        PanelError: A primer is too short to search for.
    """
    evidence = _evidence(panel, locus, conditions)
    if genome:
        evidence = _with_genome(evidence, genome)
    if known:
        checked = check_variants(
            known.alleles, panel, evidence.placements, locus, conditions.variants
        )
        evidence = replace(evidence, known=known, variants=checked)
    evidence = replace(evidence, findings=tuple(findings_of(evidence)))
    names = [assay.name for assay in panel.breakpoint_assays]
    patterns = decision_table(names, evidence.products)
    return Verification(evidence, patterns, document(evidence))


def _evidence(panel: Panel, locus: Locus, conditions: Conditions) -> Evidence:
    """Return what panel and reference alone tell."""
    sequences = ordered_sequences(panel, conditions)
    placements = place(panel.primers, sequences, locus, conditions.rule)
    sites = tuple(placement.site for placement in placements)
    lengths = {name: len(text) for name, text in sequences.items()}
    limits, kept = conditions.products, kept_assays(panel, conditions)
    products = products_of(locus, panel.breakpoint_assays, sites, lengths, limits)
    shifts_nt = conditions.design.shifts_nt
    return Evidence(
        panel=panel,
        locus=locus,
        conditions=conditions,
        sequences=sequences,
        kept=kept,
        placements=placements,
        oligos=tuple(oligo(name, text, conditions.mix) for name, text in sequences.items()),
        dimers=dimers(sequences, reactions(panel), conditions.mix),
        products=products,
        coverage=coverage_of(locus, kept, sites, lengths, limits),
        robustness=robustness_of(locus, kept, sites, lengths, limits, shifts_nt=shifts_nt),
        probe_room=probe_rooms(locus, panel, sites, lengths, limits),
        design=design_of(kept, products),
    )


def _with_genome(evidence: Evidence, genome: GenomeSearch) -> Evidence:
    panel, conditions, sequences = evidence.panel, evidence.conditions, evidence.sequences
    found = genome_products(
        genome.sites,
        panel,
        lengths=evidence.lengths,
        size_max_bp=conditions.products.product_may_max_bp,
    )
    own = own_sites(panel, sequences, evidence.locus, conditions.rule)
    return replace(evidence, genome=genome, genome_products=tuple(found), own=own)


def ordered_sequences(panel: Panel, conditions: Conditions) -> dict[str, str]:
    """Return the sequence of each oligo as it is in the tube, in the order of the panel.

    Raises:
        ConfigError: The configuration confirms an oligo that the panel lacks.
    """
    sequences = {primer.name: primer.sequence for primer in panel.primers}
    for entry in conditions.confirmed:
        if entry.name not in sequences:
            known = ", ".join(sequences)
            raise ConfigError(
                f"config: primers.confirmed: {entry.name!r} is not in panel {panel.name}; "
                f"found {known}; correct the name"
            )
        sequences[entry.name] = entry.sequence
    return sequences


def kept_assays(panel: Panel, conditions: Conditions) -> tuple[Assay, ...]:
    """Return the breakpoint assays that the laboratory keeps: all, where it does not say.

    Raises:
        ConfigError: It names an assay that the panel lacks.
    """
    known = {assay.name: assay for assay in panel.breakpoint_assays}
    wanted = conditions.design.kept_assays
    for name in wanted or ():
        if name not in known:
            raise ConfigError(
                f"config: primers.kept_assays: {name!r} is no breakpoint assay of panel "
                f"{panel.name}; found {', '.join(known)}; correct the name"
            )
    return tuple(known.values() if wanted is None else (known[name] for name in wanted))


def decision_table(assays: Sequence[str], products: Sequence[Product]) -> tuple[Pattern, ...]:
    """Call every pattern of the assays; of many assays only the patterns with few positives."""
    alleles = alleles_of(products)
    return tuple(_pattern(assays, cells, alleles) for cells in _cells(len(assays)))


def _cells(count: int) -> Iterator[tuple[int, ...]]:
    if count <= FULL_TABLE_ASSAYS:
        yield from product((0, 1), repeat=count)
        return
    yield from _few_positives(count, PARTIAL_TABLE_POSITIVES)


def _few_positives(count: int, positives: int) -> Iterator[tuple[int, ...]]:
    if not count:
        yield ()
        return
    for cell in (0, 1) if positives else (0,):
        for rest in _few_positives(count - 1, positives - cell):
            yield (cell, *rest)


def _pattern(assays: Sequence[str], cells: Sequence[int], alleles: Sequence[Allele]) -> Pattern:
    positive = frozenset(name for name, cell in zip(assays, cells, strict=True) if cell)
    found = explain(positive, frozenset(assays), alleles)
    shown = {name: str(cell) for name, cell in zip(assays, cells, strict=True)}
    return Pattern(shown, found.call, found.deletions, found.flags)
