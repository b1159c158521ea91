"""The row of a sample, and what a person should read about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from breakpoint_pcr.calling.control_gene import Input, InputCheck, check_input, inhibited
from breakpoint_pcr.calling.controls import CONTROL_FAILED, CONTROL_MISSING
from breakpoint_pcr.calling.evidence import Sizes, evidence
from breakpoint_pcr.calling.overrides import OVERRIDDEN
from breakpoint_pcr.calling.plate import (
    Plate,
    SampleWells,
    classes_not_tested,
    classes_on_unconfirmed,
    results_of,
    unconfirmed_in_use,
)
from breakpoint_pcr.calling.replicates import spread
from breakpoint_pcr.calling.samples import AssayResult, Decision, Explain, decide
from breakpoint_pcr.calling.wells import (
    CT_DISAGREEMENT,
    LATE_AMPLIFICATION,
    NEAR_CUTOFF,
    NONE_WITH_CT,
    JudgedWell,
)
from breakpoint_pcr.explanation import (
    CHECK_CONTAMINATION,
    HIDDEN_VARIANT,
    INVALID,
    LONG_PRODUCT_SILENT,
    NEGATIVE,
    VARIANT_BREAKPOINT,
    in_exon_order,
)
from breakpoint_pcr.tables import Finding, Level, Outcome, Sample

INPUT_NOT_CHECKED = "input_not_checked"
PRIMER_UNCONFIRMED = "primer_unconfirmed"
CLASSES_NOT_TESTED = "classes_not_tested"
CONTROL_GENE_FAILED = "control_gene_failed"
REPLICATE_SPREAD = "replicate_spread"
LATE_IN_DOUBT = "the control gene is not adequate: what held it back may have made a product late"
FLAGS = (
    INPUT_NOT_CHECKED,
    PRIMER_UNCONFIRMED,
    NEAR_CUTOFF,
    LATE_AMPLIFICATION,
    CLASSES_NOT_TESTED,
    VARIANT_BREAKPOINT,
    HIDDEN_VARIANT,
    LONG_PRODUCT_SILENT,
    CHECK_CONTAMINATION,
    CONTROL_FAILED,
    CONTROL_MISSING,
    CONTROL_GENE_FAILED,
    OVERRIDDEN,
    REPLICATE_SPREAD,
    CT_DISAGREEMENT,
)


@dataclass(frozen=True, slots=True)
class CalledSample:
    """A sample's assays, input and call."""

    name: str
    wells: SampleWells
    results: tuple[AssayResult, ...]
    check: InputCheck
    decision: Decision


def call_sample(name: str, wells: SampleWells, plate: Plate, explain: Explain) -> CalledSample:
    """Call a sample from its wells by assay."""
    genes = [assay.name for assay in plate.panel.control_genes]
    check = check_input(
        [well for gene in genes for well in wells.get(gene, ())],
        plate.basis,
        replicates=plate.replicates.rule,
    )
    results = _input_considered(tuple(results_of(wells, plate)), check)
    required = plate.controls.control_gene_required
    decision = decide(results, check, explain=explain, input_required=required)
    return CalledSample(name, wells, results, check, decision)


def _input_considered(
    results: tuple[AssayResult, ...], check: InputCheck
) -> tuple[AssayResult, ...]:
    """Doubt the negatives that have a Ct after all, beside a positive and a poor control gene.

    What holds the control gene back holds a smaller class back, too, and beyond the Ct limit it
    would be denied. Without a positive the sample is invalid in any case.
    """
    lit = any(result.outcome is Outcome.POSITIVE for result in results)
    if check.state is not Input.INADEQUATE or not lit:
        return results
    return tuple(map(_late_in_doubt, results))


def _late_in_doubt(result: AssayResult) -> AssayResult:
    late = any(
        well.reaction.ct is not None and well.outcome is Outcome.NEGATIVE for well in result.wells
    )
    if result.outcome is not Outcome.NEGATIVE or not late:
        return result
    reasons = (*result.reasons, LATE_IN_DOUBT)
    return replace(result, outcome=Outcome.REVIEW, reasons=reasons)


