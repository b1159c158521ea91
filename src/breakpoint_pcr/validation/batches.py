"""How the simulated study is cut into jobs."""

from collections.abc import Mapping
from typing import Any

# The plates on which limits are moved are a batch like any other.
LIMITS = "limits"


def batch_names(study: Mapping[str, Any]) -> list[str]:
    """Return the names of the batches, in order.

    Args:
        study: Section `validation` of the config.
    """
    count = -(-study["samples"] // study["samples_per_batch"])
    digits = len(str(count))
    return [*(f"{number:0{digits}d}" for number in range(1, count + 1)), LIMITS]


def batch_samples(batch: str, study: Mapping[str, Any]) -> int:
    """Return how many samples a batch has: the last one of those with a number has the rest."""
    if batch == LIMITS:
        return study["limit_samples"]
    before = (int(batch) - 1) * study["samples_per_batch"]
    return min(study["samples_per_batch"], study["samples"] - before)
