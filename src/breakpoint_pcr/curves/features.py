"""What is measured on a curve: numbers with a unit, no judgement.

A curve is a straight baseline, a take-off, a steepest rise and an end. Every feature that a class
hangs on is free of the fluorescence scale, of its offset and of a linear drift, except `tilt`,
which is the drift.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from breakpoint_pcr.curves.cleaning import Array, read_trace, without_spikes
from breakpoint_pcr.curves.growth import growth_per_cycle
from breakpoint_pcr.curves.limits import CurveLimits
from breakpoint_pcr.curves.smoothing import (
    peak,
    sharpest_bend,
    smoothed,
    smoothed_rise,
    straight_line,
)

# The baseline ends four cycles before the take-off, where an exponential of growth 2 is down to a
# sixteenth; a line needs five points for its scatter, so a very early curve shares some.
BEFORE_TAKEOFF = 4
LINE_POINTS = 5
# The exponential fit ends two cycles after the take-off; further on the growth slows down.
AFTER_TAKEOFF = 2
END_CYCLES = 3
# Resolution that is taken from any curve, relative to its amplitude: what the best optics reach.
NOISE_FLOOR = 1e-3
# Decimals kept of a curve scaled to 0..1, far below its noise: rounding errors cannot break ties.
DECIMALS = 10
# A range at the resolution of a double is the rounding of a constant.
FLAT = 2.0**-40
TINY = 1e-12
# A bend below this share of the usual one is no noise, but the rounding of a straight line.
FROZEN_SHARE = 0.05
# sd of normal noise / median absolute second difference: 1.4826 / sqrt(6).
SD_PER_MEDIAN_SECOND_DIFFERENCE = 0.6053


@dataclass(frozen=True, slots=True)
class CurveFeatures:
    """One value per curve, in input order; NaN where a curve is too short to be measured.

    In the curve's fluorescence unit: `intercept` (at cycle 0), `baseline_slope` (per cycle),
    `noise` (from cycle to cycle), `scatter` (noise and wandering of the baseline), `amplitude`
    (above the baseline), `height` (the same, but above the end of a baseline that falls: a line
    that falls on below a level curve shows no product), `arch` (highest point above the first
    cycle and the straight line from there to the last), `excursion` (range about the straight line
    through all cycles) and `corrected` (curves, cycles; above the
    baseline, smoothed). In cycles: `baseline_cycles`, `takeoff` (largest bend), `takeoff_ct` (the
    same from a longer window; NaN where it is not passed before the end) and `steepest` (largest
    slope), all three counted from 1, and `rise_cycles` (steepest slope / largest bend), `frozen`
    (last cycles on one line without noise). Without unit: the others. `clear` is 1 for a curve that
    can be the reference of others.
    """

    n_cycles: Array
    missing: Array
    gap: Array
    spikes: Array
    intercept: Array
    baseline_slope: Array
    baseline_cycles: Array
    noise: Array
    scatter: Array
    amplitude: Array
    height: Array
    slope_snr: Array
    takeoff: Array
    takeoff_ct: Array
    steepest: Array
    rise_cycles: Array
    growth: Array
    jump: Array
    plateau: Array
    hook: Array
    tilt: Array
    arch: Array
    excursion: Array
    frozen: Array
    clear: Array
    corrected: Array

    def take(self, indices: Sequence[int]) -> Self:
        """Return the features of some of the curves, in that order."""
        rows = np.asarray(indices, dtype=int)
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class _Baseline:
    """The straight line under each curve, and where and how it leaves it (indices from 0)."""

    intercept: Array
    slope: Array
    scatter: Array
    cycles: Array
    takeoff: Array
    bend: Array
    steepest: Array
    rise: Array


def measure_curves(values: Sequence[Sequence[float | None]], limits: CurveLimits) -> CurveFeatures:
    """Measure every curve.

    Args:
        values: Fluorescence per cycle, of any scale, raw or above a baseline; None, NaN and
            infinite are missing cycles. Lengths may differ.
        limits: The limits of the assay of these curves.
    """
    traces = [read_trace(row) for row in values]
    lengths = np.array([len(trace.values) for trace in traces], dtype=int)
    names = [field.name for field in fields(CurveFeatures)]
    found: dict[str, Array] = {name: np.full(len(traces), np.nan) for name in names}
    found["corrected"] = np.full((len(traces), int(lengths.max(initial=2))), np.nan)
    found["n_cycles"] = lengths.astype(float)
    found["missing"] = np.array([trace.missing for trace in traces], dtype=float)
    found["gap"] = np.array([trace.gap for trace in traces], dtype=float)
    enough = lengths - found["missing"] >= limits.cycles_min
    for length in np.unique(lengths[enough]):
        rows = np.flatnonzero(enough & (lengths == length))
        block = _measured(np.array([traces[row].values for row in rows]), limits)
        found["corrected"][rows, :length] = block.pop("corrected")
        for name, part in block.items():
            found[name][rows] = part
    return CurveFeatures(**found)


def reference_amplitude(features: CurveFeatures, indices: Sequence[int]) -> float | None:
    """Return the median amplitude of the clear curves among these; None where there is none."""
    rows = np.asarray(indices, dtype=int)
    amplitudes = features.amplitude[rows[features.clear[rows] == 1]]
    return float(np.median(amplitudes)) if len(amplitudes) else None


def _measured(curves: Array, limits: CurveLimits) -> dict[str, Array]:
    """Measure curves of one length, without gaps."""
    first = limits.first_baseline_cycle - 1
    mended, spikes = without_spikes(curves, first, limits.spike_noise)
    offset, scale, scaled = _scaled(mended)
    rest = scaled[:, first:]
    baseline = _baseline(rest)
    shape = _shape(rest, baseline)
    start = baseline.intercept - first * baseline.slope
    line = start[:, None] + baseline.slope[:, None] * np.arange(curves.shape[1])
    clear = (
        (shape["slope_snr"] >= limits.clear_slope_snr)
        & (shape["growth"] >= limits.growth_min)
        & (shape["growth"] <= limits.growth_max)
    )
    return shape | {
        "spikes": spikes.sum(axis=1).astype(float),
        "intercept": offset + scale * (start - baseline.slope),
        "baseline_slope": scale * baseline.slope,
        "baseline_cycles": baseline.cycles,
        "noise": scale * shape["noise"],
        "scatter": scale * shape["scatter"],
        "amplitude": scale * shape["amplitude"],
        "height": scale * shape["height"],
        "arch": scale * shape["arch"],
        "excursion": scale * shape["excursion"],
        "frozen": shape["frozen"],
        "takeoff": baseline.takeoff + first + 1,
        "takeoff_ct": sharpest_bend(rest, np.floor(baseline.steepest)) + first + 1,
        "steepest": baseline.steepest + first + 1,
        "clear": clear.astype(float),
        "corrected": scale[:, None] * (smoothed_rise(scaled) - line),
    }


def _scaled(curves: Array) -> tuple[Array, Array, Array]:
    """Bring each curve to 0..1, a constant one to 0; return offset, scale and the curves."""
    offset = curves.min(axis=1)
    scale = np.ptp(curves, axis=1)
    flat = scale <= np.abs(curves).max(axis=1) * FLAT
    shape = (curves - offset[:, None]) / np.where(flat, 1.0, scale)[:, None]
    shape = np.where(flat[:, None], 0.0, np.round(shape, DECIMALS))
    return offset, np.where(flat, 0.0, scale), shape


def _baseline(curves: Array) -> _Baseline:
    """Find line and take-off in two passes: each needs the other."""
    cycles = curves.shape[1]
    _, rise, bend = smoothed(curves)
    takeoff, _ = peak(bend, 2, np.full(len(curves), cycles - 3.0))
    takeoff = _baseline_pass(curves, rise, bend, takeoff).takeoff
    return _baseline_pass(curves, rise, bend, takeoff)


def _baseline_pass(curves: Array, rise: Array, bend: Array, takeoff: Array) -> _Baseline:
    """Fit the line up to a take-off, and look for the take-off above that line."""
    cycles = curves.shape[1]
    end = takeoff - BEFORE_TAKEOFF
    # The last cycle counts in part, so that a take-off a little later moves the line a little.
    weight = np.maximum(end, LINE_POINTS - 1)[:, None] - np.arange(cycles) + 1
    intercept, slope, scatter = straight_line(curves, np.clip(weight, 0.0, 1.0))
    steepest, height = peak(rise - slope[:, None], 2, np.full(len(curves), cycles - 2.0))
    count = np.maximum(np.floor(end) + 1, 0.0)
    takeoff, sharpest = peak(bend, 2, np.maximum(np.floor(steepest), 3.0))
    return _Baseline(intercept, slope, scatter, count, takeoff, sharpest, steepest, height)


def _shape(curves: Array, baseline: _Baseline) -> dict[str, Array]:
    """Measure what the classes hang on, in units of the scaled curve."""
    cycles = curves.shape[1]
    value, rise, _ = smoothed(curves)
    line = baseline.intercept[:, None] + baseline.slope[:, None] * np.arange(cycles)
    corrected, smooth = curves - line, value - line
    after = np.arange(cycles) >= np.floor(baseline.takeoff)[:, None]
    amplitude = np.where(after, smooth, -np.inf).max(axis=1)
    level = baseline.intercept + baseline.slope * np.maximum(baseline.cycles - 1, LINE_POINTS - 1)
    risen = np.where(after, value - level[:, None], -np.inf).max(axis=1)
    noise = np.maximum(_cycle_noise(curves), NOISE_FLOOR * np.abs(amplitude) + TINY)
    scatter = np.maximum(noise, baseline.scatter)
    beyond_doubling = corrected[:, 1:] - 2 * np.maximum(corrected[:, :-1], 0.0)
    final_rise = rise[:, -END_CYCLES:].mean(axis=1) - baseline.slope
    chord = value[:, :1] + (value[:, -1:] - value[:, :1]) * np.linspace(0, 1, cycles)
    fit_end = np.minimum(np.floor(baseline.takeoff) + AFTER_TAKEOFF, cycles - 1)
    return {
        "noise": noise,
        "scatter": scatter,
        "amplitude": amplitude,
        "height": np.minimum(amplitude, risen),
        "slope_snr": baseline.rise / scatter,
        "rise_cycles": _ratio(baseline.rise, baseline.bend),
        "growth": growth_per_cycle(curves, fit_end),
        "jump": _ratio(beyond_doubling.max(axis=1), amplitude),
        "plateau": 1 - _ratio(final_rise, baseline.rise),
        "hook": _ratio(amplitude - smooth[:, -1], amplitude),
        "excursion": _excursion(value),
        "frozen": _frozen(curves),
        "arch": (value - np.maximum(chord, value[:, :1])).max(axis=1),
        "tilt": _ratio(np.abs(baseline.slope) * (cycles - 1), amplitude),
    }


def _excursion(curves: Array) -> Array:
    """Return the range of each curve about the straight line through all of its cycles."""
    intercept, slope, _ = straight_line(curves, np.ones(curves.shape))
    return np.ptp(curves - intercept[:, None] - slope[:, None] * np.arange(curves.shape[1]), axis=1)


def _frozen(curves: Array) -> Array:
    """Return how many of the last cycles lie on one straight line, without any noise.

    Measured against the bends of the first half of the cycles. A detector at its end gives the same
    value again and again, and a baseline taken from it makes a straight line of that.
    """
    bends = np.abs(np.diff(curves, 2, axis=1))
    usual = np.median(bends[:, : curves.shape[1] // 2], axis=1)
    noisy = bends[:, ::-1] > FROZEN_SHARE * usual[:, None]
    run = np.where(noisy.any(axis=1), noisy.argmax(axis=1), 0)
    return np.where((run > 0) & (usual > 0), run + 2.0, 0.0)


def _ratio(part: Array, whole: Array) -> Array:
    """Divide; infinite where the whole is not positive, so that no limit is kept by chance."""
    positive = whole > TINY
    return np.where(positive, part / np.where(positive, whole, 1.0), np.inf)


def _cycle_noise(curves: Array) -> Array:
    """Return the noise from cycle to cycle; the few bends of a curve do not move a median."""
    bends = np.abs(np.diff(curves, 2, axis=1))
    return SD_PER_MEDIAN_SECOND_DIFFERENCE * np.median(bends, axis=1)
