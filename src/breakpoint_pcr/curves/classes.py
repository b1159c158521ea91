"""How a curve looks: standard, none, or review with reasons. Each rule is one inequality."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np

from breakpoint_pcr.curves.cleaning import READABLE_MAX, Array, Flags
from breakpoint_pcr.curves.ct import crossing
from breakpoint_pcr.curves.features import CurveFeatures
from breakpoint_pcr.curves.limits import CurveLimits
from breakpoint_pcr.tables import CurveClass

# A low threshold is crossed before the take-off, but not earlier than this many cycles.
CROSSING_BEFORE_TAKEOFF = 8
DIGITS = 6


class Reason(StrEnum):
    """Why a curve is not standard."""

    TOO_FEW_CYCLES = "too few cycles"
    NO_RISE = "no rise"
    NO_PRODUCT = "no product"
    WEAK = "weak"
    MISSING_CYCLES = "missing cycles"
    LOW_EFFICIENCY = "low efficiency"
    JUMP = "jump"
    SLOW_RISE = "slow rise"
    NO_BASELINE = "no baseline"
    NO_PLATEAU = "no plateau"
    HOOK = "hook"
    TILTED_BASELINE = "tilted baseline"


# What no amplification does: after it, the cycle at which a level is crossed is not the product's.
DISTURBED = frozenset({Reason.JUMP, Reason.HOOK, Reason.MISSING_CYCLES, Reason.TILTED_BASELINE})


class Note(StrEnum):
    """What else a reader of the curve should know; it changes no class."""

    SPIKE = "spike removed"
    FILLED = "missing cycles filled"
    PLATEAU_NOT_REACHED = "plateau not reached"


@dataclass(frozen=True, slots=True)
class JudgedCurve:
    """A curve's class, why, what a reader should know, its Cts and the numbers behind them.

    `ct_own` is the cycle at which the curve crosses its level; `ct_takeoff` that of the largest
    bend, which needs no level and no baseline, None where the run ends before it is passed. Both
    are None for a curve of class none, or too short to be measured. `values` are the cells of
    features.tsv.
    """

    curve: CurveClass
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    ct_own: float | None
    ct_takeoff: float | None
    values: Mapping[str, str]


def judge_curves(
    features: CurveFeatures,
    *,
    reference_amplitudes: Sequence[float | None],
    levels: Sequence[float | None],
    limits: CurveLimits,
) -> list[JudgedCurve]:
    """Judge every curve, and find where it crosses its level.

    Args:
        features: What was measured.
        reference_amplitudes: Amplitude of the positive control of the same assay in the curve's
            fluorescence unit; None where there is none: the height is then not judged.
        levels: Height above the baseline at which Ct is read, in the same unit; None: the fraction
            `own_ct_fraction` of the reference amplitude, or of the curve's own without one.
        limits: The limits of the assay of these curves.
    """
    reference = _positive(reference_amplitudes)
    level = _positive(levels)
    own_level = np.where(np.isnan(reference), features.amplitude, reference)
    level = np.where(np.isnan(level), limits.own_ct_fraction * own_level, level)
    level = np.where(level > 0, level, np.nan)
    ct = crossing(features.corrected, level, features.takeoff - CROSSING_BEFORE_TAKEOFF)
    rules = _rules(features, reference, limits)
    columns = _columns(features) | {"level": level, "reference": reference}
    cells = zip(*(_cells(column) for column in columns.values()), strict=True)
    return [
        _judged(
            tuple(reason for reason, broken in rules.items() if broken[row]),
            _notes(features, row, limits),
            (float(ct[row]), float(features.takeoff_ct[row])),
            dict(zip(columns, values, strict=True)),
        )
        for row, values in enumerate(cells)
    ]


def standard_curves(
    features: CurveFeatures, reference_amplitudes: Sequence[float | None], limits: CurveLimits
) -> Flags:
    """Tell which curves no rule stops: those that `judge_curves` calls standard."""
    rules = _rules(features, _positive(reference_amplitudes), limits)
    return ~np.any(list(rules.values()), axis=0)


def _positive(numbers: Sequence[float | None]) -> Array:
    """Return the numbers; NaN where one is missing or cannot be a height of fluorescence."""
    found = np.array(numbers, dtype=float)
    return np.where((found > 1 / READABLE_MAX) & (found < READABLE_MAX), found, np.nan)


def _rules(features: CurveFeatures, reference: Array, limits: CurveLimits) -> dict[Reason, Flags]:
    """Return for each reason which curves it holds for; comparisons with NaN are false."""
    f = features
    share = f.amplitude / reference
    no_baseline = f.baseline_cycles < limits.baseline_cycles_min
    shape = {
        Reason.MISSING_CYCLES: f.gap > limits.gap_max,
        Reason.LOW_EFFICIENCY: f.growth < limits.growth_min,
        Reason.JUMP: (f.jump > limits.jump_max)
        | (f.growth > limits.growth_max)
        | (f.rise_cycles < limits.rise_cycles_min),
        Reason.SLOW_RISE: f.rise_cycles > limits.rise_cycles_max,
        Reason.NO_BASELINE: no_baseline,
        Reason.NO_PLATEAU: (f.plateau < limits.plateau_min)
        & (f.n_cycles - f.takeoff >= limits.plateau_room),
        Reason.HOOK: f.hook > limits.hook_max,
        Reason.TILTED_BASELINE: f.tilt > limits.tilt_max,
    }
    low = f.height < limits.amplitude_none * reference
    misshapen = np.any(list(shape.values()), axis=0)
    # A product that is there from the first cycles has no baseline to be measured against.
    early = no_baseline & (f.arch >= limits.arch_snr_min * f.noise)
    early &= ~(f.arch < limits.amplitude_min * reference)
    flat = (f.slope_snr < limits.slope_snr_none) | (f.amplitude <= 0)
    weak = f.slope_snr < limits.slope_snr_min
    # Drift has no baseline either, but it neither grows nor bows.
    bowed = f.arch >= limits.slope_snr_min * f.noise
    flat |= no_baseline & weak & ~bowed & (f.growth < limits.growth_min)
    # Nor is a curve that leaves its own line by the height of a product: a step, a wave or a hook
    # may hide one.
    disturbed = f.excursion >= limits.amplitude_min * reference
    disturbed &= f.excursion >= limits.arch_snr_min * f.noise
    # And a detector that has come to its end shows none, either.
    disturbed |= f.frozen >= limits.frozen_cycles
    return {
        Reason.TOO_FEW_CYCLES: np.isnan(f.amplitude),
        Reason.NO_RISE: flat & ~early & ~disturbed,
        # A flawless curve is never none for its height alone: the reference may be wrong.
        Reason.NO_PRODUCT: low & misshapen & ~early & ~disturbed,
        Reason.WEAK: (share < limits.amplitude_min) | weak | flat,
    } | shape


def _judged(
    reasons: tuple[Reason, ...],
    notes: tuple[Note, ...],
    cts: tuple[float, float],
    values: Mapping[str, str],
) -> JudgedCurve:
    """Weigh the reasons: what makes a curve none outweighs what makes it review."""
    if Reason.TOO_FEW_CYCLES in reasons:
        return JudgedCurve(CurveClass.REVIEW, (Reason.TOO_FEW_CYCLES,), notes, None, None, values)
    for reason in (Reason.NO_RISE, Reason.NO_PRODUCT):
        if reason in reasons:
            return JudgedCurve(CurveClass.NONE, (reason,), notes, None, None, values)
    own, takeoff = (ct if isfinite(ct) else None for ct in cts)
    curve = CurveClass.REVIEW if reasons else CurveClass.STANDARD
    return JudgedCurve(curve, reasons, notes, own, takeoff, values)


def _notes(features: CurveFeatures, row: int, limits: CurveLimits) -> tuple[Note, ...]:
    rises = features.slope_snr[row] >= limits.slope_snr_min
    noted = {
        Note.SPIKE: features.spikes[row] > 0,
        Note.FILLED: features.missing[row] > 0,
        Note.PLATEAU_NOT_REACHED: rises and features.plateau[row] < limits.plateau_min,
    }
    return tuple(note for note, holds in noted.items() if holds)


def _columns(features: CurveFeatures) -> dict[str, Array]:
    """Return the columns of features.tsv."""
    return {
        "n_cycles": features.n_cycles,
        "missing": features.missing,
        "spikes": features.spikes,
        "baseline_intercept": features.intercept,
        "baseline_slope": features.baseline_slope,
        "baseline_cycles": features.baseline_cycles,
        "noise": features.noise,
        "scatter": features.scatter,
        "amplitude": features.amplitude,
        "height": features.height,
        "slope_snr": features.slope_snr,
        "takeoff": features.takeoff,
        "takeoff_ct": features.takeoff_ct,
        "steepest": features.steepest,
        "rise_cycles": features.rise_cycles,
        "growth": features.growth,
        "jump": features.jump,
        "plateau": features.plateau,
        "hook": features.hook,
        "tilt": features.tilt,
        "arch": features.arch,
        "excursion": features.excursion,
        "frozen": features.frozen,
    }


def _cells(column: Array) -> list[str]:
    return [f"{number:.{DIGITS}g}" if isfinite(number) else "" for number in column.tolist()]
