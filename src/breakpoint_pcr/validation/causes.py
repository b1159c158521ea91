"""How a result of the study arose: what was in the tubes beside what was made of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

from breakpoint_pcr.calling import CalledRun
from breakpoint_pcr.simulate.plans import Plan
from breakpoint_pcr.simulate.truth import Fault, SampleTruth
from breakpoint_pcr.tables import (
    CONTROL_ROLES,
    Amplifies,
    Finding,
    Outcome,
    Product,
    Role,
    Sample,
    Well,
)
from breakpoint_pcr.validation.judging import OPEN_CALLS, ORDINARY_FLAGS

# Molecules that reached each well.
Contents = Mapping[str, int]
WELLS_SHOWN = 6
# Beyond the error of a photometer.
MISJUDGED = 2
TOKEN = re.compile(r"[A-P][0-9]{1,2}(?![0-9])")


def faults_of(sample: SampleTruth, plan: Plan) -> tuple[str, ...]:
    """Return what goes wrong in the reactions of a sample, or in what its call rests on."""
    own = [*_misjudged_input(sample), *(_words(fault) for fault in sample.faults)]
    controls = [control for control in plan.samples if control.role in CONTROL_ROLES]
    of_controls = [f"{c.name} {_words(fault)}" for c in controls for fault in c.faults]
    missing = [f"{c.name} without {assay}" for c in controls for assay in c.left_out]
    primers = [f"{primer} primes {share:g}" for primer, share in plan.priming.items()]
    names = {sample.name, *(control.name for control in controls)}
    swapped = [f"{a} is {b}" for a, b in plan.swapped if not names.isdisjoint((a, b))]
    values = {entry.name: getattr(plan.effects, entry.name) for entry in fields(plan.effects)}
    effects = [f"{name} {value:.3g}" for name, value in values.items() if value]
    return (*own, *of_controls, *missing, *primers, *swapped, *effects)


def _misjudged_input(sample: SampleTruth) -> Iterator[str]:
    """Yield the DNA of a sample where the sheet tells quite another amount."""
    there, told = sample.input_ng or 0.0, float(sample.sheet.get("input_ng") or 0.0)
    if told > MISJUDGED * there:
        yield f"{there:.3g} ng DNA where the sheet tells {told:g}"


def _words(fault: Fault) -> str:
    place = f" {fault.assay}" if fault.assay else ""
    well = f" {fault.well}" if fault.well else ""
    size = f" {fault.size:.3g}" if fault.size else ""
    cycle = f" at cycle {fault.cycle}" if fault.cycle else ""
    return f"{fault.kind.value}{place}{well}{size}{cycle}"


def is_noticed(sample: SampleTruth, row: Sample, plan: Plan, run: CalledRun) -> bool:
    """Tell whether a reader learns that something is amiss.

    So it is when there is no definite call, when the sample carries a flag that tells of more than
    the panel and the form of a class, or when a finding names the sample, one of its wells, or an
    assay whose control fails.
    """
    if row.call in OPEN_CALLS or not ORDINARY_FLAGS.issuperset(row.flags):
        return True
    wells = {well.well for well in run.wells if well.sample == sample.name}
    assays = {
        name
        for control in plan.samples
        if control.role in CONTROL_ROLES
        for name in (*control.left_out, *(fault.assay for fault in control.faults))
    }
    return any(_names(finding, sample.name, wells, assays) for finding in run.findings)


def _names(finding: Finding, sample: str, wells: set[str], assays: set[str]) -> bool:
    if finding.scope == "sample":
        return finding.subject == sample
    if finding.scope == "assay":
        return finding.subject in assays
    if finding.scope == "well":
        return finding.subject in wells
    named = TOKEN.findall(finding.sentence) if finding.scope == "run" else ()
    return not wells.isdisjoint(named)


def cause_of(
    sample: SampleTruth,
    row: Sample,
    run: CalledRun,
    contents: Contents,
    products: Sequence[Product],
) -> str:
    """Return in words which reactions did not say what was in them."""
    mine = [well for well in run.wells if well.sample == sample.name and well.role is Role.UNKNOWN]
    must = {
        product.assay
        for product in products
        if product.product is Amplifies.MUST and sample.alleles.get(product.allele)
    }
    odd = [words for well in mine for words in _oddity(well, must, sample, contents)]
    shown = "; ".join(odd[:WELLS_SHOWN]) or row.reason
    more = len(odd) - WELLS_SHOWN
    return f"{shown}; and {more} more" if more > 0 else shown


def _oddity(well: Well, must: set[str], sample: SampleTruth, contents: Contents) -> Iterator[str]:
    """Yield a well in words, where it is undecided or says other than what it holds."""
    molecules = contents.get(well.well, 0)
    missed = well.assay in must and well.outcome is not Outcome.POSITIVE
    empty = not molecules and well.outcome is Outcome.POSITIVE
    undecided = well.outcome in (Outcome.REVIEW, Outcome.INVALID)
    if not (missed or empty or undecided):
        return
    faults = [
        fault.kind.value
        for fault in sample.faults
        if fault.assay in ("", well.assay) and fault.well in ("", well.well)
    ]
    yield (
        f"{well.assay} {well.well}: {molecules} molecules"
        f"{''.join(f', {kind}' for kind in faults)}, "
        f"{f'Ct {well.ct:.2f}' if well.ct is not None else 'no Ct'}, "
        f"curve {well.curve.value}, {well.outcome.value}: {well.reason}"
    )
