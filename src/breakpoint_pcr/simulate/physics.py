"""From molecules in a tube to fluorescence per cycle, and to what the instrument makes of it.

Nothing here knows how curves are judged. Assumptions, with what they rest on:
- Molecules that reach a tube are Poisson around the mean. Each doubles in a cycle with probability
  `efficiency` (a branching process) while there are fewer than `stochastic_below`, and on average
  after that.
- The single-copy Ct follows a published plasmid series: 15 copies at Ct 36.45 (SD 0.27), slope 3.4,
  so one copy at 40.5; at efficiency 0.95 that is `signal_per_copy` Rn.
- Products up to `length_free_bp` amplify at full efficiency, longer ones lose `length_loss` of it
  per 100 bp (short extension). The size of the loss is a guess that makes a 600 bp product late.
- Two brakes: enzyme is shared by all molecules (half speed at `half_speed_rn`), and probe runs out
  at `full_rn`. Both were set on a FAM/TAMRA standard curve of an ABI 7500 Fast (24 wells): steepest
  rise 0.6 Rn per cycle four to five cycles after Ct, half of that ten cycles later, 6.5 Rn at
  fourteen cycles after Ct. A late curve therefore has no plateau.
- Background: Rn 2.36 with a well-to-well CV of 1.4 %, rising 0.12 % of itself per cycle with a
  small bend; the first cycles are unsettled. Gain per well: log-normal, CV 6 %.
- Noise per cycle: reporter 0.10 % and passive reference 0.066 % of their level, together 0.12 %.
- Artefacts are added to Rn: see `artefact`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from breakpoint_pcr.simulate.truth import Fault, FaultKind, Template

Curve = tuple[float, ...]
CONVEX_GROWTH = 1.2


@dataclass(frozen=True, slots=True)
class Physics:
    """Constants of the tube and of the optics; Rn is reporter over passive reference."""

    efficiency: float = 0.95
    signal_per_copy: float = 3.6e-13
    stochastic_below: int = 10_000
    length_free_bp: int = 250
    length_loss: float = 0.04
    half_speed_rn: float = 1.4
    full_rn: float = 9.0
    level_rn: float = 2.36
    level_cv: float = 0.014
    gain_cv: float = 0.06
    drift_per_cycle: float = 0.0012
    drift_sd: float = 0.00015
    bend_sd: float = 0.003
    unsettled_sd: float = 0.003
    reporter_noise: float = 0.0010
    reference_noise: float = 0.00066


@dataclass(frozen=True, slots=True)
class Readout:
    """How the instrument reads a run: threshold in ΔRn, and its baseline.

    `baseline` is `line` or `flat`, through cycles `start` to `end`; without an end the instrument
    chooses it per well. `digits` is how many decimals the export carries.
    """

    cycles: int
    threshold: float
    baseline: str
    start: int
    end: int | None
    digits: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the instrument reports of a tube; Rn and ΔRn per cycle."""

    rn: Curve
    delta_rn: Curve
    ct: float | None
    baseline_start: int
    baseline_end: int


def efficiency_of(template: Template, efficiency: float, physics: Physics) -> float:
    """Return the chance that a molecule is copied in a cycle, given its product's length."""
    excess = max(0, (template.size_bp or 0) - physics.length_free_bp)
    return max(0.0, efficiency * (1 - physics.length_loss * excess / 100))


def sample_molecules(templates: Sequence[Template], rng: np.random.Generator) -> tuple[int, ...]:
    """Draw how many molecules of each template reach the tube."""
    return tuple(int(rng.poisson(template.copies)) for template in templates)


def amplify(
    molecules: Sequence[int],
    efficiencies: Sequence[float],
    *,
    cycles: int,
    physics: Physics,
    rng: np.random.Generator,
) -> Curve:
    """Return the reporter set free after each cycle, in Rn at unit gain."""
    numbers: list[float] = list(molecules)
    signal: list[float] = []
    for _ in range(cycles):
        made = physics.signal_per_copy * math.fsum(numbers)
        brake = max(0.0, 1 - made / physics.full_rn) / (1 + made / physics.half_speed_rn)
        numbers = [
            number + _copied(number, efficiency * brake, physics.stochastic_below, rng)
            for number, efficiency in zip(numbers, efficiencies, strict=True)
        ]
        signal.append(physics.signal_per_copy * math.fsum(numbers))
    return tuple(signal)


def _copied(number: float, chance: float, below: int, rng: np.random.Generator) -> float:
    return int(rng.binomial(int(number), chance)) if 0 < number < below else number * chance


