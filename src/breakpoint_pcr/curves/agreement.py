"""How a rule agrees with people: accuracy, its interval, the worst groups, one group left out.

A group (a plate, a gene, a person's ratings) is resampled or left out as a whole, because its
curves resemble each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from breakpoint_pcr.curves.classes import standard_curves
from breakpoint_pcr.curves.cleaning import Array, Flags
from breakpoint_pcr.curves.features import CurveFeatures
from breakpoint_pcr.curves.labelled import NEGATIVE, POSITIVE, Labelled, data_set_references
from breakpoint_pcr.curves.limits import CurveLimits

RESAMPLINGS = 2000
SEED = 1
LABELLED_MIN = 10
# The limits that decide on these curves, and the factors by which each is moved.
MOVED = ("slope_snr_min", "amplitude_min", "growth_min", "baseline_cycles_min", "tilt_max")
FACTORS = (1.0, 0.8, 1.2)
# A 95 % interval is so many standard errors wide.
SE_PER_INTERVAL = 3.92


@dataclass(frozen=True, slots=True)
class Score:
    """How often a rule says positive to positives, and not positive to negatives."""

    sensitivity: float
    specificity: float
    low: float
    high: float

    @property
    def balanced(self) -> float:
        """Balanced accuracy."""
        return (self.sensitivity + self.specificity) / 2


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Groups scored by limits that were picked without them.

    `best`: by the limits that suit the other groups best; `steady`: by the configured limits where
    those suit the others as well within one standard error, else by the best; `dependent` are the
    groups that the best limits judge in another way than the configured ones. `lowest` is the least
    balanced accuracy of the configured limits without one group, `without` that group.
    """

    best: Score
    steady: Score
    dependent: list[str]
    lowest: float
    without: str


def score(data: Labelled, positive: Flags) -> Score:
    """Score a rule; the interval resamples whole groups."""
    counts = group_counts(data, positive)
    random = np.random.default_rng(SEED)
    draws = random.integers(0, len(counts), (RESAMPLINGS, len(counts)))
    sums = counts[draws].sum(axis=1)
    sums = sums[(sums[:, 1] > 0) & (sums[:, 3] > 0)]
    low, high = np.quantile(_balanced(sums), [0.025, 0.975]) if len(sums) else (np.nan, np.nan)
    right_y, all_y, right_n, all_n = counts.sum(axis=0)
    return Score(right_y / max(all_y, 1), right_n / max(all_n, 1), float(low), float(high))


def group_counts(data: Labelled, positive: Flags) -> Array:
    """Return per group: right and all positives, right and all negatives."""
    names = np.array(data.group, dtype=object)
    yes, no = data.label == POSITIVE, data.label == NEGATIVE
    columns = (yes & positive, yes, no & ~positive, no)
    groups = [names == name for name in dict.fromkeys(data.group)]
    return np.array([[float((part & group).sum()) for part in columns] for group in groups])


def worst_groups(data: Labelled, positive: Flags) -> list[tuple[float, str, int]]:
    """Return share of agreement, name and labelled curves of each group, the worst first."""
    shares = [
        ((right_y + right_n) / (all_y + all_n), name, int(all_y + all_n))
        for name, (right_y, all_y, right_n, all_n) in zip(
            dict.fromkeys(data.group), group_counts(data, positive).tolist(), strict=True
        )
        if all_y + all_n >= LABELLED_MIN
    ]
    return sorted(shares)


def left_out(data: Labelled, features: CurveFeatures, limits: CurveLimits) -> LeftOut:
    """Score each group by limits that were picked on all others.

    Every combination of MOVED times FACTORS is tried; of equal ones the first counts, in which the
    limits are moved least. What is measured on a curve depends on none of these limits.
    """
    references = data_set_references(data, features)
    said = np.array([standard_curves(features, references, moved) for moved in _moved(limits)])
    counts = np.array([group_counts(data, standard) for standard in said])
    others = _balanced(counts.sum(axis=1, keepdims=True) - counts)
    names = list(dict.fromkeys(data.group))
    group = np.array([names.index(name) for name in data.group])
    curve = np.arange(len(group))
    picked = others.argmax(axis=0)
    configured = score(data, said[0])
    error = (configured.high - configured.low) / SE_PER_INTERVAL
    steady = np.where(others.max(axis=0) - others[0] > error, picked, 0)
    best = said[picked[group], curve]
    lowest = int(others[0].argmin())
    return LeftOut(
        score(data, best),
        score(data, said[steady[group], curve]),
        [name for name in names if (best != said[0])[group == names.index(name)].any()],
        float(others[0, lowest]),
        names[lowest],
    )


def _moved(limits: CurveLimits) -> Iterator[CurveLimits]:
    """Yield the limits as they are, then moved, the fewest first."""
    for factors in sorted(product(FACTORS, repeat=len(MOVED)), key=_number_moved):
        changed = {
            name: factor * getattr(limits, name)
            for name, factor in zip(MOVED, factors, strict=True)
        }
        yield replace(limits, **changed)


def _number_moved(factors: tuple[float, ...]) -> int:
    return sum(factor != 1 for factor in factors)


def _balanced(counts: Array) -> Array:
    """Return the balanced accuracy from (..., right and all positives, right and all negatives)."""
    right_y, all_y, right_n, all_n = np.moveaxis(counts, -1, 0)
    return (right_y / np.maximum(all_y, 1) + right_n / np.maximum(all_n, 1)) / 2
