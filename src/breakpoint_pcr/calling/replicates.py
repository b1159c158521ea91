"""Several wells of one sample in one assay, and samples that the sheet calls the same."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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


def same_samples(joins: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[Finding]]:
    """Return the name under which each joined sample is called, and what is wrong with the sheet.

    Args:
        joins: (sample, replicate_of) as the sheet has them.
    """
    wanted: dict[str, set[str]] = {}
    for sample, other in joins:
        if other and other != sample:
            wanted.setdefault(sample, set()).add(other)
    names: dict[str, str] = {}
    findings: list[Finding] = []
    for sample in sorted(wanted):
        end, problem = _followed(sample, wanted)
        if problem:
            findings.append(Finding(Level.ERROR, "sample", sample, "replicate_of_unclear", problem))
            continue
        names[sample] = end
        sentence = f"the sheet says replicate_of {end}: its wells are called as sample {end}"
        findings.append(Finding(Level.INFO, "sample", sample, "replicates_joined", sentence))
    return names, findings


def _followed(sample: str, wanted: Mapping[str, set[str]]) -> tuple[str, str]:
    """Follow replicate_of to its end; return the end, or what is wrong."""
    seen = [sample]
    while others := wanted.get(seen[-1]):
        if len(others) > 1:
            return "", f"replicate_of names {' and '.join(sorted(others))}; called by itself"
        seen.append(next(iter(others)))
        if seen[-1] in seen[:-1]:
            return "", f"replicate_of runs in a circle ({' > '.join(seen)}); called by itself"
    return seen[-1], ""
