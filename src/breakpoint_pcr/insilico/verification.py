"""Verification of a panel against its reference: tables, decision table and document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.explanation import Allele, alleles_of, explain
from breakpoint_pcr.insilico.alleles import products_of
from breakpoint_pcr.insilico.conditions import Conditions
from breakpoint_pcr.insilico.coverage import judge_alleles, judge_control_genes, judge_wild_type
from breakpoint_pcr.insilico.document import OFF_TARGETS, VARIANTS, Evidence, document
from breakpoint_pcr.insilico.judgement import (
    judge_confirmation,
    judge_dimers,
    judge_oligo,
    judge_pairs,
    judge_sites,
)
from breakpoint_pcr.insilico.nucleotides import expansion_count
from breakpoint_pcr.insilico.placements import Placement, place
from breakpoint_pcr.insilico.thermodynamics import dimers, oligo, tm_range, variants
from breakpoint_pcr.panel import OligoKind, Panel
from breakpoint_pcr.reference import Locus
from breakpoint_pcr.tables import Dimer, Finding, Level, Oligo, Pattern, Product, Site

__all__ = ["Conditions", "Verification", "decision_table", "ordered_sequences", "verify"]

# Beyond 12 assays a table of all patterns would have more rows than anybody reads.
FULL_TABLE_ASSAYS = 12
PARTIAL_TABLE_POSITIVES = 4


@dataclass(frozen=True, slots=True)
class Verification:
    """The tables of results/panel/ and the document panel.json."""

    sites: tuple[Site, ...]
    oligos: tuple[Oligo, ...]
    dimers: tuple[Dimer, ...]
    products: tuple[Product, ...]
    patterns: tuple[Pattern, ...]
    findings: tuple[Finding, ...]
    document: dict[str, Any]


def verify(panel: Panel, locus: Locus, conditions: Conditions) -> Verification:
    """Verify a panel against its reference.

    Where the configuration confirms the sequence of an oligo as ordered, that sequence is verified:
    it is what is in the tube.

    Raises:
        ConfigError: The configuration confirms an oligo that the panel lacks.
        PanelError: A primer is too short to search for.
    """
    sequences = ordered_sequences(panel, conditions)
    placements = place(panel.primers, sequences, locus, conditions.rule)
    oligos = tuple(oligo(name, text, conditions.mix) for name, text in sequences.items())
    pairs = dimers(sequences, _reactions(panel), conditions.mix)
    lengths = {name: len(text) for name, text in sequences.items()}
    sites = tuple(placement.site for placement in placements)
    products = products_of(locus, panel.breakpoint_assays, sites, lengths, conditions.products)
    patterns = decision_table([assay.name for assay in panel.breakpoint_assays], products)
    evidence = Evidence(panel, locus, conditions, placements, oligos, pairs, products, ())
    evidence = replace(evidence, findings=tuple(_findings(evidence, sequences, lengths)))
    return Verification(
        sites, oligos, pairs, products, patterns, evidence.findings, document(evidence)
    )


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


def _tubes(panel: Panel) -> tuple[frozenset[str], ...]:
    """Return the primers of each assay."""
    return tuple(
        frozenset(name for pair in assay.pairs for name in (pair.forward.name, pair.reverse.name))
        for assay in panel.assays
    )


def _reactions(panel: Panel) -> tuple[frozenset[str], ...]:
    """Return the oligos of each assay; where a probe goes is not said, so it is in each."""
    probes = {primer.name for primer in panel.primers if primer.kind is OligoKind.PROBE}
    return tuple(tube | probes for tube in _tubes(panel))


def _findings(
    evidence: Evidence, sequences: Mapping[str, str], lengths: Mapping[str, int]
) -> Iterator[Finding]:
    panel, locus, conditions = evidence.panel, evidence.locus, evidence.conditions
    placements, limits = evidence.placements, conditions.limits
    for primer, row in zip(panel.primers, evidence.oligos, strict=True):
        yield from judge_sites(panel, primer, placements, locus, conditions.rule)
        yield from judge_oligo(row, tm_range(row.sequence, conditions.mix), limits)
        yield from _degenerate(row)
    yield from judge_dimers(evidence.dimers, limits)
    yield from judge_pairs(panel, {row.name: row.tm_celsius for row in evidence.oligos}, limits)
    size_max = conditions.products.product_may_max_bp
    yield from judge_wild_type(_tubes(panel), placements, locus, lengths, size_max)
    yield from _confirmations(evidence, sequences)
    for name, text in panel.known_deviations:
        yield Finding(Level.INFO, "primer", name, "known_deviation", text)
    yield from judge_alleles(panel, locus, evidence.products)
    yield from judge_control_genes(panel)
    yield from _limits_of_this(panel)


def _degenerate(row: Oligo) -> Iterator[Finding]:
    if (count := expansion_count(row.sequence)) > 1:
        used = len(variants(row.sequence))
        sentence = (
            f"degenerate: stands for {count} sequences; thermodynamics is the worst "
            f"of {used} of them"
        )
        yield Finding(Level.INFO, "primer", row.name, "degenerate", sentence)


def _confirmations(evidence: Evidence, sequences: Mapping[str, str]) -> Iterator[Finding]:
    """Report what was ordered, and how the printed sequence would have fared."""
    primers = {primer.name: primer for primer in evidence.panel.primers}
    rule = evidence.conditions.rule
    for entry in evidence.conditions.confirmed:
        primer = primers[entry.name]
        printed: tuple[Placement, ...] = ()
        if sequences[primer.name] != primer.sequence:
            printed = place([primer], {primer.name: primer.sequence}, evidence.locus, rule)
        yield judge_confirmation(primer, entry, printed)


def _limits_of_this(panel: Panel) -> Iterator[Finding]:
    whole = f"panel {panel.name}"
    sentence = f"off-targets in the rest of the genome: {OFF_TARGETS}"
    yield Finding(Level.INFO, "primer", whole, "off_targets_not_searched", sentence)
    sentence = f"known variants under the primers: {VARIANTS}"
    yield Finding(Level.INFO, "primer", whole, "variants_not_checked", sentence)
    if (count := len(panel.breakpoint_assays)) > FULL_TABLE_ASSAYS:
        sentence = (
            f"{count} assays: the decision table lists the patterns with at most "
            f"{PARTIAL_TABLE_POSITIVES} positives"
        )
        yield Finding(Level.INFO, "assay", whole, "decision_table_in_part", sentence)
