"""The background of a curve, and the noise on it, over its clean cycles (see `measures`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FIRST_CLEAN = 3
CLEAN_FOR_NOISE, CLEAN_FOR_BEND = 12, 30
NORMAL_MAD, ODD_SDS = 1.4826, 4
SMOOTHINGS = np.linspace(0, 0.33, 34)
# More smoothing must explain so much more.
LOSS_STEP = 1e-4


@dataclass(frozen=True, slots=True)
class Background:
    """The clean cycles of one curve: the line through them, and variances about it."""

    cycles: int
    level: float
    slope: float
    bend: float | None
    unsettled: float
    variances: Array


@dataclass(frozen=True, slots=True)
class CycleNoise:
    """Noise of a cycle as the measures explain it, and two of them as they are seen."""

    white: float
    walk: float
    smoothing: float
    scatter: float
    roughness: float


def background_of(curve: Array, end: int, unit: float | None) -> Background:
    """Measure a curve up to a cycle; shares are of its level, or of a unit."""
    part, last = curve[FIRST_CLEAN:end], len(curve) - 1
    design = columns_of(len(part), last)
    found = np.linalg.lstsq(design, part, rcond=None)[0]
    level = unit or float(found[0])
    line = np.linalg.lstsq(design[:, :2], part, rcond=None)[0]
    start, climb, *bends = (float(value) for value in found)
    first = np.arange(FIRST_CLEAN)
    off = curve[:FIRST_CLEAN] - start - climb * first - sum(bends) * (first / last) ** 2
    halves = 0.5**first
    residuals = part - design @ found
    variances = [residuals @ residuals / (len(part) - design.shape[1])]
    variances += [roughness_of(part, 1), roughness_of(part, 2)]
    return Background(
        cycles=len(part),
        level=level,
        slope=float(line[1]) / level,
        bend=bends[0] / level if bends else None,
        unsettled=float(off @ halves / (halves @ halves)) / level,
        variances=np.array(variances) / level**2,
    )


def roughness_of(part: Array, step: int) -> float:
    """Return the variance that second differences at this distance take for white noise."""
    differences = part[2 * step :] - 2 * part[step:-step] + part[: -2 * step]
    return float(np.mean(differences**2)) / 6


def columns_of(cycles: int, last: int) -> Array:
    """Return the columns of a line, or with enough clean cycles of a parabola."""
    index = np.arange(FIRST_CLEAN, FIRST_CLEAN + cycles)
    columns = [np.ones(cycles), index, (index / last) ** 2]
    kept = columns if cycles >= CLEAN_FOR_BEND else columns[:2]
    return np.stack(kept, axis=1).astype(np.float64)


def explain_noise(cleans: Sequence[Background], last: int) -> CycleNoise:
    """Explain scatter and roughness by white noise, a random walk and smoothing, least squares."""
    used = [found for found in cleans if found.cycles >= CLEAN_FOR_NOISE] or list(cleans)
    seen = np.median([found.variances for found in used], axis=0)
    cycles = int(np.median([found.cycles for found in used]))
    best = (np.inf, np.zeros(2), 0.0)
    for smoothing in SMOOTHINGS:
        white, walk = _filters(cycles, float(smoothing))
        shown = np.stack([_shown(white, last), _shown(walk, last)], axis=1) / seen[:, None]
        sizes = _not_negative(shown)
        loss = float(np.sum((shown @ sizes - 1) ** 2))
        if loss < best[0] - LOSS_STEP:
            best = (loss, sizes, float(smoothing))
    white, walk = np.sqrt(best[1])
    scatter, roughness = (float(variance) ** 0.5 for variance in seen[:2])
    return CycleNoise(float(white), float(walk), best[2], scatter, roughness)


def _filters(cycles: int, smoothing: float) -> tuple[Array, Array]:
    """Return what turns independent draws into smoothed white noise and a smoothed walk."""
    kernel = np.zeros((cycles, cycles + 2))
    for row in range(cycles):
        kernel[row, row : row + 3] = smoothing, 1 - 2 * smoothing, smoothing
    return kernel, kernel @ np.tril(np.ones((cycles + 2, cycles + 2)))


def _shown(draws: Array, last: int) -> Array:
    """Return scatter and roughness, as variances, of noise made of unit draws."""
    cycles = len(draws)
    design = columns_of(cycles, last)
    left = draws - design @ np.linalg.lstsq(design, draws, rcond=None)[0]
    scatter = np.sum(left**2) / (cycles - design.shape[1])
    rough = [
        np.sum((draws[2 * k :] - 2 * draws[k:-k] + draws[: -2 * k]) ** 2) / (cycles - 2 * k) / 6
        for k in (1, 2)
    ]
    return np.array([scatter, *rough])


def _not_negative(shown: Array) -> Array:
    """Return the two sizes, neither below 0, that come nearest to 1 in every row."""
    target = np.ones(len(shown))
    sizes = np.linalg.lstsq(shown, target, rcond=None)[0].astype(np.float64)
    if sizes.min() >= 0:
        return sizes
    keep = int(np.argmax(sizes))
    alone = np.zeros(2)
    alone[keep] = shown[:, keep] @ target / (shown[:, keep] @ shown[:, keep])
    return alone


def true_sd(
    values: Sequence[tuple[float, int]], noise: CycleNoise, column: int, last: int
) -> float:
    """Return the SD of slopes (1) or bends (2) between wells, without what cycle noise adds."""
    added = {
        cycles: _estimate_variance(cycles, noise, column, last)
        for cycles in {cycles for _, cycles in values}
    }
    seen = rms(near([value for value, _ in values])) ** 2
    return max(0.0, seen - median([added[cycles] for _, cycles in values])) ** 0.5


def _estimate_variance(cycles: int, noise: CycleNoise, column: int, last: int) -> float:
    design = columns_of(cycles, last)
    weights = np.linalg.pinv(design[:, :2] if column == 1 else design)[column]
    white, walk = _filters(cycles, noise.smoothing)
    return float(
        noise.white**2 * np.sum((weights @ white) ** 2)
        + noise.walk**2 * np.sum((weights @ walk) ** 2)
    )


def median(values: Sequence[float]) -> float:
    """Return the median, 0 of nothing."""
    return float(np.median(values)) if len(values) else 0.0


def near(values: Sequence[float]) -> list[float]:
    """Return distances from the median, without those beyond four robust SDs."""
    off = np.asarray(values, dtype=np.float64) - np.median(values)
    limit = ODD_SDS * NORMAL_MAD * np.median(np.abs(off))
    return [float(value) for value in off if abs(value) <= limit]


def rms(distances: Sequence[float]) -> float:
    """Return the root of the mean square, 0 of nothing."""
    return float(np.sqrt(np.mean(np.square(distances)))) if len(distances) else 0.0
