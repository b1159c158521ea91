"""The rows of every table between the stages of a run."""

from collections.abc import Mapping
from dataclasses import dataclass

from breakpoint_pcr.tables.columns import column
from breakpoint_pcr.tables.vocabulary import (
    Amplifies,
    Clone,
    CurveClass,
    CurveKind,
    Detected,
    Level,
    LevelMethod,
    Outcome,
    Quantity,
    Role,
    State,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Reaction:
    """reactions.tsv: one assay in one well, as exported."""

    run: str = column("run folder")
    file: str = column("export that holds the reaction")
    well: str = column("well, A1 style")
    sample: str = column("sample name")
    assay: str = column("assay of the panel; empty when the target is not in the panel")
    target: str = column("target name in the export")
    dye: str = column("reporter dye")
    role: Role = column("what the well is for")
    state: State = column("what the export says of the reaction")
    ct: float | None = column("instrument's Ct, unrounded", "cycles")
    ct_text: str = column("the export's own word or number")
    threshold: float | None = column("instrument's threshold", "fluorescence")
    baseline_start: int | None = column("first baseline cycle", "cycle")
    baseline_end: int | None = column("last baseline cycle", "cycle")
    curve_kind: CurveKind = column("what the curve's values are")
    n_cycles: int | None = column("cycles run", "cycles")
    input_ng: float | None = column("DNA in the reaction", "ng")


@dataclass(frozen=True, slots=True)
class Curve:
    """curves.tsv: one row per reaction with a curve, in the order of reactions.tsv."""

    run: str
    well: str
    assay: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Well:
    """wells.tsv: one row per reaction of the panel, judged."""

    run: str = column("run folder")
    well: str = column("well, A1 style")
    sample: str = column("sample name")
    assay: str = column("assay of the panel")
    role: Role = column("what the well is for")
    state: State = column("what the export says of the reaction")
    ct: float | None = column("instrument's Ct, unrounded", "cycles")
    ct_text: str = column("the export's own word or number")
    ct_own: float | None = column("Ct computed from the curve", "cycles")
    curve: CurveClass = column("class of the curve")
    curve_reasons: tuple[str, ...] = column("why the curve is not standard")
    outcome: Outcome = column("what the reaction says")
    reason: str = column("why, in words")


@dataclass(frozen=True, slots=True)
class Sample:
    """samples.tsv: one row per sample of role unknown."""

    run: str = column("run folder")
    sample: str = column("sample name")
    call: str = column("class label, mixed, negative, inconclusive or invalid")
    deletions: tuple[str, ...] = column("classes found under every reading")
    candidates: tuple[str, ...] = column("calls that remain possible when inconclusive")
    evidence: str = column("wells, Cts and products behind the call")
    flags: tuple[str, ...] = column("flags")
    reason: str = column("why, in words")
    cts: Mapping[str, str] = column("Ct per assay; replicates joined by ;", "cycles", spread=True)


@dataclass(frozen=True, slots=True)
class Finding:
    """findings.tsv: anything that a person should read."""

    level: Level = column("error, warning or info")
    scope: str = column("run, assay, sample, well, primer or read")
    subject: str = column("which one")
    code: str = column("stable name of the finding")
    sentence: str = column("the finding, in words")


@dataclass(frozen=True, slots=True)
class Site:
    """sites.tsv: one place where a primer may bind."""

    primer: str = column("primer")
    record: str = column("reference record")
    start: int = column("first base, 0-based", "nt")
    end: int = column("after the last base, 0-based half-open", "nt")
    strand: str = column("+ or -: strand whose 5'-3' sequence the primer equals")
    mismatches: int = column("substituted bases", "nt")
    gaps: int = column("inserted and deleted bases", "nt")
    edits: int = column("mismatches and gaps", "nt")
    alignment: str = column("primer / marks (| . -) / site, 5'-3' of the primer")
    verdict: Verdict = column("judgement of the site")


@dataclass(frozen=True, slots=True)
class Oligo:
    """oligos.tsv: thermodynamics of each oligo at the configured conditions."""

    name: str = column("oligo")
    sequence: str = column("5'-3'")
    length_nt: int = column("length", "nt")
    gc_percent: float = column("G and C", "%")
    tm_celsius: float = column("melting temperature", "°C")
    hairpin_tm_celsius: float | None = column("melting temperature of the best hairpin", "°C")
    hairpin_dg_kcal: float | None = column("free energy of the best hairpin", "kcal/mol")
    self_dimer_tm_celsius: float | None = column("melting temperature of the self-dimer", "°C")
    self_dimer_dg_kcal: float | None = column("free energy of the self-dimer", "kcal/mol")
    end_stability_dg_kcal: float | None = column(
        "free energy of the 3'-terminal pentamer", "kcal/mol"
    )


@dataclass(frozen=True, slots=True)
class Dimer:
    """dimers.tsv: each pair of oligos of the panel."""

    first: str = column("oligo")
    second: str = column("oligo")
    tm_celsius: float | None = column("melting temperature of the hetero-dimer", "°C")
    dg_kcal: float | None = column("free energy of the hetero-dimer", "kcal/mol")
    three_prime_dg_kcal: float | None = column(
        "free energy with a 3' end in the duplex", "kcal/mol"
    )
    share_an_assay: bool = column("whether the two meet in a reaction")


@dataclass(frozen=True, slots=True)
class Product:
    """products.tsv: what each allele gives with each pair of each assay."""

    allele: str = column("allele model: wild type, or a class with its form")
    deletion: str = column("class label; empty for the wild type", name="class")
    assay: str = column("assay")
    forward: str = column("forward primer")
    reverse: str = column("reverse primer")
    size_min: int | None = column("shortest product; empty when the pair does not face", "bp")
    size_max: int | None = column("longest product; empty when only a lower bound is known", "bp")
    product: Amplifies = column("must, may (long product) or none")


@dataclass(frozen=True, slots=True)
class Pattern:
    """decision_table.tsv: the call of one pattern of positive and negative assays."""

    assays: Mapping[str, str] = column("1 positive, 0 negative", spread=True)
    call: str = column("class label, mixed, negative or inconclusive")
    deletions: tuple[str, ...] = column("classes found")
    flags: tuple[str, ...] = column("flags")


@dataclass(frozen=True, slots=True)
class Feature:
    """features.tsv: what was measured on each curve."""

    run: str = column("run folder")
    well: str = column("well, A1 style")
    assay: str = column("assay of the panel")
    values: Mapping[str, str] = column("features of breakpoint_pcr.curves", spread=True)


@dataclass(frozen=True, slots=True)
class StandardCurve:
    """standards.tsv: the standard curve of an assay in a run, Ct over log10 of the quantity."""

    run: str = column("run folder")
    assay: str = column("assay of the panel")
    quantity: Quantity = column("what the standards are labelled with: copies or dilution")
    patient_ref: str = column("patient whose sample was diluted; empty for copies")
    wells: tuple[str, ...] = column("wells that hold its standards, used or left out")
    points: int = column("wells with a Ct that the line goes through")
    slope: float | None = column("slope", "cycles per log10")
    intercept: float | None = column("Ct at quantity 1", "cycles")
    r_squared: float | None = column("coefficient of determination")
    efficiency: float | None = column("10^(-1/slope) - 1; 1 is doubling")
    efficiency_low: float | None = column("lower confidence limit of the efficiency")
    efficiency_high: float | None = column("upper confidence limit of the efficiency")
    quantity_min: float | None = column("lowest quantity of the curve", "copies or fraction")
    quantity_max: float | None = column("highest quantity of the curve", "copies or fraction")
    accepted: bool = column("whether levels are read from it")
    reason: str = column("why it is not accepted, in words")


@dataclass(frozen=True, slots=True)
class SampleLevel:
    """levels.tsv: one row per sample of role unknown and class that the plate tests.

    A detected class has a fraction where the plate allows one; a class that is not detected has
    the fraction that the negative excludes. Fractions are of cells, one deleted allele a cell, or,
    from a dilution series, of the diluted sample; they are not clipped at 1.
    """

    run: str = column("run folder")
    sample: str = column("sample name")
    deletion: str = column("class label", name="class")
    detected: Detected = column("yes, no or open (neither detected nor excluded)")
    assay: str = column("assay that the level rests on; of a negative the one that excludes least")
    method: LevelMethod = column("how the fraction was found; none without one")
    fraction: float | None = column("deleted fraction")
    fraction_low: float | None = column("lower confidence limit of the fraction")
    fraction_high: float | None = column("upper confidence limit of the fraction")
    copies: float | None = column("deleted copies per reaction", "copies")
    clone: Clone = column("clonal, subclonal or between by the configured limits; empty: unknown")
    cells: float | None = column("cells whose DNA the assay's negative reactions held", "cells")
    sampling_limit: float | None = column("lowest fraction that sampling so many cells shows")
    excluded: float | None = column("fraction that the negative excludes; empty: not established")
    statement: str = column("the level, in words")
    reason: str = column("how it was found, or why there is none")
