"""A reviewer's decisions, signed in run.yaml: applied, shown with the original, never silent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from breakpoint_pcr.calling.wells import JudgedWell
from breakpoint_pcr.explanation import INCONCLUSIVE, INVALID, MIXED, NEGATIVE, in_exon_order
from breakpoint_pcr.runs import Override
from breakpoint_pcr.tables import Finding, Level, Outcome, Sample

OVERRIDDEN = "overridden"
WELL, SAMPLE = "well", "sample"
Subject = tuple[str, str]


def signature(override: Override) -> str:
    """Return who decided, when and why."""
    return f"{override.by}, {override.date}: {override.reason}"


def override_wells(
    wells: Sequence[JudgedWell], overrides: Sequence[Override]
) -> tuple[list[JudgedWell], list[Finding]]:
    """Set the outcome of the wells that a reviewer decided on; an assay's word beats the well's."""
    places = [(w.reaction.well, w.reaction.assay) for w in wells]
    known = {*places, *((well, "") for well, _ in places)}
    mine = [override for override in overrides if override.scope == WELL]
    accepted, findings = _accepted(mine, known, list(Outcome))
    return [_overridden(well, accepted) for well in wells], findings


def override_samples(
    samples: Sequence[Sample], overrides: Sequence[Override], classes: Collection[str]
) -> tuple[list[Sample], list[Finding]]:
    """Set the call of the samples that a reviewer decided on."""
    calls = [*in_exon_order(classes), MIXED, NEGATIVE, INCONCLUSIVE, INVALID]
    mine = [replace(override, assay="") for override in overrides if override.scope == SAMPLE]
    accepted, findings = _accepted(mine, {(s.sample, "") for s in samples}, calls)
    return [_called_anew(s, accepted.get((s.sample, ""))) for s in samples], findings


def foreign_overrides(overrides: Sequence[Override]) -> list[Finding]:
    """Return a finding for each decision on something that is neither a well nor a sample."""
    problem = "scope is neither well nor sample"
    return [_refused(o, problem) for o in overrides if o.scope not in (WELL, SAMPLE)]


def _accepted(
    overrides: Sequence[Override], known: Collection[Subject], decisions: Sequence[str]
) -> tuple[dict[Subject, Override], list[Finding]]:
    """Return the decisions that can be applied, and a finding for each decision."""
    by_subject: dict[Subject, list[Override]] = {}
    for override in overrides:
        by_subject.setdefault((override.subject, override.assay), []).append(override)
    accepted: dict[Subject, Override] = {}
    findings: list[Finding] = []
    for subject, mine in by_subject.items():
        last = mine[-1]
        if problem := _problem(mine, subject in known, decisions):
            findings.append(_refused(last, problem))
            continue
        accepted[subject] = last
        sentence = f"{_named(last)} set to {last.decision} by {signature(last)}"
        findings.append(Finding(Level.WARNING, last.scope, last.subject, OVERRIDDEN, sentence))
    return accepted, findings


def _problem(mine: Sequence[Override], known: bool, decisions: Sequence[str]) -> str:
    wanted = list(dict.fromkeys(override.decision for override in mine))
    if not known:
        return f"the run has no such {mine[0].scope}"
    if len(wanted) > 1:
        return f"decisions contradict each other: {', '.join(wanted)}"
    if wanted[0] not in decisions:
        return f"{wanted[0]!r} is not a decision; expected {', '.join(decisions)}"
    return ""


def _refused(override: Override, problem: str) -> Finding:
    sentence = f"override of {_named(override)} by {signature(override)} not applied: {problem}"
    return Finding(Level.ERROR, override.scope, override.subject, "override_refused", sentence)


def _named(override: Override) -> str:
    return " ".join(filter(None, (override.scope, override.subject, override.assay)))


def _overridden(well: JudgedWell, accepted: Mapping[Subject, Override]) -> JudgedWell:
    place = well.reaction.well
    override = accepted.get((place, well.reaction.assay)) or accepted.get((place, ""))
    if override is None:
        return well
    original = f"{well.outcome} ({well.reason})"
    reason = f"set to {override.decision} by {signature(override)}; by the rules {original}"
    return replace(well, outcome=Outcome(override.decision), reason=reason, override=override)


def _called_anew(sample: Sample, override: Override | None) -> Sample:
    if override is None:
        return sample
    call = override.decision
    classless = (MIXED, NEGATIVE, INCONCLUSIVE, INVALID)
    kept = sample.deletions if call in (MIXED, INCONCLUSIVE) else ()
    original = f"{sample.call} ({sample.reason})"
    return replace(
        sample,
        call=call,
        deletions=kept if call in classless else (call,),
        candidates=sample.candidates if call == INCONCLUSIVE else (),
        flags=tuple(dict.fromkeys((*sample.flags, OVERRIDDEN))),
        reason=f"set to {call} by {signature(override)}; by the rules {original}",
    )