def fluoresce(
    signal: Sequence[float], *, gain: float, physics: Physics, rng: np.random.Generator
) -> Curve:
    """Return Rn per cycle: background, drift, the signal at the well's gain, and noise."""
    cycles = len(signal)
    factors = rng.standard_normal(5)
    noise = rng.standard_normal((2, cycles))
    level = physics.level_rn * math.exp(physics.level_cv * factors[0])
    gain *= math.exp(physics.gain_cv * factors[1])
    drift = physics.drift_per_cycle + physics.drift_sd * factors[2]
    bend = physics.bend_sd * factors[3]
    unsettled = physics.unsettled_sd * factors[4]
    rn: list[float] = []
    for index, made in enumerate(signal):
        progress = index / max(1, cycles - 1)
        background = 1 + drift * index + bend * progress**2 + unsettled * 0.5**index
        reporter = (level * background + gain * made) * (
            1 + physics.reporter_noise * noise[0, index]
        )
        rn.append(float(reporter / (1 + physics.reference_noise * noise[1, index])))
    return tuple(rn)


def artefact(fault: Fault, *, cycles: int, physics: Physics) -> Curve:
    """Return what an optical fault adds to Rn in each cycle.

    Sizes are shares of `full_rn`; of the background for a drift. Drift: reached by the last cycle,
    with a slight upward bend (real wells: 3-11 %). Convex: a late rise by 20 % per cycle, as of a
    drying well. Jump: a step that stays. Spike: one cycle.
    """
    last = max(1, cycles - 1)
    return tuple(_added(fault, index, last, physics) for index in range(cycles))


def _added(fault: Fault, index: int, last: int, physics: Physics) -> float:
    rise = fault.size * physics.full_rn
    if fault.kind is FaultKind.DRIFT:
        return fault.size * physics.level_rn * (index / last) * (0.7 + 0.3 * index / last)
    if fault.kind is FaultKind.CONVEX:
        return rise * CONVEX_GROWTH ** (index - last)
    happened = {
        FaultKind.JUMP: index + 1 >= fault.cycle,
        FaultKind.SPIKE: index + 1 == fault.cycle,
    }
    return rise if happened.get(fault.kind) else 0.0


def read_out(rn: Sequence[float], readout: Readout) -> Reading:
    """Subtract the baseline and find the Ct, as the instrument does.

    The Ct is where ΔRn crosses the threshold for the last time on its way up, between cycles by a
    straight line; there is none when ΔRn ends below the threshold.
    """
    values = [round(value, readout.digits) for value in rn]
    end = readout.end or _chosen_end(values, readout)
    fit = _line(values, readout.start, end, flat=readout.baseline == "flat")
    delta = [round(y - fit[0] - fit[1] * c, readout.digits) + 0.0 for c, y in enumerate(values, 1)]
    ct = _crossing(delta, readout.threshold)
    return Reading(
        tuple(values),
        tuple(delta),
        None if ct is None else round(ct, readout.digits),
        readout.start,
        end,
    )


def _chosen_end(values: list[float], readout: Readout) -> int:
    """Return the last baseline cycle: five before a first, crude Ct; all but one without a Ct."""
    first, _ = _line(values, readout.start, readout.start + 7, flat=True)
    crude = _crossing([value - first for value in values], readout.threshold)
    if crude is None:
        return readout.cycles - 1
    return max(readout.start + 5, math.floor(crude) - 5)


def _line(values: Sequence[float], start: int, end: int, *, flat: bool) -> tuple[float, float]:
    """Return intercept and slope by least squares over cycles start to end, both 1-based."""
    cycles = range(start, end + 1)
    part = values[start - 1 : end]
    middle, mean = math.fsum(cycles) / len(part), math.fsum(part) / len(part)
    if flat:
        return mean, 0.0
    spread = math.fsum((c - middle) ** 2 for c in cycles)
    slope = math.fsum((c - middle) * (y - mean) for c, y in zip(cycles, part, strict=True)) / spread
    return mean - slope * middle, slope


def _crossing(delta: Sequence[float], threshold: float) -> float | None:
    if delta[-1] < threshold:
        return None
    ups = [c for c, (y0, y1) in enumerate(pairwise(delta), 1) if y0 < threshold <= y1]
    if not ups:
        return None
    low, high = delta[ups[-1] - 1], delta[ups[-1]]
    return ups[-1] + (threshold - low) / (high - low)
