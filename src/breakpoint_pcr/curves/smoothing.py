"""Slopes, bends, lines and peaks of many curves at once.

Sums run within each curve, in a fixed order, never through a matrix product of the linear algebra
library: so the last digit of a result does not depend on which other curves are on the plate.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from breakpoint_pcr.curves.cleaning import Array

# Cycles per local parabola. A bend needs a longer window than a slope: its noise falls with the
# power 2.5 of the length, that of a slope with 1.5.
SLOPE_WINDOW = 5
BEND_WINDOW = 7
# Cycles of the local fits that a Ct is read from: they are for precision, the others for shape.
TAKEOFF_WINDOW = 9
RISE_WINDOW = 5
# Growth per cycle of the exponential in the local fit of a rise.
RISE_GROWTH = 1.8


def smoothed(curves: Array) -> tuple[Array, Array, Array]:
    """Return smoothed curves, their slope and their bend (second derivative) per cycle.

    Savitzky-Golay filters of second order, doi 10.1021/ac60214a047; each (curves, cycles).
    """
    value, slope, _ = parabolas(curves, SLOPE_WINDOW)
    return value, slope, parabolas(curves, BEND_WINDOW)[2]


def parabolas(curves: Array, window: int) -> tuple[Array, Array, Array]:
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


def smoothed_rise(curves: Array) -> Array:
    """Return curves (curves, cycles) smoothed so that the foot of a rise stays where it is.

    What is fitted around each cycle is a line and an exponential. A parabola of the same length
    would flatten the foot, and shift a Ct by up to 0.03 cycles.
    """
    middle = RISE_WINDOW // 2
    place = np.arange(RISE_WINDOW) - middle
    shapes = np.stack([np.ones(RISE_WINDOW), place, RISE_GROWTH**place], axis=1)
    windows = sliding_window_view(curves, RISE_WINDOW, axis=1)
    fitted = np.einsum("mkw,cw->ckm", windows, shapes @ np.linalg.pinv(shapes))
    cycle = np.arange(curves.shape[1])
    start = np.clip(cycle - middle, 0, len(cycle) - RISE_WINDOW)
    return fitted[cycle - start, start].T


def sharpest_bend(curves: Array, last: Array) -> Array:
    """Return the index of the largest bend up to index `last`, as precise as a Ct should be.

    NaN where the bend is largest in the first or the last full window: it may lie beyond.
    """
    middle = TAKEOFF_WINDOW // 2
    end = curves.shape[1] - 1.0 - middle
    bend = parabolas(curves, TAKEOFF_WINDOW)[2]
    place, _ = peak(bend, middle, np.clip(last, middle, end))
    return np.where((place > middle) & (place < end), place, np.nan)


def straight_line(curves: Array, weight: Array) -> tuple[Array, Array, Array]:
    """Fit a line to each curve by weighted least squares; weights (curves, cycles) are 0 to 1.

    Returns:
        Intercept at index 0, slope per cycle, and standard deviation of the residuals.
    """
    count = weight.sum(axis=1)
    place = np.arange(curves.shape[1], dtype=float)
    middle = (weight * place).sum(axis=1) / count
    mean = (weight * curves).sum(axis=1) / count
    distance = place - middle[:, None]
    slope = (weight * distance * curves).sum(axis=1) / (weight * distance**2).sum(axis=1)
    intercept = mean - slope * middle
    residual = curves - intercept[:, None] - slope[:, None] * place
    scatter = np.sqrt((weight * residual**2).sum(axis=1) / (count - 2))
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
