"""From the reactions and curves of a run to its calls."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from breakpoint_pcr.calling.controls import ControlWell, check_controls, must_show
from breakpoint_pcr.calling.evidence import product_sizes
from breakpoint_pcr.calling.overrides import foreign_overrides, override_samples, override_wells
from breakpoint_pcr.calling.plate import Plate, in_plate_order, outcome_after_controls, samples_on
from breakpoint_pcr.calling.rationale import rationale
from breakpoint_pcr.calling.replicates import same_samples
from breakpoint_pcr.calling.run_findings import (
    control_gene_findings,
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
from breakpoint_pcr.calling.shapes import (
    NO_CURVE,
    Traced,
    feature_of,
    judge_traced,
    shape_of,
    with_curves,
)
from breakpoint_pcr.calling.sheet import Sheet, sheet_of, unknown_contents
from breakpoint_pcr.calling.wells import JudgedWell, judge_well
from breakpoint_pcr.curves import JudgedCurve
from breakpoint_pcr.explanation import Allele, Explanation, alleles_of, explain
from breakpoint_pcr.ingest.wells import position
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.runs import RunRecord, Status
from breakpoint_pcr.tables import (
    CONTROL_ROLES,
    Amplifies,
    Curve,
    Feature,
    Finding,
    Level,
    Product,
    Reaction,
    Role,
    Sample,
    State,
    Well,
)

CRT = "crt"


@dataclass(frozen=True, slots=True)
class CalledRun:
    """The tables of a called run."""

    features: list[Feature]
    wells: list[Well]
    samples: list[Sample]
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class Method:
    """What holds for every run: the panel, what its assays amplify, and the limits."""

    panel: Panel
    products: Sequence[Product]
    alleles: tuple[Allele, ...]
    settings: CallSettings
    unconfirmed: frozenset[str]


def method_of(
    panel: Panel, products: Sequence[Product], settings: CallSettings, unconfirmed: frozenset[str]
) -> Method:
    """Bring together what holds for every run."""
    return Method(panel, products, alleles_of(products), settings, unconfirmed)


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


def judge_reactions(
    record: RunRecord, reactions: Sequence[Reaction], curves: Sequence[Curve], *, method: Method
) -> tuple[list[JudgedWell], list[Feature], list[Finding]]:
    """Judge each reaction of the panel by itself, with the features of its curve."""
    sheet = sheet_of(record.sheet)
    kept = [pair for pair in with_curves(reactions, curves) if pair[0].assay]
    traced = [
        Traced(reaction, curve, _must_amplify(reaction, sheet, method))
        for reaction, curve in kept
        if curve
    ]
    judged = judge_traced(traced, method.settings.curves)
    rest = iter(judged)
    shapes = [shape_of(curve, next(rest)) if curve else NO_CURVE for _, curve in kept]
    kinds = {file.name: file.ct_kind for file in record.files}
    wells = [
        judge_well(
            reaction,
            shape,
            rules=method.settings.wells,
            crt=(kinds.get(reaction.file) or record.ct_kind).casefold() == CRT,
            excluded=sheet.excluded(reaction),
        )
        for (reaction, _), shape in zip(kept, shapes, strict=True)
    ]
    pairs = [(entry.reaction, curve) for entry, curve in zip(traced, judged, strict=True)]
    features = [feature_of(reaction, curve) for reaction, curve in pairs]
    return wells, features, _curve_notes(record.run, pairs)


def _must_amplify(reaction: Reaction, sheet: Sheet, method: Method) -> bool:
    """Tell whether a reaction is a positive control whose curve shows how a full one looks."""
    if reaction.role is not Role.POSITIVE_CONTROL or reaction.state is not State.OK:
        return False
    genes = {assay.name for assay in method.panel.control_genes}
    expected = _contents(sheet, reaction, method)
    must = must_show(expected, reaction.assay, method.alleles) is Amplifies.MUST
    return not sheet.excluded(reaction) and (must or reaction.assay in genes)


def _contents(sheet: Sheet, reaction: Reaction, method: Method) -> tuple[str, ...] | None:
    """Return what a control contains, as far as the panel knows it; None where nobody says."""
    expected = sheet.expected(reaction)
    if not expected:
        return expected
    known = known_contents(method)
    return tuple(name for name in expected if name in known) or None


def known_contents(method: Method) -> frozenset[str]:
    """Return the classes, and the forms of them, that a positive control may contain."""
    labels = {deletion.label for deletion in method.panel.deletions}
    return frozenset(labels.union(allele.name for allele in method.alleles))


def _curve_notes(run: str, pairs: Sequence[tuple[Reaction, JudgedCurve]]) -> list[Finding]:
    """Return what was noted on curves, one finding for each kind of note."""
    places: dict[str, list[str]] = {}
    for reaction, judged in sorted(pairs, key=lambda pair: position(pair[0].well)):
        for note in judged.notes:
            places.setdefault(note, []).append(f"{reaction.well} {reaction.assay}")
    return [
        Finding(Level.INFO, "run", run, "curve_note", f"{note}: {', '.join(names)}")
        for note, names in sorted(places.items())
    ]


def call_wells(
    record: RunRecord,
    wells: Sequence[JudgedWell],
    *,
    method: Method,
    noted: Sequence[Finding] = (),
) -> CalledRun:
    """Call the samples of judged wells: overrides, controls, replicates, then each sample."""
    decided, overridden = override_wells(wells, record.overrides)
    sheet = sheet_of(record.sheet)
    plate, checked = plate_of(record, decided, sheet, method)
    called, joined = _called_samples(decided, sheet, plate)
    rows, samples, recalled = _rows(called, record, plate, method)
    findings = [
        *record.noticed,
        *noted,
        *joined,
        *overridden,
        *recalled,
        *foreign_overrides(record.overrides),
        *unknown_contents(sheet, [well.reaction for well in wells], known_contents(method)),
        *checked,
        *_findings(decided, called, rows, plate),
    ]
    first = {sample.name: _first_well(sample) for sample in called}
    assays = [assay.name for assay in method.panel.assays]
    found = sorted_findings(findings, first, assays)
    return CalledRun([], [_well_row(well, plate) for well in decided], samples, found)


def explain_sample(
    record: RunRecord, wells: Sequence[JudgedWell], name: str, *, method: Method
) -> str | None:
    """Return why a sample is called as it is, and why not otherwise; None for an unknown sample."""
    decided, _ = override_wells(wells, record.overrides)
    sheet = sheet_of(record.sheet)
    plate, _ = plate_of(record, decided, sheet, method)
    called, _ = _called_samples(decided, sheet, plate)
    _, samples, _ = _rows(called, record, plate, method)
    pages = (
        rationale(sample, row, plate)
        for sample, row in zip(called, samples, strict=True)
        if sample.name == name
    )
    return next(pages, None)


def _called_samples(
    wells: Sequence[JudgedWell], sheet: Sheet, plate: Plate
) -> tuple[list[CalledSample], list[Finding]]:
    reactions = [well.reaction for well in wells if well.reaction.role is Role.UNKNOWN]
    others = {well.reaction.sample for well in wells} - {r.sample for r in reactions}
    lines = [(r.sample, sheet.replicate_of(r), sheet.patient_ref(r)) for r in reactions]
    names, findings = same_samples(lines, controls=others)
    explained = explainer(plate)
    grouped = samples_on(wells, names)
    called = [call_sample(name, mine, plate, explained) for name, mine in grouped.items()]
    return called, findings


def _rows(
    called: Sequence[CalledSample], record: RunRecord, plate: Plate, method: Method
) -> tuple[list[Sample], list[Sample], list[Finding]]:
    """Return the rows by the rules, the rows after overrides, and what was overridden."""
    sizes = product_sizes(method.products)
    rows = [sample_row(sample, plate, sizes) for sample in called]
    classes = [deletion.label for deletion in method.panel.deletions]
    samples, findings = override_samples(rows, record.overrides, classes)
    return rows, samples, findings


def plate_of(
    record: RunRecord, wells: Sequence[JudgedWell], sheet: Sheet, method: Method
) -> tuple[Plate, list[Finding]]:
    """Return what the samples' calls rest on, and what the controls say."""
    run = {w.reaction.assay for w in wells if w.reaction.role is Role.UNKNOWN and w.reaction.sample}
    assays = tuple(assay for assay in method.panel.breakpoint_assays if assay.name in run)
    genes = {assay.name for assay in method.panel.control_genes}
    ordered = in_plate_order(wells)
    controls = [
        ControlWell(well, _contents(sheet, well.reaction, method))
        for well in ordered
        if well.reaction.role in CONTROL_ROLES and well.reaction.assay not in genes
    ]
    rules = method.settings.controls
    validity, findings = check_controls(controls, assays, method.alleles, rules=rules)
    water = [w for w in ordered if w.reaction.role is Role.NTC and w.reaction.assay in genes]
    plate = Plate(
        run=record.run,
        panel=method.panel,
        assays=assays,
        alleles=method.alleles,
        validity=validity,
        water=tuple(water),
        unconfirmed=method.unconfirmed,
        controls=rules,
        replicates=method.settings.replicates,
    )
    return plate, findings


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
    words = f"no control gene for {', '.join(unchecked)}: that DNA was there is not shown"
    blind = Finding(Level.WARNING, "run", plate.run, INPUT_NOT_CHECKED, words)
    words = "no well of the panel is of a named sample: nobody is called"
    deserted = Finding(Level.WARNING, "run", plate.run, "no_samples", words)
    return [
        *well_findings(wells),
        *shared_findings(wells, plate.run),
        *control_gene_findings(wells, plate),
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
