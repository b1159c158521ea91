"""Slopes, bends, lines and peaks of many curves at once.

Sums run within each curve, in a fixed order, never through a matrix product of the linear algebra
library: so the last digit of a result does not depend on which other curves are on the plate.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from breakpoint_pcr.curves.cleaning import Array, Flags

# Cycles per local parabola. A bend needs a longer window than a slope: its noise falls with the
# power 2.5 of the length, that of a slope with 1.5.
SLOPE_WINDOW = 5
BEND_WINDOW = 7


def smoothed(curves: Array) -> tuple[Array, Array, Array]:
    """Return smoothed curves, their slope and their bend (second derivative) per cycle.

    Savitzky-Golay filters of second order, doi 10.1021/ac60214a047; each (curves, cycles).
    """
    value, slope, _ = _parabolas(curves, SLOPE_WINDOW)
    return value, slope, _parabolas(curves, BEND_WINDOW)[2]


def _parabolas(curves: Array, window: int) -> tuple[Array, Array, Array]:
    """Fit a parabola around each cycle; return its value, first and second derivative there.

    At the ends the nearest full window is used.
    """
    middle = window // 2
    fit = np.linalg.pinv(np.vander(np.arange(window) - middle, 3, increasing=True))
    windows = sliding_window_view(curves, window, axis=1)
    cycle = np.arange(curves.shape[1])
    start = np.clip(cycle - middle, 0, len(cycle) - window)
    level, slope, half_bend = np.einsum("mkw,cw->cmk", windows, fit)[:, :, start]
    place = cycle - start - middle
    value = level + slope * place + half_bend * place**2
    return value, slope + 2 * half_bend * place, 2 * half_bend


def straight_line(curves: Array, used: Flags) -> tuple[Array, Array, Array]:
    """Fit a line through the used cycles of each curve.

    Returns:
        Intercept at index 0, slope per cycle, and standard deviation of the residuals.
    """
    weight = used.astype(float)
    count = weight.sum(axis=1)
    place = np.arange(curves.shape[1], dtype=float)
    middle = (weight * place).sum(axis=1) / count
    mean = (weight * curves).sum(axis=1) / count
    distance = weight * (place - middle[:, None])
    slope = (distance * curves).sum(axis=1) / (distance**2).sum(axis=1)
    intercept = mean - slope * middle
    residual = weight * (curves - intercept[:, None] - slope[:, None] * place)
    scatter = np.sqrt((residual**2).sum(axis=1) / (count - 2))
    return intercept, slope, scatter


def peak(rows: Array, first: int, last: Array) -> tuple[Array, Array]:
    """Find the highest place of each row from index `first` to `last`.

    Returns:
        Its place, refined by a parabola through the neighbours, and its height.
    """
    cycles = rows.shape[1]
    place = np.arange(cycles)
    allowed = (place >= first) & (place <= last[:, None])
    top = np.where(allowed, rows, -np.inf).argmax(axis=1)
    inner = np.clip(top, 1, cycles - 2)
    row = np.arange(len(rows))
    left, middle, right = rows[row, inner - 1], rows[row, inner], rows[row, inner + 1]
    bend = left - 2 * middle + right
    peaked = (bend < 0) & (top == inner)
    shift = np.where(peaked, (left - right) / (2 * np.where(peaked, bend, 1.0)), 0.0)
    return top + np.clip(shift, -0.5, 0.5), rows[row, top]
