"""What would settle a sample that has no call: which wells to repeat, and what each would show."""

from collections.abc import Iterator, Sequence

from breakpoint_pcr.calling.control_gene import Input
from breakpoint_pcr.calling.plate import Plate
from breakpoint_pcr.calling.sample_rows import CalledSample, gene_remedy
from breakpoint_pcr.calling.samples import (
    MAX_UNKNOWN,
    AssayResult,
    Explain,
    call_of_dark,
    calls_of,
    in_call_order,
    subsets,
)
from breakpoint_pcr.calling.well_words import outcomes_of
from breakpoint_pcr.explanation import INCONCLUSIVE, INVALID
from breakpoint_pcr.tables import Outcome


def remedies(sample: CalledSample, plate: Plate, explain: Explain) -> Iterator[str]:
    """Yield what to do so that a sample without a call gets one; nothing for a sample with one."""
    decision = sample.decision
    if decision.call not in (INCONCLUSIVE, INVALID):
        return
    if all(result.outcome is Outcome.INVALID for result in sample.results):
        yield "Repeat every assay of the sample: not one of its wells can be used"
    else:
        yield from _for_assays(sample, plate, explain)
    if not decision.explained:
        yield "Check which tube and which primers each well held, then repeat the sample from DNA"
    if (
        INVALID in (decision.call, *decision.candidates)
        and sample.check.state is not Input.ADEQUATE
    ):
        remedy = gene_remedy(sample, plate)
        yield f"{remedy[0].upper()}{remedy[1:]}: {sample.check.reason}"


def _for_assays(sample: CalledSample, plate: Plate, explain: Explain) -> Iterator[str]:
    unknown = [result for result in sample.results if result.unknown]
    for result in unknown:
        effect = _effect(result, sample, plate, explain)
        if effect is not None:
            yield f"{_what(result)}{effect}"
    if not unknown and sample.decision.explained:
        pooled = [a.name for a in plate.assays if len({d.label for d in a.deletions}) > 1]
        names = {r.assay for r in sample.results if r.outcome is Outcome.POSITIVE}
        for assay in (name for name in pooled if name in names):
            words = "pooled, they do not tell the class"
            yield f"Run the primer pairs of {assay} in wells of their own: {words}"


def _what(result: AssayResult) -> str:
    """Say what to repeat of an assay that may be positive or negative, and why."""
    if not result.wells:
        return f"Run {result.assay} for this sample: it was left out"
    wells = ", ".join(well.reaction.well for well in result.wells)
    sound = all(w.outcome in (Outcome.POSITIVE, Outcome.NEGATIVE) for w in result.wells)
    if sound and result.flags:
        why = "; ".join(result.reasons)
        return f"Repeat {result.assay} ({wells}) beside controls that hold: {why}"
    return f"Repeat {result.assay}: {outcomes_of(result.wells)}"


def _effect(
    result: AssayResult, sample: CalledSample, plate: Plate, explain: Explain
) -> str | None:
    """Say what the call could be with the assay positive, and negative; None: it changes nothing.

    An assay changes nothing when, whatever the other unknown assays are, its outcome does not
    change the call.
    """
    others = [r.assay for r in sample.results if r.unknown and r.assay != result.assay]
    if len(others) >= MAX_UNKNOWN:
        return ""
    dark = call_of_dark(sample.check, input_required=plate.controls.control_gene_required)
    positive = frozenset(r.assay for r in sample.results if r.outcome is Outcome.POSITIVE)
    pairs = [
        tuple(calls_of(explain(positive | extra | one), dark) for one in ({result.assay}, set()))
        for extra in subsets(others)
    ]
    if all(lit == unlit for lit, unlit in pairs):
        return None
    lit, unlit = (_either([calls for pair in pairs for calls in pair[n]]) for n in (0, 1))
    return f". If positive, the sample is {lit}; if negative, {unlit}"


def _either(calls: Sequence[str]) -> str:
    return " or ".join(in_call_order(set(calls))) or INCONCLUSIVE
