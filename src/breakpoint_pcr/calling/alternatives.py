"""Why a sample is not called otherwise: what speaks against each other call."""

from collections.abc import Iterator, Sequence

from breakpoint_pcr.calling.plate import Plate
from breakpoint_pcr.calling.sample_rows import CalledSample
from breakpoint_pcr.calling.samples import AssayResult
from breakpoint_pcr.explanation import INVALID, MIXED, NEGATIVE, Allele, in_exon_order
from breakpoint_pcr.tables import Outcome


def alternatives(sample: CalledSample, plate: Plate) -> Iterator[tuple[str, str]]:
    """Yield every other call that the panel knows, with what speaks against it."""
    labels = in_exon_order(deletion.label for deletion in plate.panel.deletions)
    decision = sample.decision
    nothing = all(result.outcome is Outcome.INVALID for result in sample.results)
    for call in (*labels, MIXED, NEGATIVE):
        if call == decision.call:
            continue
        if nothing:
            yield call, "neither shown nor excluded: not one well can be used"
        elif call in decision.candidates:
            yield call, f"not ruled out: {_unknown(call, sample, plate)}"
        elif call == NEGATIVE:
            yield call, _why_not_negative(sample)
        elif call == MIXED:
            yield call, _why_not_mixed(sample)
        else:
            yield call, _why_not_class(call, sample, plate)


def _unknown(call: str, sample: CalledSample, plate: Plate) -> str:
    """Name the unknown assays on which a call hangs: those of its class, else all of them."""
    open_ = [result for result in sample.results if result.unknown]
    lit = {a for allele in plate.alleles if allele.deletion == call for a in allele.lights}
    mine = [result for result in open_ if result.assay in lit] or open_
    if not mine:
        return f"{_positive(sample)} positive fits more than one class"
    return f"{_joined(mine)} {'is' if len(mine) == 1 else 'are'} unknown"


def _positive(sample: CalledSample) -> str:
    return ", ".join(_with_wells(r) for r in sample.results if r.outcome is Outcome.POSITIVE)


def _with_wells(result: AssayResult) -> str:
    wells = ", ".join(well.reaction.well for well in result.wells)
    return f"{result.assay} ({wells})" if wells else f"{result.assay} (not run)"


def _why_not_negative(sample: CalledSample) -> str:
    if positive := _positive(sample):
        return f"{positive} positive"
    return f"every assay that counts is negative, but {sample.check.reason}"


def _why_not_mixed(sample: CalledSample) -> str:
    positive = _positive(sample)
    if not positive:
        return "no assay is positive"
    if sample.decision.deletions:
        found = ", ".join(sample.decision.deletions)
        return f"{found} explains all that is positive: {positive}"
    return f"one class is enough for {positive} positive"


def _why_not_class(label: str, sample: CalledSample, plate: Plate) -> str:
    forms = [allele for allele in plate.alleles if allele.deletion == label]
    lit = frozenset[str]().union(*(allele.lights for allele in forms))
    mine = [result for result in sample.results if result.assay in lit]
    if not mine:
        return "not tested: no assay of the plate shows it"
    foreign = [r for r in sample.results if r.outcome is Outcome.POSITIVE and r.assay not in lit]
    words = [f"alone it does not explain {_joined(foreign)} positive"] if foreign else []
    if label in sample.decision.deletions:
        return "; ".join(("it is there, but not alone", *words))
    return "; ".join((*words, *_dark(mine, forms, sample)))


def _dark(
    mine: Sequence[AssayResult], forms: Sequence[Allele], sample: CalledSample
) -> Iterator[str]:
    """Yield which assays of a class are negative, and what else leaves the class out."""
    if negative := [r for r in mine if r.outcome is Outcome.NEGATIVE]:
        yield f"{_joined(negative)} negative"
    if open_ := [r for r in mine if r.unknown]:
        yield f"{_joined(open_)} unknown"
    if any(r.outcome is Outcome.POSITIVE for r in mine):
        found = ", ".join(sample.decision.deletions) or "another class"
        yield f"{found} explains what it would light up, with fewer deletions"
    if sample.decision.call == INVALID:
        yield "without adequate DNA this excludes nothing"
    elif not any(form.main for form in forms):
        yield "only rare forms of it can be seen on this plate"


def _joined(results: Sequence[AssayResult]) -> str:
    return ", ".join(map(_with_wells, results))
