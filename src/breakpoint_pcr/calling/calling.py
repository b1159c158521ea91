"""From the reactions and curves of a run to its calls."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from breakpoint_pcr.calling.control_gene import InputBasis
from breakpoint_pcr.calling.controls import (
    ControlReport,
    ControlRules,
    ControlWell,
    check_controls,
)
from breakpoint_pcr.calling.evidence import product_sizes
from breakpoint_pcr.calling.gene_findings import control_gene_findings, inhibition_findings
from breakpoint_pcr.calling.inhibition import Delay, delays_of
from breakpoint_pcr.calling.judging import (
    Method,
    contents_of,
    judge_reactions,
    known_contents,
    method_of,
)
from breakpoint_pcr.calling.overrides import foreign_overrides, override_samples, override_wells
from breakpoint_pcr.calling.plate import Plate, in_plate_order, outcome_after_controls, samples_on
from breakpoint_pcr.calling.replicates import same_samples
from breakpoint_pcr.calling.run_findings import (
    design_findings,
    shared_findings,
    sorted_findings,
    well_findings,
)
from breakpoint_pcr.calling.sample_rows import (
    INPUT_NOT_CHECKED,
    CalledSample,
    call_sample,
    sample_findings,
    sample_row,
)
from breakpoint_pcr.calling.samples import Explain
from breakpoint_pcr.calling.settings import CallSettings
from breakpoint_pcr.calling.sheet import Sheet, sheet_of, unknown_contents
from breakpoint_pcr.calling.tubes import negatives_with_dna, wild_types_with_dna
from breakpoint_pcr.calling.wells import JudgedWell
from breakpoint_pcr.explanation import Explanation, explain
from breakpoint_pcr.panel import Assay, Panel
from breakpoint_pcr.runs import RunRecord, Status
from breakpoint_pcr.tables import (
    CONTROL_ROLES,
    Curve,
    Feature,
    Finding,
    Level,
    Product,
    Reaction,
    Role,
    Sample,
    Well,
)


@dataclass(frozen=True, slots=True)
class CalledRun:
    """The tables of a called run."""

    features: list[Feature]
    wells: list[Well]
    samples: list[Sample]
    findings: list[Finding]


def call_run(  # noqa: PLR0913
    record: RunRecord,
    reactions: Sequence[Reaction],
    curves: Sequence[Curve],
    products: Sequence[Product],
    *,
    panel: Panel,
    settings: CallSettings,
    unconfirmed: frozenset[str],
) -> CalledRun:
    """Call every sample of a run.

    Args:
        record: What is known of the run; a rejected run gives empty tables and the reason.
        reactions: As read; those without an assay of the panel are left out.
        curves: One for each reaction that has a curve, in the order of the reactions.
        products: What each allele gives with each assay.
        panel: Primers and assays.
        settings: Limits.
        unconfirmed: Primers on which no negative may rest (`primers.unconfirmed_primers`).
    """
    if record.status is Status.REJECTED:
        reason = Finding(Level.ERROR, "run", record.run, "run_rejected", record.reason)
        return CalledRun([], [], [], [reason])
    method = method_of(panel, products, settings, unconfirmed)
    wells, features, noted = judge_reactions(record, reactions, curves, method=method)
    called = call_wells(record, wells, method=method, noted=noted)
    return replace(called, features=features)


def call_wells(
    record: RunRecord,
    wells: Sequence[JudgedWell],
    *,
    method: Method,
    noted: Sequence[Finding] = (),
) -> CalledRun:
    """Call the samples of judged wells: overrides, controls, replicates, then each sample."""
    seen = see_run(record, wells, method=method)
    decided, plate, called = seen.wells, seen.plate, seen.called
    rows, samples, recalled = rows_of(seen, record, method)
    sheet = sheet_of(record.sheet)
    findings = [
        *record.noticed,
        *noted,
        *seen.findings,
        *recalled,
        *foreign_overrides(record.overrides),
        *unknown_contents(sheet, [well.reaction for well in wells], known_contents(method)),
        *_findings(decided, called, rows, plate),
    ]
    first = {sample.name: _first_well(sample) for sample in called}
    assays = [assay.name for assay in method.panel.assays]
    found = sorted_findings(findings, first, assays)
    return CalledRun([], [_well_row(well, plate) for well in decided], samples, found)


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A run on the way to its tables: wells after overrides, what calls rest on, called samples."""

    wells: list[JudgedWell]
    plate: Plate
    called: list[CalledSample]
    findings: list[Finding]


def see_run(record: RunRecord, wells: Sequence[JudgedWell], *, method: Method) -> SeenRun:
    """Apply the overrides of wells and the controls, and call every sample by the rules."""
    decided, overridden = override_wells(wells, record.overrides)
    sheet = sheet_of(record.sheet)
    names, joined = _joined_samples(decided, sheet)
    plate, checked = plate_of(record, decided, sheet, names=names, method=method)
    genes = frozenset(assay.name for assay in plate.panel.control_genes)
    sound = negatives_with_dna(decided, genes, plate.basis)
    explained = explainer(plate)
    grouped = samples_on(sound, names)
    called = [call_sample(name, mine, plate, explained) for name, mine in grouped.items()]
    return SeenRun(sound, plate, called, [*overridden, *joined, *checked])


