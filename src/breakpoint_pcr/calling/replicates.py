"""Several wells of one sample in one assay, and samples that the sheet calls the same."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from breakpoint_pcr.calling.wells import JudgedWell
from breakpoint_pcr.tables import Finding, Level, Outcome


class ReplicateRule(StrEnum):
    """How replicates are joined."""

    AGREE = "agree"
    MAJORITY = "majority"
    ANY_POSITIVE = "any_positive"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicateRules:
    """Section `replicates` of the config; the spread in cycles."""

    rule: ReplicateRule
    ct_spread_max: float

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> Self:
        """Build the rules from the config's section `replicates`, which its schema has checked."""
        return cls(rule=ReplicateRule(section["rule"]), ct_spread_max=section["ct_spread_max"])


def join_outcomes(outcomes: Iterable[Outcome], rule: ReplicateRule) -> Outcome:
    """Join the outcomes of replicates; those that are invalid do not count, unless all are.

    A replicate in review agrees with nothing, and is no vote for either side of a majority.
    """
    counts = Counter(outcome for outcome in outcomes if outcome is not Outcome.INVALID)
    if not counts:
        return Outcome.INVALID
    if len(counts) == 1:
        return next(iter(counts))
    if rule is ReplicateRule.ANY_POSITIVE and counts[Outcome.POSITIVE]:
        return Outcome.POSITIVE
    if rule is ReplicateRule.MAJORITY:
        most, votes = counts.most_common(1)[0]
        return most if 2 * votes > counts.total() else Outcome.REVIEW
    return Outcome.REVIEW


def spread(wells: Sequence[JudgedWell]) -> float | None:
    """Return the Ct range of the positive replicates in cycles; None with fewer than two."""
    cts = [
        well.reaction.ct
        for well in wells
        if well.outcome is Outcome.POSITIVE and well.reaction.ct is not None
    ]
    return max(cts) - min(cts) if len(cts) > 1 else None


def same_samples(
    lines: Iterable[tuple[str, str, str]], *, controls: Collection[str]
) -> tuple[dict[str, str], list[Finding]]:
    """Return the name under which each joined sample is called, and what is wrong with the sheet.

    Args:
        lines: (sample, replicate_of, patient) of each well, empty where the sheet does not say.
        controls: Names of what is not a sample.
    """
    joins: dict[str, set[str]] = {}
    patients: dict[str, set[str]] = {}
    for sample, other, patient in lines:
        joins.setdefault(sample, set()).add(other if other != sample else "")
        if patient:
            patients.setdefault(sample, set()).add(patient)
    wanted = {sample: others for sample, others in joins.items() if others != {""}}
    names: dict[str, str] = {}
    findings: list[Finding] = []
    for sample in sorted(wanted):
        end, problem = _followed(sample, wanted)
        if problem := problem or _unfit(sample, end, controls, patients):
            words = f"{problem}; called by itself"
            findings.append(Finding(Level.ERROR, "sample", sample, "replicate_of_unclear", words))
            continue
        names[sample] = end
        patients.setdefault(end, set()).update(patients.get(sample, ()))
        findings.append(_joined(sample, end, known=end in joins))
    return names, findings


def _joined(sample: str, end: str, *, known: bool) -> Finding:
    sentence = f"the sheet says replicate_of {end}: its wells are called as sample {end}"
    if not known:
        sentence = f"{sentence}, which has no well of its own in this run"
    level = Level.INFO if known else Level.WARNING
    return Finding(level, "sample", sample, "replicates_joined", sentence)


def _unfit(
    sample: str, end: str, controls: Collection[str], patients: Mapping[str, set[str]]
) -> str:
    """Say why one sample cannot be a replicate of the other; empty where it can."""
    if end in controls:
        return f"replicate_of names {end}, which is a control"
    mine, other = (", ".join(sorted(patients.get(name, ()))) for name in (sample, end))
    if mine and other and mine != other:
        return f"replicate_of names {end}, but the patient is {mine}, that of {end} is {other}"
    return ""


def _followed(sample: str, wanted: Mapping[str, set[str]]) -> tuple[str, str]:
    """Follow replicate_of to its end; return the end, or what is wrong."""
    seen = [sample]
    while others := wanted.get(seen[-1]):
        if len(others) > 1:
            named = (other or "nothing" for other in sorted(others, reverse=True))
            return "", f"replicate_of names {' and '.join(named)} in the wells of {seen[-1]}"
        seen.append(next(iter(others)))
        if seen[-1] in seen[:-1]:
            return "", f"replicate_of runs in a circle ({' > '.join(seen)})"
    return seen[-1], ""
