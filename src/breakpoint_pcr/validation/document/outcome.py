"""What the study came to, beside the targets that it was made for.

The targets are those of the project (no wrong call in 10,000 samples, fewer than 3 % inconclusive
on clean plates). They stand here and not in the config, so that nobody moves them to meet them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from breakpoint_pcr.statistics.agreement import Share, share_of
from breakpoint_pcr.validation.rows import CLEAN, Result, StudySample

WRONG_ASKED = 0
SAMPLES_ASKED = 10_000
INCONCLUSIVE_BELOW = 0.03
# What can miss, in the order in which it is said.
TARGETS = ("wrong", "size", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Counts against targets.

    `samples` are those of the arms with a target, `definite` those of them that are right or wrong;
    `rule_of_three` is the upper limit of the share of wrong calls where there was none.
    """

    samples: int
    definite: int
    wrong: Share | None
    rule_of_three: float | None
    clean: int
    clean_invalid: int
    inconclusive: Share | None

    @property
    def met(self) -> dict[str, bool]:
        """Whether each target is met; without samples none is."""
        return {
            "wrong": self.wrong is not None and self.wrong.count == WRONG_ASKED,
            "size": self.samples >= SAMPLES_ASKED,
            "open": self.inconclusive is not None and self.inconclusive.share < INCONCLUSIVE_BELOW,
        }

    @property
    def missed(self) -> list[str]:
        """The targets that are not met."""
        return [name for name in TARGETS if not self.met[name]]


def outcome_of(samples: Sequence[StudySample], *, confidence: float) -> Outcome:
    """Count the study's samples."""
    targeted = [s for s in samples if s.target]
    clean = [s for s in targeted if s.arm == CLEAN]
    wrong = count(targeted, Result.WRONG)
    return Outcome(
        samples=len(targeted),
        definite=wrong + count(targeted, Result.RIGHT),
        wrong=share_of(wrong, len(targeted), confidence=confidence),
        rule_of_three=None if wrong else rule_of_three(len(targeted), confidence),
        clean=len(clean),
        clean_invalid=count(clean, Result.INVALID),
        inconclusive=share_of(count(clean, Result.INCONCLUSIVE), len(clean), confidence=confidence),
    )


def rule_of_three(samples: int, confidence: float) -> float | None:
    """Return the upper limit of a share of which none was seen: about 3 / n at 95 %.

    Hanley and Lippman-Hand 1983, doi 10.1001/jama.1983.03330370053031.
    """
    return min(1.0, -log(1 - confidence) / samples) if samples else None


def count(samples: Iterable[StudySample], result: Result) -> int:
    """Return how many samples have this result."""
    return sum(sample.result is result for sample in samples)