def _joined_samples(
    wells: Sequence[JudgedWell], sheet: Sheet
) -> tuple[dict[str, str], list[Finding]]:
    reactions = [well.reaction for well in wells if well.reaction.role is Role.UNKNOWN]
    others = {well.reaction.sample for well in wells} - {r.sample for r in reactions}
    lines = [(r.sample, sheet.replicate_of(r), sheet.patient_ref(r)) for r in reactions]
    return same_samples(lines, controls=others)


def rows_of(
    seen: SeenRun, record: RunRecord, method: Method
) -> tuple[list[Sample], list[Sample], list[Finding]]:
    """Return the rows by the rules, the rows after overrides, and what was overridden."""
    sizes = product_sizes(method.products)
    rows = [sample_row(sample, seen.plate, sizes) for sample in seen.called]
    classes = [deletion.label for deletion in method.panel.deletions]
    samples, findings = override_samples(rows, record.overrides, classes)
    return rows, samples, findings


def plate_of(
    record: RunRecord,
    wells: Sequence[JudgedWell],
    sheet: Sheet,
    *,
    names: Mapping[str, str],
    method: Method,
) -> tuple[Plate, list[Finding]]:
    """Return what the samples' calls rest on, and what the controls say."""
    run = {w.reaction.assay for w in wells if w.reaction.role is Role.UNKNOWN and w.reaction.sample}
    assays = tuple(assay for assay in method.panel.breakpoint_assays if assay.name in run)
    ordered = in_plate_order(wells)
    report = _control_report(ordered, assays, sheet, method)
    plate = Plate(
        run=record.run,
        panel=method.panel,
        assays=assays,
        alleles=method.alleles,
        validity=report.validity,
        checks=report.checks,
        basis=_input_basis(ordered, names, method),
        unconfirmed=method.unconfirmed,
        names=names,
        replicates=method.settings.replicates,
    )
    return plate, report.findings


def _control_report(
    wells: Sequence[JudgedWell], assays: Sequence[Assay], sheet: Sheet, method: Method
) -> ControlReport:
    genes = frozenset(assay.name for assay in method.panel.control_genes)
    controls = [
        ControlWell(well, contents_of(sheet, well.reaction, method))
        for well in wild_types_with_dna(wells, genes)
        if well.reaction.role in CONTROL_ROLES and well.reaction.assay not in genes
    ]
    return check_controls(controls, assays, method.alleles, rules=method.settings.controls)


def _input_basis(
    wells: Sequence[JudgedWell], names: Mapping[str, str], method: Method
) -> InputBasis:
    genes = {assay.name for assay in method.panel.control_genes}
    of_genes = [well for well in wells if well.reaction.assay in genes]
    rules = method.settings.controls
    delays = _delays(of_genes, genes, names, rules)
    water = tuple(well for well in of_genes if well.reaction.role is Role.NTC)
    return InputBasis(water, delays, rules)


def _delays(
    wells: Sequence[JudgedWell],
    genes: Collection[str],
    names: Mapping[str, str],
    rules: ControlRules,
) -> dict[Reaction, Delay]:
    if rules.delay_max is None:
        return {}
    return delays_of(
        wells,
        genes,
        names=names,
        delay_max=rules.delay_max,
        others_min=rules.delay_others_min,
    )


def explainer(plate: Plate) -> Explain:
    """Return a function that explains a set of positive assays of the plate; it remembers."""
    tested = frozenset(assay.name for assay in plate.assays)

    @cache
    def explained(positive: frozenset[str]) -> Explanation:
        return explain(positive, tested, plate.alleles)

    return explained


def _findings(
    wells: Sequence[JudgedWell],
    called: Sequence[CalledSample],
    rows: Sequence[Sample],
    plate: Plate,
) -> list[Finding]:
    unchecked = [row.sample for row in rows if INPUT_NOT_CHECKED in row.flags]
    words = (
        f"no control gene for {', '.join(unchecked)}: that DNA was there is not shown; "
        "run the control gene for every sample"
    )
    blind = Finding(Level.WARNING, "run", plate.run, INPUT_NOT_CHECKED, words)
    words = (
        "no well of the panel is of a named sample: nobody is called; "
        "check samples, assays and roles in samplesheet.csv"
    )
    deserted = Finding(Level.WARNING, "run", plate.run, "no_samples", words)
    return [
        *well_findings(wells),
        *shared_findings(wells, plate.run),
        *control_gene_findings(wells, plate),
        *inhibition_findings(wells, plate),
        *design_findings(plate),
        *(finding for sample in called for finding in sample_findings(sample, plate)),
        *([blind] if unchecked else []),
        *([] if called else [deserted]),
    ]


def _first_well(sample: CalledSample) -> str:
    wells = [well for mine in sample.wells.values() for well in mine]
    return in_plate_order(wells)[0].reaction.well


def _well_row(well: JudgedWell, plate: Plate) -> Well:
    reaction, shape = well.reaction, well.shape
    outcome, reason = outcome_after_controls(well, plate)
    return Well(
        run=reaction.run,
        well=reaction.well,
        sample=reaction.sample,
        assay=reaction.assay,
        role=reaction.role,
        state=reaction.state,
        ct=reaction.ct,
        ct_text=reaction.ct_text,
        ct_own=shape.ct_own,
        curve=shape.curve,
        curve_reasons=shape.reasons,
        outcome=outcome,
        reason=reason,
    )
