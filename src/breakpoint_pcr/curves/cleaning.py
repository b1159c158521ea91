"""From exported fluorescence to curves without gaps and spikes; what was mended is counted.

Both steps commute with a change of scale, an offset and a linear drift, so that the same curve is
mended in the same way whatever its units and its baseline are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# A number of this size is not a fluorescence; its square would leave the range of a double.
READABLE_MAX = 1e150
# sd of normal noise / mean absolute second difference: sqrt(pi / 2) / sqrt(6).
SD_PER_SECOND_DIFFERENCE = 0.5117
# No PCR more than doubles: the last step is at most about twice the largest one before it.
LAST_RISE_MAX = 4
# Steps around a cycle whose median is the slope of the curve there; a spike disturbs two of them.
TREND_STEPS = 5
# A second look, when the largest spikes no longer count as noise.
SPIKE_PASSES = 2


@dataclass(frozen=True, slots=True)
class Trace:
    """One exported curve; `values` ends at the last cycle that was read."""

    values: Array
    missing: int
    gap: int


def read_trace(values: Sequence[float | None]) -> Trace:
    """Fill missing cycles by straight lines; cells after the last value are no cycles.

    Args:
        values: Fluorescence per cycle; None, NaN and infinite are missing.

    Returns:
        The finite values, how many were filled and the longest run of those.
    """
    raw = np.array(values, dtype=float)
    known = np.abs(raw) < READABLE_MAX
    places = np.flatnonzero(known)
    if not len(places):
        return Trace(np.zeros(0), 0, 0)
    length = int(places[-1]) + 1
    if len(places) == length:
        return Trace(raw[:length], 0, 0)
    edges = np.concatenate([[-1], places])
    filled = np.interp(np.arange(length), places, raw[places])
    return Trace(filled, length - len(places), int(np.diff(edges).max()) - 1)


def without_spikes(curves: Array, first: int, limit: float) -> tuple[Array, Flags]:
    """Replace single cycles that stand off from both neighbours.

    Amplification goes one way, so a cycle that lies above both neighbours, or below both, by more
    than noise and slope allow is the instrument's: a bubble, a lamp flash.

    Args:
        curves: (curves, cycles), without gaps.
        first: Index of the first cycle that is looked at.
        limit: Least distance from the nearer neighbour in units of the curve's noise.

    Returns:
        The curves with each spike replaced by the mean of its neighbours, and where spikes were.
    """
    mended, spikes = curves, np.zeros(curves.shape, dtype=bool)
    for _ in range(SPIKE_PASSES):
        found = _spikes(mended, first, limit)
        mended, spikes = _bridged(mended, found), spikes | found
    return mended, spikes


def _spikes(curves: Array, first: int, limit: float) -> Flags:
    """Find the cycles that stand off; of two in a row the one that stands off further."""
    rise = np.diff(curves, axis=1)
    nearby = np.median(sliding_window_view(rise, TREND_STEPS, axis=1), axis=2)
    step = rise - np.pad(nearby, ((0, 0), (TREND_STEPS // 2,) * 2), mode="edge")
    bends = np.abs(np.diff(curves[:, first:], 2, axis=1))
    noise = SD_PER_SECOND_DIFFERENCE * bends.mean(axis=1)
    into, out_of = step[:, :-1], -step[:, 1:]
    off = np.where(into * out_of > 0, np.minimum(np.abs(into), np.abs(out_of)), 0.0)
    off = np.pad(off, ((0, 0), (1, 1)))
    off[:, :first] = 0.0
    rise = np.abs(rise - np.median(rise[:, first:], axis=1, keepdims=True))
    sudden = rise[:, -1] > LAST_RISE_MAX * rise[:, first:-1].max(axis=1)
    off[:, -1] = np.where(sudden, np.abs(step[:, -1]), 0.0)
    neighbour = np.maximum(np.roll(off, 1, axis=1), np.roll(off, -1, axis=1))
    return (off > limit * noise[:, None]) & (off >= neighbour)


def _bridged(curves: Array, spikes: Flags) -> Array:
    """Put the mean of the neighbours at each spike; at the last cycle the value before."""
    right = np.concatenate([curves[:, 1:], curves[:, -2:-1]], axis=1)
    return np.where(spikes, (np.roll(curves, 1, axis=1) + right) / 2, curves)