def sample_row(sample: CalledSample, plate: Plate, sizes: Sizes) -> Sample:
    """Return the row of samples.tsv."""
    decision, carried = sample.decision, set(_flags(sample, plate))
    return Sample(
        run=plate.run,
        sample=sample.name,
        call=decision.call,
        deletions=decision.deletions,
        candidates=decision.candidates,
        evidence=f"{evidence(sample.results, decision.alleles, sizes)}; {sample.check.reason}",
        flags=tuple(flag for flag in FLAGS if flag in carried),
        reason="; ".join((*decision.reasons, *remarks(sample, plate))),
        cts={
            assay.name: ";".join(well.ct_words for well in sample.wells.get(assay.name, ()))
            for assay in plate.panel.assays
        },
    )


def remarks(sample: CalledSample, plate: Plate) -> tuple[str, ...]:
    """Return what limits the call beside its own pattern."""
    if sample.decision.call == INVALID:
        return ()
    words = [reason for r in sample.results if not r.unknown for reason in r.reasons]
    if sample.decision.call == NEGATIVE:
        tested = in_exon_order(d.label for assay in plate.assays for d in assay.deletions)
        words.append(f"none of the listed deletions detected ({', '.join(tested)})")
    if missing := classes_not_tested(plate):
        words.append(f"not tested on this plate: {', '.join(missing)}")
    if doubtful := _absent_on_unconfirmed(sample.decision, plate):
        names = ", ".join(unconfirmed_in_use(plate))
        words.append(f"absence of {', '.join(doubtful)} rests on {names}, not confirmed")
    return tuple(words)


def _absent_on_unconfirmed(decision: Decision, plate: Plate) -> list[str]:
    return sorted(classes_on_unconfirmed(plate).difference(decision.deletions))


def _flags(sample: CalledSample, plate: Plate) -> Iterator[str]:
    """Yield the flags of a sample, in any order."""
    yield from sample.decision.flags
    yield from (flag for result in sample.results for flag in result.flags)
    notes = {note for result in sample.results for well in result.wells for note in well.notes}
    yield from notes
    if NONE_WITH_CT in notes:
        yield CT_DISAGREEMENT
    yield from _input_flags(sample, plate)
    if any(well.override for wells in sample.wells.values() for well in wells):
        yield OVERRIDDEN
    if any(True for _ in _spreads(sample, plate)):
        yield REPLICATE_SPREAD
    if sample.decision.call != INVALID and classes_not_tested(plate):
        yield CLASSES_NOT_TESTED
    if sample.decision.call != INVALID and _absent_on_unconfirmed(sample.decision, plate):
        yield PRIMER_UNCONFIRMED


def _input_flags(sample: CalledSample, plate: Plate) -> Iterator[str]:
    absent = sample.check.state is Input.ABSENT
    if absent and not plate.controls.control_gene_required:
        if sample.decision.call != INVALID:
            yield INPUT_NOT_CHECKED
    elif sample.check.state is not Input.ADEQUATE:
        yield CONTROL_GENE_FAILED


def _spreads(sample: CalledSample, plate: Plate) -> Iterator[tuple[str, float]]:
    """Yield the assays whose positive replicates lie too far apart, with the Ct range."""
    for assay, wells in sample.wells.items():
        cycles = spread(wells)
        if cycles is not None and cycles > plate.replicates.ct_spread_max:
            yield assay, cycles


