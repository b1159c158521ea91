"""What the optics do to a curve when they err.

Sizes are shares of `full_rn`; of the background for a drift; of the curve's own rise for a hook.

- Drift: a climb reached by the last cycle, with a slight upward bend (real wells: 3-11 %).
- Convex: a late rise by 20 % per cycle, as of a drying well.
- Jump and step back: a step up or down that stays (a bubble bursts, a lamp changes). Spike: one
  cycle.
- Wave: one and a half swings over the run, `size` from trough to crest (lamp or block temperature).
- Hook: from three cycles after the steepest rise the curve falls evenly, by `size` of its own rise
  at the last cycle (bleaching, strands that find each other instead of the probe).
- Saturation: the detector ends at `size` of the full rise above the usual background.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from breakpoint_pcr.simulate.physics import Curve, Physics
from breakpoint_pcr.simulate.truth import Fault, FaultKind

CONVEX_GROWTH = 1.2
WAVE_SWINGS = 1.5
HOOK_DELAY_CYCLES = 3


def distort(
    rn: Sequence[float], signal: Sequence[float], *, fault: Fault, physics: Physics
) -> Curve:
    """Return the curve as it looks with an optical fault; any other fault leaves it.

    Args:
        rn: The curve.
        signal: The product's light in each cycle, without noise and background.
        fault: What happens.
        physics: Constants of the optics.
    """
    if fault.kind is FaultKind.SATURATION:
        ceiling = physics.level_rn + fault.size * physics.full_rn
        return tuple(min(value, ceiling) for value in rn)
    if fault.kind is FaultKind.HOOK:
        added = _hook(signal, fault.size)
    else:
        added = artefact(fault, cycles=len(rn), physics=physics)
    return tuple(value + more for value, more in zip(rn, added, strict=True))


def artefact(fault: Fault, *, cycles: int, physics: Physics) -> Curve:
    """Return what an optical fault adds to Rn in each cycle, whatever the curve is."""
    shape = SHAPES.get(fault.kind)
    if shape is None:
        return (0.0,) * cycles
    unit = physics.level_rn if fault.kind is FaultKind.DRIFT else physics.full_rn
    rise = fault.size * unit
    return tuple(shape(rise, index, cycles, fault.cycle) for index in range(cycles))


def _drift(rise: float, index: int, cycles: int, _: int) -> float:
    last = max(1, cycles - 1)
    return rise * (index / last) * (0.7 + 0.3 * index / last)


def _convex(rise: float, index: int, cycles: int, _: int) -> float:
    return rise * CONVEX_GROWTH ** (index - max(1, cycles - 1))


def _jump(rise: float, index: int, _: int, cycle: int) -> float:
    return rise if index + 1 >= cycle else 0.0


def _step_back(rise: float, index: int, _: int, cycle: int) -> float:
    return -rise if index + 1 >= cycle else 0.0


def _spike(rise: float, index: int, _: int, cycle: int) -> float:
    return rise if index + 1 == cycle else 0.0


def _wave(rise: float, index: int, cycles: int, cycle: int) -> float:
    return rise / 2 * math.sin(2 * math.pi * WAVE_SWINGS * (index + 1 - cycle) / cycles)


SHAPES: Mapping[FaultKind, Callable[[float, int, int, int], float]] = {
    FaultKind.DRIFT: _drift,
    FaultKind.CONVEX: _convex,
    FaultKind.JUMP: _jump,
    FaultKind.STEP_BACK: _step_back,
    FaultKind.SPIKE: _spike,
    FaultKind.WAVE: _wave,
}


def _hook(signal: Sequence[float], size: float) -> Curve:
    steps = [after - before for before, after in pairwise(signal)]
    if not steps or max(steps) <= 0:
        return (0.0,) * len(signal)
    begins = steps.index(max(steps)) + 1 + HOOK_DELAY_CYCLES
    falling = max(1, len(signal) - 1 - begins)
    depth = size * signal[-1]
    return tuple(-depth * max(0, index - begins) / falling for index in range(len(signal)))
