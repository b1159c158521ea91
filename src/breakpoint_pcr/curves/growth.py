"""Growth per cycle at the take-off: an exponential on a straight line, fitted to each curve.

From the baseline to just after the take-off a PCR curve is a + b t + c g^t with g between 1 and 2;
drift, waves and evaporation bend more slowly and give a small g. Line and exponential are fitted
together, so the baseline need not be known first. A logistic curve, whose growth falls towards
its plateau, gives less than its initial growth: 1.4 for an initial 1.6, 1.7 for an initial 2.
"""

from functools import cache

import numpy as np

from breakpoint_pcr.curves.cleaning import Array

# Growths that are tried. Above 2 lies what noise makes of a sharp take-off, and what is no PCR.
GROWTHS = np.arange(1.02, 2.61, 0.02)
PARAMETERS = 4
DOUBLING = 2.0
# Cycles up to the end of the fit that are not among the first of a run.
SETTLED = 16


@cache
def _directions(cycles: int) -> tuple[Array, Array]:
    """Return the unit vectors of the fits that end at each cycle.

    Returns:
        (ends, 2, cycles): the straight line; (ends, growths, cycles): what the exponential adds.
    """
    lines = np.zeros((cycles, 2, cycles))
    powers = np.zeros((cycles, len(GROWTHS), cycles))
    for end in range(PARAMETERS, cycles):
        place = np.arange(end + 1) - end
        line = np.stack([np.ones(end + 1), place - place.mean()])
        line /= np.linalg.norm(line, axis=1, keepdims=True)
        power = GROWTHS[:, None] ** place
        power -= power @ line.T @ line
        lines[end, :, : end + 1] = line
        powers[end, :, : end + 1] = power / np.linalg.norm(power, axis=1, keepdims=True)
    return lines, powers


def growth_per_cycle(curves: Array, ends: Array) -> Array:
    """Return the growth per cycle that the cycles up to `ends` show.

    It is fitted to all of them and to the last SETTLED of them, because the first cycles of a run
    may still settle, and bend the line; of both the one counts that is nearer to doubling.

    Args:
        curves: (curves, cycles), from the first baseline cycle on.
        ends: Index of the last cycle of each fit.
    """
    whole = _least_growths(curves, ends)
    settled = whole.copy()
    rows = np.flatnonzero(ends >= SETTLED)
    cycles = (ends[rows].astype(int) - SETTLED + 1)[:, None] + np.arange(SETTLED)
    late = np.take_along_axis(curves[rows], cycles, axis=1)
    settled[rows] = _least_growths(late, np.full(len(rows), SETTLED - 1.0))
    return np.clip(DOUBLING, np.minimum(whole, settled), np.maximum(whole, settled))


def _least_growths(curves: Array, ends: Array) -> Array:
    """Return the least growth per cycle that fits each curve up to `ends`.

    Least: the lower bound at one standard error, where the residual sum of squares exceeds its
    minimum by one part in the degrees of freedom. What noise leaves open counts as not shown.
    """
    found = np.empty(len(curves))
    lines, powers = _directions(curves.shape[1])
    for last in np.unique(ends.astype(int)):
        rows = np.flatnonzero(ends == last)
        level = curves[rows, : last + 1] - curves[rows, :1]
        along_line = np.einsum("kn,mn->mk", lines[last, :, : last + 1], level)
        along_power = np.einsum("gn,mn->mg", powers[last, :, : last + 1], level)
        around_line = (level**2).sum(axis=1) - (along_line**2).sum(axis=1)
        residual = np.maximum(around_line[:, None] - np.maximum(along_power, 0.0) ** 2, 0.0)
        bound = residual.min(axis=1) * (1 + 1 / max(last + 1 - PARAMETERS, 1))
        found[rows] = GROWTHS[(residual <= bound[:, None]).argmax(axis=1)]
    return found
