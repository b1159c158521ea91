"""What the assays of a sample say together.

An assay that is in doubt, invalid or was not run for the sample may be positive or negative: every
reading is tried. What all readings agree on is the call; else the sample is inconclusive.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from breakpoint_pcr.calling.control_gene import Input, InputCheck
from breakpoint_pcr.calling.well_words import outcomes_of
from breakpoint_pcr.calling.wells import JudgedWell
from breakpoint_pcr.explanation import (
    INCONCLUSIVE,
    INVALID,
    MIXED,
    NEGATIVE,
    UNEXPLAINED,
    Explanation,
    in_exon_order,
)
from breakpoint_pcr.tables import Outcome

MAX_UNKNOWN = 12
Explain = Callable[[frozenset[str]], Explanation]


@dataclass(frozen=True, slots=True)
class AssayResult:
    """One assay of one sample, replicates joined and controls considered.

    No wells: the assay is on the plate, but not for this sample; the outcome is then invalid.
    """

    assay: str
    wells: tuple[JudgedWell, ...]
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def unknown(self) -> bool:
        """Whether the assay may be positive or negative."""
        return self.outcome in (Outcome.REVIEW, Outcome.INVALID)


@dataclass(frozen=True, slots=True)
class Decision:
    """The call of a sample, with the flags that its pattern carries and the rules that fired.

    `alleles` are the names of those that explain a reading.
    """

    call: str
    deletions: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    alleles: tuple[str, ...] = ()
    explained: bool = True
    reasons: tuple[str, ...] = ()


def decide(
    results: Sequence[AssayResult],
    check: InputCheck,
    *,
    explain: Explain,
    input_required: bool,
) -> Decision:
    """Call a sample.

    Args:
        results: Every breakpoint assay that was run for samples on this plate.
        check: What the control gene says.
        explain: Explains a set of positive assays among those.
        input_required: Whether a negative needs a control gene at all; one that was run and was
            not adequate forbids it in any case.
    """
    if all(result.outcome is Outcome.INVALID for result in results):
        words = _pattern_words(results, ()) or ("no breakpoint assay was run",)
        return Decision(INVALID, reasons=(*words, "nothing usable is left"))
    negative = call_of_dark(check, input_required=input_required)
    unknown = [result.assay for result in results if result.unknown]
    positive = frozenset(r.assay for r in results if r.outcome is Outcome.POSITIVE)
    if len(unknown) > MAX_UNKNOWN:
        certain = explain(positive).forced
        return _left_open(results, explain(positive.union(unknown)), certain, negative)
    readings = [explain(positive | extra) for extra in subsets(unknown)]
    decision = _agreed(readings, negative)
    patterns = _pattern_words(results, readings)
    verdict = _verdict_words(decision, readings)
    return replace(decision, reasons=(*patterns, *verdict, check.reason))


def call_of_dark(check: InputCheck, *, input_required: bool) -> str:
    """Return what a sample without any positive assay is called: negative, or invalid."""
    may_be_absent = check.state is Input.ABSENT and not input_required
    return NEGATIVE if check.state is Input.ADEQUATE or may_be_absent else INVALID


def _agreed(readings: Sequence[Explanation], negative: str) -> Decision:
    """Return what all readings have in common; `negative` is what a dark pattern is called."""
    calls = {call for reading in readings for call in calls_of(reading, negative)}
    certain = len(calls) == 1 and not any(reading.call == INCONCLUSIVE for reading in readings)
    shared = frozenset.intersection(*(frozenset(reading.deletions) for reading in readings))
    names = (name for reading in readings for names in reading.alleles for name in names)
    return Decision(
        next(iter(calls)) if certain else INCONCLUSIVE,
        in_exon_order(shared),
        () if certain else in_call_order(calls),
        _common_flags(readings),
        tuple(dict.fromkeys(names)),
        not any(UNEXPLAINED in reading.flags for reading in readings),
    )


def subsets(names: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield every choice of these names, the empty one first."""
    for size in range(len(names) + 1):
        yield from map(frozenset, combinations(names, size))


def calls_of(reading: Explanation, negative: str) -> tuple[str, ...]:
    """Return the calls that a reading leaves possible."""
    if reading.call == INCONCLUSIVE:
        return reading.candidates
    return (negative if reading.call == NEGATIVE else reading.call,)


def in_call_order(calls: Collection[str]) -> tuple[str, ...]:
    """Return calls in the order in which they are always named: classes, mixed, negative."""
    last = [call for call in (MIXED, NEGATIVE, INVALID) if call in calls]
    return (*in_exon_order(call for call in calls if call not in last), *last)


def _common_flags(readings: Sequence[Explanation]) -> tuple[str, ...]:
    """Return the flags that hold under every reading."""
    return tuple(
        flag
        for flag in readings[0].flags
        if flag != UNEXPLAINED and all(flag in reading.flags for reading in readings)
    )


def _left_open(
    results: Sequence[AssayResult],
    brightest: Explanation,
    certain: tuple[str, ...],
    negative: str,
) -> Decision:
    """Give up on more readings than can be tried; what the positive assays force stays."""
    calls = {*brightest.deletions, *brightest.candidates, MIXED}
    if not any(result.outcome is Outcome.POSITIVE for result in results):
        calls.add(negative)
    words = f"more than {MAX_UNKNOWN} assays are unknown: not every reading was tried"
    decision = Decision(INCONCLUSIVE, certain, in_call_order(calls))
    reasons = (*_pattern_words(results, ()), words, *_open_words(decision))
    return replace(decision, reasons=reasons)


def _pattern_words(
    results: Sequence[AssayResult], readings: Sequence[Explanation]
) -> tuple[str, ...]:
    """Say what each assay is."""
    positive = [r.assay for r in results if r.outcome is Outcome.POSITIVE]
    negative = [r.assay for r in results if r.outcome is Outcome.NEGATIVE]
    unknown = [f"{r.assay} unknown: {_why_unknown(r)}" for r in results if r.unknown]
    words = [f"{', '.join(positive)} positive{_explained(readings)}"] if positive else []
    words += [f"{', '.join(negative)} negative"] if negative else []
    return (*words, *unknown)


def _explained(readings: Sequence[Explanation]) -> str:
    """Name the alleles that explain the pattern, where nothing is open."""
    if len(readings) != 1 or not readings[0].alleles:
        return ""
    ways = [" with ".join(names) for names in readings[0].alleles]
    return f", explained by {' or by '.join(ways)}"


def _why_unknown(result: AssayResult) -> str:
    if not result.wells:
        return "on the plate, but not run for this sample"
    return ", ".join((outcomes_of(result.wells), *result.reasons))


def _verdict_words(decision: Decision, readings: Sequence[Explanation]) -> tuple[str, ...]:
    """Say how the readings lead to the call."""
    words = [] if decision.explained else ["no set of deletion alleles explains the pattern"]
    if decision.call == INCONCLUSIVE:
        if len(readings) > 1:
            words.append("not every reading of the unknown assays gives the same call")
        elif decision.explained:
            words.append("the positive assays do not tell the class")
        return (*words, *_open_words(decision))
    if len(readings) > 1:
        words.append(f"every reading of the unknown assays gives {decision.call}")
    if len({reading.deletions for reading in readings}) > 1:
        words.append("further classes not excluded")
    if decision.call == INVALID:
        words.append("no deletion product, but the input was not shown to be adequate")
    return tuple(words)


def _open_words(decision: Decision) -> Iterator[str]:
    if decision.deletions:
        yield f"{', '.join(decision.deletions)} detected; further classes not excluded"
    if decision.candidates:
        yield f"possible: {', '.join(decision.candidates)}"
