"""Where a baseline-corrected curve crosses a level."""

import numpy as np

from breakpoint_pcr.curves.cleaning import Array

# Growth per cycle beyond which the cycle before the crossing is taken as lost in noise.
GROWTH_MAX = 4.0


def crossing(corrected: Array, level: Array, start: Array) -> Array:
    """Return the Ct: the cycle, counted from 1, at which each curve crosses its level for good.

    The first upward crossing after `start` after which the next cycle is above, too; between two
    cycles amplification is a straight line in the logarithm.

    Args:
        corrected: (curves, cycles) above the baseline, NaN after the last cycle.
        level: Level of each curve in the same unit, above 0; NaN: none.
        start: Cycle, counted from 1, before which a crossing is noise.

    Returns:
        The Ct in cycles; NaN where there is no crossing.
    """
    above = corrected >= level[:, None]
    stays = above[:, 1:] & ~above[:, :-1]
    stays[:, :-1] &= above[:, 2:] | np.isnan(corrected[:, 2:])
    stays &= np.arange(2, corrected.shape[1] + 1) >= start[:, None]
    rows = np.flatnonzero(stays.any(axis=1))
    before = stays[rows].argmax(axis=1)
    high = corrected[rows, before + 1]
    low = np.maximum(corrected[rows, before], high / GROWTH_MAX)
    ct = np.full(len(corrected), np.nan)
    part = np.log(level[rows] / low) / np.log(high / low)
    ct[rows] = before + 1 + np.maximum(part, 0.0)
    return ct
