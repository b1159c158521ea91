"""Why a sample is called as it is, and why not otherwise."""

from collections.abc import Iterator, Sequence

from breakpoint_pcr.calling.evidence import well_words
from breakpoint_pcr.calling.plate import Plate, outcome_after_controls
from breakpoint_pcr.calling.sample_rows import CalledSample
from breakpoint_pcr.explanation import INVALID, MIXED, NEGATIVE, in_exon_order
from breakpoint_pcr.tables import Outcome, Sample


def rationale(sample: CalledSample, row: Sample, plate: Plate) -> str:
    """Return a page of text on a sample: call, wells, rules that fired, alternatives.

    Args:
        sample: As the rules call it.
        row: Its row of samples.tsv, after overrides.
        plate: What the call rests on.
    """
    lines = [
        f"{row.run} / {row.sample}: {row.call}",
        *_listed("deletions", row.deletions),
        *_listed("possible", row.candidates),
        *_listed("flags", row.flags),
        "",
        "Wells",
        *(f"  {line}" for line in _wells(sample, plate)),
        "",
        "Rules",
        *(f"  {line}" for line in ((row.reason,) if row.call != sample.decision.call else ())),
        *(f"  {line}" for line in sample.decision.reasons),
        "",
        "Why not",
        *(f"  {call}: {why}" for call, why in alternatives(sample, plate)),
    ]
    return "\n".join(lines) + "\n"


def _listed(name: str, values: Sequence[str]) -> list[str]:
    return [f"{name}: {', '.join(values)}"] if values else []


def _wells(sample: CalledSample, plate: Plate) -> Iterator[str]:
    for assay in plate.panel.assays:
        for well in sample.wells.get(assay.name, ()):
            outcome, reason = outcome_after_controls(well, plate)
            yield f"{assay.name} {outcome}: {well_words(well)}; {reason}"


def alternatives(sample: CalledSample, plate: Plate) -> Iterator[tuple[str, str]]:
    """Yield every other call that the panel knows, with what speaks against it."""
    labels = in_exon_order(deletion.label for deletion in plate.panel.deletions)
    decision = sample.decision
    for call in (*labels, MIXED, NEGATIVE):
        if call == decision.call:
            continue
        if decision.call == INVALID:
            yield call, "nothing can be said of the sample"
        elif call in decision.candidates:
            yield call, f"not ruled out: {_names(sample, known=False)} unknown"
        elif call == MIXED:
            yield call, _why_not_mixed(sample)
        elif call == NEGATIVE:
            yield call, _why_not_negative(sample)
        else:
            yield call, _why_not_class(call, sample, plate)


def _names(sample: CalledSample, *, known: bool) -> str:
    """Return the positive assays, or those that are unknown."""
    chosen = [
        result.assay
        for result in sample.results
        if (result.outcome is Outcome.POSITIVE if known else result.unknown)
    ]
    return ", ".join(chosen) or "no assay"


def _why_not_negative(sample: CalledSample) -> str:
    positive = _names(sample, known=True)
    if any(result.outcome is Outcome.POSITIVE for result in sample.results):
        return f"{positive} positive"
    return sample.check.reason


def _why_not_mixed(sample: CalledSample) -> str:
    if any(result.outcome is Outcome.POSITIVE for result in sample.results):
        return f"one allele explains {_names(sample, known=True)} positive, and no assay more is"
    return "no assay is positive"


def _why_not_class(label: str, sample: CalledSample, plate: Plate) -> str:
    forms = [allele for allele in plate.alleles if allele.deletion == label]
    mine = frozenset(assay for allele in forms for assay in allele.lights)
    outcomes = {result.assay: result.outcome for result in sample.results}
    foreign = [a for a, o in outcomes.items() if o is Outcome.POSITIVE and a not in mine]
    if foreign:
        return f"alone it does not explain {', '.join(foreign)} positive"
    shown = [f"{assay} {outcomes[assay]}" for assay in outcomes if assay in mine]
    return ", ".join(shown) or "no assay of the plate shows it"
