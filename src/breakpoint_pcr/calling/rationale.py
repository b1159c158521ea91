"""A page on one sample: why it is called as it is, why not otherwise, and what would settle it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap

from breakpoint_pcr.calling.alternatives import alternatives
from breakpoint_pcr.calling.calling import explainer, rows_of, see_run
from breakpoint_pcr.calling.controls import Check, Standing
from breakpoint_pcr.calling.evidence import Sizes, product_sizes
from breakpoint_pcr.calling.judging import Method
from breakpoint_pcr.calling.plate import (
    Plate,
    classes_not_tested,
    classes_on_unconfirmed,
    outcome_after_controls,
    unconfirmed_in_use,
)
from breakpoint_pcr.calling.remedies import remedies
from breakpoint_pcr.calling.sample_rows import CalledSample, remarks
from breakpoint_pcr.calling.samples import AssayResult
from breakpoint_pcr.calling.well_words import well_words
from breakpoint_pcr.calling.wells import JudgedWell
from breakpoint_pcr.explanation import INVALID, NEGATIVE, in_exon_order
from breakpoint_pcr.runs import RunRecord
from breakpoint_pcr.tables import Outcome, Sample, SampleLevel

LINE = 100
STANDS = {
    (True, True): "positives and negatives stand",
    (True, False): "positives stand, negatives do not",
    (False, True): "negatives stand, positives do not",
    (False, False): "neither positives nor negatives stand",
}
STANDINGS = {
    Standing.PASSED: "as it should be",
    Standing.REVIEW: "in doubt",
    Standing.MISSING: "missing",
    Standing.FAILED: "failed",
}


def explain_sample(  # noqa: PLR0913
    record: RunRecord,
    wells: Sequence[JudgedWell],
    name: str,
    *,
    method: Method,
    levels: Iterable[SampleLevel] = (),
    flag_sentences: Mapping[str, str] | None = None,
) -> tuple[Sample, str] | None:
    """Return the row of a sample and a page on it; None for an unknown sample.

    Args:
        record: What is known of the run.
        wells: Each reaction judged by itself.
        name: The sample, as it is called.
        method: Panel, products and limits.
        levels: Rows of levels.tsv.
        flag_sentences: What each flag means, with places for {classes}, {primers} and {unsafe}.
    """
    seen = see_run(record, wells, method=method)
    _, rows, _ = rows_of(seen, record, method)
    sizes = product_sizes(method.products)
    said = [level.statement for level in levels if level.sample == name and level.statement]
    for sample, row in zip(seen.called, rows, strict=True):
        if sample.name == name:
            page = rationale(
                sample, row, seen.plate, sizes=sizes, flags=flag_sentences or {}, levels=said
            )
            return row, page
    return None


def rationale(  # noqa: PLR0913
    sample: CalledSample,
    row: Sample,
    plate: Plate,
    *,
    sizes: Sizes,
    flags: Mapping[str, str],
    levels: Sequence[str],
) -> str:
    """Return the page.

    Args:
        sample: As the rules call it.
        row: Its row of samples.tsv, after overrides.
        plate: What the call rests on.
        sizes: Size of each allele's product in each assay.
        flags: What each flag means.
        levels: What is known of the sample's levels.
    """
    sections = {
        "Call": _call(sample, row),
        "Flags": _flags(row, plate, flags),
        "Wells, and what each assay would show": _wells(sample, plate, sizes),
        "Controls of the run": _controls(plate),
        "Rules that gave the call": _numbered((*sample.decision.reasons, *remarks(sample, plate))),
        "Why not another call": [f"{call}: {why}" for call, why in alternatives(sample, plate)],
        "What would settle it": _numbered(remedies(sample, plate, explainer(plate))),
        "Level": list(levels),
    }
    lines = [f"{row.run} / {row.sample}: {row.call}"]
    for title, content in sections.items():
        if shown := list(content):
            lines += ["", title, *(line for text in shown for line in _wrapped(text))]
    return "\n".join(lines) + "\n"


def _wrapped(text: str) -> list[str]:
    """Break a line at blanks, indented as it begins."""
    body = text.lstrip(" ")
    indent = " " * (2 + len(text) - len(body))
    return wrap(
        body,
        width=LINE,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _numbered(texts: Iterable[str]) -> list[str]:
    return [f"{number}. {text}" for number, text in enumerate(texts, start=1)]


def _call(sample: CalledSample, row: Sample) -> Iterator[str]:
    decision = sample.decision
    if row.call != decision.call or row.reason.startswith("set to "):
        yield row.reason.partition("; by the rules")[0]
        yield f"by the rules it is {decision.call}; what follows explains that"
    if decision.deletions:
        open_ = any(result.unknown for result in sample.results)
        whatever = ", whatever the unknown assays are" if open_ else ""
        yield f"found{whatever}: {', '.join(decision.deletions)}"
    if decision.candidates:
        yield f"calls that remain possible: {', '.join(decision.candidates)}"
    if decision.call == NEGATIVE:
        yield "none of the deletions that the plate shows was found"
    if decision.call == INVALID:
        yield "nothing can be said of the sample"


def _flags(row: Sample, plate: Plate, sentences: Mapping[str, str]) -> Iterator[str]:
    words = {
        "classes": ", ".join(classes_not_tested(plate)),
        "primers": ", ".join(unconfirmed_in_use(plate)),
        "unsafe": ", ".join(in_exon_order(classes_on_unconfirmed(plate))),
    }
    for flag in row.flags:
        meaning = sentences.get(flag, "").format(**words)
        yield f"{flag}: {meaning}" if meaning else flag


def _wells(sample: CalledSample, plate: Plate, sizes: Sizes) -> Iterator[str]:
    for result in sample.results:
        yield f"{result.assay}: {_outcome_words(result)}. Would show {_shows(result, plate, sizes)}"
        for well in result.wells:
            yield f"  {_well(well, plate)}"
    for gene in plate.panel.control_genes:
        if wells := sample.wells.get(gene.name):
            yield f"{gene.name}, the control gene: input {sample.check.state}"
            yield from (f"  {_well(well, plate)}{_delay(well, plate)}" for well in wells)
    if not any(sample.wells.get(gene.name) for gene in plate.panel.control_genes):
        yield f"control gene: {sample.check.reason}"


def _outcome_words(result: AssayResult) -> str:
    if not result.wells:
        return "on the plate, but not run for this sample"
    # What the controls do to it stands beside each of its wells.
    reasons = "" if result.flags or not result.reasons else f" ({'; '.join(result.reasons)})"
    return f"{result.outcome}{reasons}"


def _shows(result: AssayResult, plate: Plate, sizes: Sizes) -> str:
    """Name what lights an assay, with the size of its product."""
    named = {a.name: a for a in plate.alleles if (result.assay, a.name) in sizes}
    words = {name: f"{name} {sizes[result.assay, name]}" for name in named}
    must = [words[name] for name in named if result.assay in named[name].must]
    may = [words[name] for name in named if result.assay not in named[name].must]
    long = f"long products that may be silent: {', '.join(may)}" if may else ""
    return "; ".join(filter(None, (", ".join(must), long))) or "no deletion of the panel"


def _well(well: JudgedWell, plate: Plate) -> str:
    outcome, reason = outcome_after_controls(well, plate)
    return f"{well_words(well)}: {outcome} ({reason})"


def _delay(well: JudgedWell, plate: Plate) -> str:
    """Say how a control gene lies beside what its input explains."""
    delay = plate.basis.delays.get(well.reaction)
    if plate.controls.delay_max is None or well.outcome is not Outcome.POSITIVE:
        return ""
    if delay is None:
        return "; not compared with its input"
    side = "later" if delay.cycles > 0 else "earlier"
    return (
        f"; {abs(delay.cycles):.2f} cycles {side} than its input of {well.reaction.input_ng:g} ng "
        f"explains (from {delay.others} other samples and controls)"
    )


def _controls(plate: Plate) -> Iterator[str]:
    for assay in plate.assays:
        validity = plate.validity[assay.name]
        stands = (
            validity.positive.outcome is Outcome.POSITIVE,
            validity.negative.outcome is Outcome.NEGATIVE,
        )
        yield f"{assay.name}: {STANDS[stands]}"
        yield from (f"  {_check(check)}" for check in plate.checks[assay.name])


def _check(check: Check) -> str:
    reason = check.reason.replace(f" of {check.assay}", "", 1)
    return f"{STANDINGS[check.standing]}: {reason}"