def sample_findings(sample: CalledSample, plate: Plate) -> Iterator[Finding]:
    """Yield what a person should read about a sample."""

    def found(level: Level, code: str, sentence: str) -> Finding:
        return Finding(level, "sample", sample.name, code, sentence)

    decision = sample.decision
    if CONTROL_GENE_FAILED in _input_flags(sample, plate):
        words = f"{sample.check.reason}: no negative stands on it; {gene_remedy(sample, plate)}"
        yield found(Level.WARNING, CONTROL_GENE_FAILED, words)
    if not decision.explained:
        words = (
            "no set of deletion alleles explains which assays are positive: the sample is not "
            "called by class; check tubes and plate layout, then repeat it"
        )
        yield found(Level.WARNING, "pattern_unexplained", words)
    if CHECK_CONTAMINATION in decision.flags:
        words = (
            f"{len(decision.deletions)} classes in one sample is more than expected; "
            "check for contamination and repeat from DNA"
        )
        yield found(Level.WARNING, CHECK_CONTAMINATION, words)
    for assay, cycles in _spreads(sample, plate):
        limit = f"{plate.replicates.ct_spread_max:g}"
        words = (
            f"{assay}: positive replicates lie {cycles:.2f} cycles apart, limit {limit}: "
            "the call stands, the level is uncertain; check pipetting, repeat if it matters"
        )
        yield found(Level.WARNING, REPLICATE_SPREAD, words)
    yield from (found(*words) for words in _assay_remarks(sample))
    yield from (found(*words) for words in _early_long_products(sample, plate))


def _assay_remarks(sample: CalledSample) -> Iterator[tuple[Level, str, str]]:
    for result in sample.results:
        outcomes = {well.outcome for well in result.wells if well.usable}
        wells = _by_outcome(result.wells)
        if not result.wells:
            words = (
                f"{result.assay} is on the plate, but was not run for this sample: it may be "
                "positive or negative; run it if the call hangs on it"
            )
            yield Level.WARNING, "assay_not_run", words
        elif len(outcomes) > 1:
            words = (
                f"{result.assay}: replicates disagree ({wells}): together they count as "
                f"{result.outcome}; repeat the assay for this sample"
            )
            yield Level.WARNING, "replicates_discordant", words
        elif outcomes and not all(well.usable for well in result.wells):
            words = f"{result.assay}: not all wells count ({wells}); the others decide"
            yield Level.INFO, "replicate_unusable", words


def _by_outcome(wells: Iterable[JudgedWell]) -> str:
    """Return the wells by outcome, each outcome named once."""
    groups: dict[Outcome, list[str]] = {}
    for well in wells:
        groups.setdefault(well.outcome, []).append(well.reaction.well)
    return "; ".join(f"{', '.join(names)} {outcome}" for outcome, names in groups.items())


def gene_remedy(sample: CalledSample, plate: Plate) -> str:
    """Say what to do about a control gene that is not adequate."""
    if sample.check.state is Input.ABSENT:
        return "run the control gene for this sample"
    wells = [well for mine in sample.wells.values() for well in mine]
    if any(inhibited(well, plate.basis) for well in wells):
        return "check input_ng, purify the DNA or dilute it 1:10, and repeat the sample"
    return "repeat the sample from DNA, with more of it"


def _early_long_products(sample: CalledSample, plate: Plate) -> Iterator[tuple[Level, str, str]]:
    """Yield long products that came before the short one: a second allele is likely."""
    if HIDDEN_VARIANT not in sample.decision.flags:
        return
    first = {r.assay: _first_ct(r.wells) for r in sample.results if r.outcome is Outcome.POSITIVE}
    for allele in plate.alleles:
        if not allele.main or allele.name not in sample.decision.alleles:
            continue
        for long, short in _pairs(allele.may & first.keys(), allele.must & first.keys()):
            if first[long] < first[short]:
                words = (
                    f"{long} (long product) came before {short}: suspect a second allele of the "
                    "class with another breakpoint; sequence both products to tell"
                )
                yield Level.WARNING, "hidden_variant_suspected", words


def _pairs(first: Iterable[str], second: Iterable[str]) -> list[tuple[str, str]]:
    return [(one, other) for one in sorted(first) for other in sorted(second)]


def _first_ct(wells: Sequence[JudgedWell]) -> float:
    cts = [w.reaction.ct for w in wells if w.reaction.ct is not None and w.usable]
    return min(cts, default=float("inf"))
