"""From the measures of real curves to the constants of `Physics`."""

from collections.abc import Mapping, Sequence

import numpy as np

from breakpoint_pcr.simulate.background import FIRST_CLEAN, Array, Background
from breakpoint_pcr.simulate.measures import SHAPE_FROM, Summary, rise_of, steepest_cycle
from breakpoint_pcr.simulate.physics import Physics, amplify

HALF_OVER_FULL = np.geomspace(0.02, 5, 56)
RISES_LEAST = 8
# First cycles of a noiseless product that lie flat.
FLAT_CYCLES = 8


def physics_of(
    found: Summary, shape: Mapping[int, float], *, passive_reference: bool
) -> dict[str, float]:
    """Return the constants of `Physics` that make curves with these measures.

    Noise that is larger on the plateau is taken to be in proportion to the light, the rest to be
    the same everywhere; without plateaus all is in proportion. With a passive reference the noise
    of the ratio is shared between reporter and reference as on the ABI 7500. Too few rises say
    nothing of the gain: it then differs as there. `_brakes` keeps the efficiency of `Physics`.

    Args:
        found: The measures.
        shape: Height by cycle from the steepest rise.
        passive_reference: Whether the curves are ratios to one.
    """
    last = found.cycles - 1
    lean = (FIRST_CLEAN + last) / last**2
    proportional, additive = _split(found)
    half, full = _brakes(shape)
    known = found.rises >= RISES_LEAST
    optics = found.optics_cv if known else 0.0
    shared = Physics()
    split = np.hypot(shared.reporter_noise, shared.reference_noise)
    reporter, reference = shared.reporter_noise / split, shared.reference_noise / split
    return {
        "half_speed_rn": half,
        "full_rn": full,
        "level_rn": found.level,
        "level_cv": _without(found.level_cv, optics),
        "gain_cv": _without(found.rise_cv, optics) if known else Physics().gain_cv,
        "optics_cv": optics,
        "drift_per_cycle": found.drift - found.bend * lean,
        "drift_sd": _without(found.drift_sd, found.bend_sd * lean),
        "bend": found.bend,
        "bend_sd": found.bend_sd,
        "unsettled": found.unsettled,
        "unsettled_sd": found.unsettled_sd,
        "reporter_noise": proportional * (reporter if passive_reference else 1.0),
        "reference_noise": proportional * reference if passive_reference else 0.0,
        "additive_noise": additive * found.level,
        "wander_sd": found.wander,
        "smoothing": found.smoothing,
    }


def _without(whole: float, part: float) -> float:
    return max(0.0, whole**2 - part**2) ** 0.5


def _split(found: Summary) -> tuple[float, float]:
    """Return the noise in proportion to the light and the noise that is the same everywhere."""
    if found.plateau_noise is None or found.plateau_level is None:
        return found.noise, 0.0
    kernel = np.array([found.smoothing, 1 - 2 * found.smoothing, found.smoothing])
    thirds = np.convolve(kernel, [1, -3, 3, -1])
    plateau = found.plateau_noise**2 / (np.sum(thirds**2) / 20)
    share = (plateau - found.noise**2) / (found.plateau_level**2 - 1)
    share = float(np.clip(share, 0.0, found.noise**2))
    return share**0.5, _without(found.noise, share**0.5)


def _brakes(shape: Mapping[int, float]) -> tuple[float, float]:
    """Return half-speed and full rise that draw a product of this shape."""
    heights = np.array(list(shape.values()))
    best = (np.inf, 0.0, 0.0)
    for ratio in HALF_OVER_FULL:
        model = model_shape(float(ratio), tuple(shape))
        full = float(model @ heights / (model @ model))
        loss = float(np.sum((full * model - heights) ** 2))
        best = min(best, (loss, float(ratio) * full, full))
    return best[1], best[2]


def model_shape(ratio: float, offsets: Sequence[int]) -> Array:
    """Return heights by cycle from the steepest rise at a full rise of 1, mean of four phases."""
    physics = Physics(half_speed_rn=ratio, full_rn=1.0, signal_per_copy=1e-12)
    rng = np.random.default_rng(0)
    shapes: list[Array] = []
    for phase in range(4):
        copies = int(1e5 * 1.95 ** (phase / 4))
        made = np.array(
            amplify([copies], [physics.efficiency], cycles=60, physics=physics, rng=rng)
        )
        flat = Background(FLAT_CYCLES, 1.0, 0.0, None, 0.0, np.zeros(3))
        shapes.append(rise_of(made, flat, steepest_cycle(made), None).shape)
    return np.mean(shapes, axis=0)[[offset - SHAPE_FROM for offset in offsets]]
