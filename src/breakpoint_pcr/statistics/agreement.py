"""Shares of a count with their limits: agreement, sensitivity, specificity, hit rates.

Wilson's interval (1927, doi 10.1080/01621459.1927.10502953), as CLSI EP12 takes it for positive and
negative percent agreement. It takes the counted things as independent of each other.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`, their share, and its confidence limits."""

    count: int
    total: int
    share: float
    low: float
    high: float


def share_of(count: int, total: int, *, confidence: float) -> Share | None:
    """Return the share with its Wilson limits; None where there is nothing to share.

    Raises:
        ValueError: The count is negative or above the total.
    """
    if total == count == 0:
        return None
    low, high = wilson_interval(count, total, confidence)
    return Share(count, total, count / total, low, high)


def wilson_interval(count: int, total: int, confidence: float) -> tuple[float, float]:
    """Return the Wilson limits of count / total; `confidence` is as 0.95.

    Raises:
        ValueError: The total is 0, or the count negative or above it.
    """
    if not 0 <= count <= total or not total:
        raise ValueError(f"{count} of {total} is no share")
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415  (1.4 s)

    limits: Any = proportion_confint(count, total, alpha=1 - confidence, method="wilson")
    low, high = map(float, limits)
    # Exact at the ends, where rounding would leave 1e-17 or just below 1.
    return (low if count else 0.0, high if count < total else 1.0)
