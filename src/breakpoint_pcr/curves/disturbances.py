"""What instruments and tubes add to a curve without a product, put onto real quiet curves.

Each disturbance takes curves (curves, cycles), a size and a random generator. The size is in the
unit of the curves for those of HEIGHTS, a bare number for those of DAMAGES.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from breakpoint_pcr.curves.classes import JudgedCurve, Note, judge_curves
from breakpoint_pcr.curves.cleaning import Array
from breakpoint_pcr.curves.features import CurveFeatures, measure_curves
from breakpoint_pcr.curves.labelled import NEGATIVE, Labelled, data_set_references
from breakpoint_pcr.curves.limits import CurveLimits
from breakpoint_pcr.tables import CurveClass

Disturbance = Callable[[Array, float, np.random.Generator], Array]
SIZES = (0.1, 0.3, 1.0)
SEED = 7
# A quiet curve is labelled negative and reaches less than this part of the reference amplitude.
QUIET_MAX = 0.1
# Saturation: the detector's ceiling in parts of the drift that runs into it.
CEILING = 0.7
# sd in cycles of a bubble that comes and goes.
BUBBLE_SD = 3.0
# At size 1: cycles lost at random, cycles on either side of a gap, and the factor of a wrong scale.
LOST, GAP, SCALE = 0.3, 5, 1000


@dataclass(frozen=True, slots=True)
class Quiet:
    """Real quiet curves of one data set, all of one length, and its reference amplitude."""

    curves: Array
    reference: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How disturbed quiet curves were judged, in shares of all."""

    standard: float
    review: float
    none: float
    spike_noted: float


def quiet_curves(data: Labelled, features: CurveFeatures) -> list[Quiet]:
    """Return the quiet curves of each data set that has a reference amplitude."""
    references = data_set_references(data, features)
    found: dict[tuple[str, int], tuple[list[list[float]], float]] = {}
    for row, reference in enumerate(references):
        label = data.label[row] == NEGATIVE
        if label and reference and features.amplitude[row] < QUIET_MAX * reference:
            key = (data.dataset[row], len(data.values[row]))
            found.setdefault(key, ([], reference))[0].append(data.values[row])
    return [Quiet(np.array(curves), reference) for curves, reference in found.values()]


def outcome_of(name: str, size: float, *, quiet: Sequence[Quiet], limits: CurveLimits) -> Outcome:
    """Disturb quiet curves, and say how they are judged then.

    Args:
        name: A disturbance of HEIGHTS or DAMAGES.
        size: Of HEIGHTS in parts of the reference amplitude.
        quiet: The curves.
        limits: The limits of the classes.
    """
    random = np.random.default_rng(SEED)
    judged: list[JudgedCurve] = []
    for part in quiet:
        unit = part.reference if name in HEIGHTS else 1.0
        changed = {**HEIGHTS, **DAMAGES}[name](part.curves, size * unit, random)
        judged += judge_curves(
            measure_curves(changed.tolist(), limits),
            reference_amplitudes=[part.reference] * len(changed),
            levels=[None] * len(changed),
            limits=limits,
        )
    kinds = [found.curve for found in judged]
    standard, review, none = (
        kinds.count(kind) / len(kinds)
        for kind in (CurveClass.STANDARD, CurveClass.REVIEW, CurveClass.NONE)
    )
    noted = sum(Note.SPIKE in found.notes for found in judged) / len(judged)
    return Outcome(standard, review, none, noted)


def _cycle(curves: Array) -> Array:
    return np.arange(curves.shape[1], dtype=float)


def _progress(curves: Array) -> Array:
    return np.linspace(0, 1, curves.shape[1])


def _event(curves: Array, random: np.random.Generator) -> Array:
    """Draw a cycle for each curve, from 40 % of the run to its last but three."""
    cycles = curves.shape[1]
    return random.integers(int(0.4 * cycles), cycles - 3, (len(curves), 1)).astype(float)


def _drift(curves: Array, size: float, _: np.random.Generator) -> Array:
    return curves + size * _progress(curves)


def _drift_down(curves: Array, size: float, _: np.random.Generator) -> Array:
    return curves - size * _progress(curves)


def _evaporation(curves: Array, size: float, _: np.random.Generator) -> Array:
    return curves + size * np.clip(2 * _progress(curves) - 1, 0, 1) ** 2


def _late_evaporation(curves: Array, size: float, _: np.random.Generator) -> Array:
    return curves + size * np.clip((_progress(curves) - 0.7) / 0.3, 0, 1) ** 2


def _jump(curves: Array, size: float, random: np.random.Generator) -> Array:
    return curves + size * (_cycle(curves) >= _event(curves, random))


def _step_back(curves: Array, size: float, random: np.random.Generator) -> Array:
    return curves - size * (_cycle(curves) >= _event(curves, random))


def _spike(curves: Array, size: float, random: np.random.Generator) -> Array:
    return curves + size * (_cycle(curves) == _event(curves, random))


def _spike_down(curves: Array, size: float, random: np.random.Generator) -> Array:
    return curves - size * (_cycle(curves) == _event(curves, random))


def _bubble(curves: Array, size: float, random: np.random.Generator) -> Array:
    away = (_cycle(curves) - _event(curves, random)) / BUBBLE_SD
    return curves + size * np.exp(-(away**2) / 2)


def _wave(periods: float) -> Disturbance:
    def waved(curves: Array, size: float, random: np.random.Generator) -> Array:
        phase = periods * _progress(curves) + random.random((len(curves), 1))
        return curves + size / 2 * np.sin(2 * np.pi * phase)

    return waved


def _saturation(curves: Array, size: float, _: np.random.Generator) -> Array:
    return np.minimum(curves + size * _progress(curves), curves[:, :1] + CEILING * size)


def _clipped(curves: Array, size: float, _: np.random.Generator) -> Array:
    return np.minimum(curves, np.quantile(curves, 1 - size / 2, axis=1, keepdims=True))


def _missing(curves: Array, size: float, random: np.random.Generator) -> Array:
    return np.where(random.random(curves.shape) < LOST * size, np.nan, curves)


def _block_missing(curves: Array, size: float, random: np.random.Generator) -> Array:
    return np.where(np.abs(_cycle(curves) - _event(curves, random)) < GAP * size, np.nan, curves)


def _large_scale(curves: Array, size: float, _: np.random.Generator) -> Array:
    return curves * SCALE * size


def _small_scale(curves: Array, size: float, _: np.random.Generator) -> Array:
    return curves / (SCALE * size)


HEIGHTS: Mapping[str, Disturbance] = {
    "drift": _drift,
    "drift down": _drift_down,
    "late convex rise": _evaporation,
    "later convex rise": _late_evaporation,
    "jump": _jump,
    "step back": _step_back,
    "spike": _spike,
    "spike down": _spike_down,
    "bubble": _bubble,
    "slow wave": _wave(1.5),
    "slower wave": _wave(0.7),
    "saturation": _saturation,
}
DAMAGES: Mapping[str, Disturbance] = {
    "clipped": _clipped,
    "missing cycles": _missing,
    "a block missing": _block_missing,
    "scale too large": _large_scale,
    "scale too small": _small_scale,
}
