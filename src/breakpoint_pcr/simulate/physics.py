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
- Other instruments (`instruments`) may also have: a share of light that is the well's own and that
  level and signal have in common (no passive reference); noise that does not grow with the light; a
  background that walks at random; smoothing over neighbouring cycles by the instrument's software.
- Names end in `_rn` by custom; the unit is the instrument's.
- Artefacts come on top of this: see `artefacts`. All assumptions in words: `assumptions`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from breakpoint_pcr.simulate.truth import Template

Curve = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Physics:
    """Constants of the tube and of the optics; Rn is reporter over passive reference.

    Args:
        efficiency: Chance that a molecule is copied in a cycle.
        signal_per_copy: Light of one copy.
        stochastic_below: Molecules below which copying is drawn at random.
        length_free_bp: Longest product of full efficiency.
        length_loss: Loss of efficiency per 100 bp beyond.
        half_speed_rn: Product at which copying is half as fast.
        full_rn: Product at which the probe is used up.
        level_rn: Background of a well.
        level_cv: CV of it between wells.
        gain_cv: CV between wells of the light that a product gives.
        drift_per_cycle: Climb of the background per cycle, as a share of it.
        drift_sd: SD of it between wells.
        bend_sd: SD between wells of a climb with the square of the cycle, by the last cycle.
        unsettled_sd: SD between wells of how far the first cycle lies off; half in the next.
        reporter_noise: Noise of a cycle, as a share of the light.
        reference_noise: The same of the passive reference.
        optics_cv: CV between wells of all light.
        bend: Mean of the climb with the square of the cycle.
        unsettled: Mean of how far the first cycle lies off.
        wander_sd: Step per cycle of a random walk of the background, as a share of it.
        additive_noise: Noise of a cycle that does not grow with the light, in Rn.
        smoothing: Share that a cycle gets of each neighbour.
    """

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
    optics_cv: float = 0.0
    bend: float = 0.0
    unsettled: float = 0.0
    wander_sd: float = 0.0
    additive_noise: float = 0.0
    smoothing: float = 0.0


@dataclass(frozen=True, slots=True)
class WellOptics:
    """How a well is seen: factors on the product's gain, on the background, on the noise."""

    gain: float = 1.0
    level: float = 1.0
    noise: float = 1.0


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
    signal: Sequence[float], *, well: WellOptics, physics: Physics, rng: np.random.Generator
) -> Curve:
    """Return Rn per cycle: background, drift, the signal at the well's gain, and noise."""
    cycles = len(signal)
    factors: list[float] = rng.standard_normal(5).tolist()
    reporters, references = (rng.standard_normal((2, cycles)) * well.noise).tolist()
    seen, wander, added = _further_optics(cycles, physics, rng)
    level = physics.level_rn * math.exp(physics.level_cv * factors[0]) * well.level
    gain = well.gain * math.exp(physics.gain_cv * factors[1])
    drift = physics.drift_per_cycle + physics.drift_sd * factors[2]
    bend = physics.bend + physics.bend_sd * factors[3]
    unsettled = physics.unsettled + physics.unsettled_sd * factors[4]
    rn: list[float] = []
    for index, made in enumerate(signal):
        progress = index / max(1, cycles - 1)
        background = 1 + drift * index + bend * progress**2 + unsettled * 0.5**index + wander[index]
        reporter = (level * background + gain * made) * (
            1 + physics.reporter_noise * reporters[index]
        )
        ratio = reporter / (1 + physics.reference_noise * references[index])
        rn.append(seen * ratio + added[index])
    return _smoothed(rn, physics.smoothing)


def _smoothed(rn: Sequence[float], share: float) -> Curve:
    """Give each cycle a share of each neighbour, as some instruments do; the ends keep theirs."""
    if not share:
        return tuple(rn)
    inner = (
        share * (before + after) + (1 - 2 * share) * here
        for before, here, after in zip(rn, rn[1:], rn[2:], strict=False)
    )
    return (rn[0], *inner, rn[-1])


def _further_optics(
    cycles: int, physics: Physics, rng: np.random.Generator
) -> tuple[float, Curve, Curve]:
    """Return the well's share of light, its wander per cycle, and the noise added per cycle.

    They are drawn from a stream of their own: an instrument without them has the same numbers as
    before they were known.
    """
    if not (physics.optics_cv or physics.wander_sd or physics.additive_noise):
        return 1.0, (0.0,) * cycles, (0.0,) * cycles
    draws = rng.spawn(1)[0].standard_normal(1 + 2 * cycles)
    steps, noise = draws[1 : cycles + 1], draws[cycles + 1 :]
    return (
        math.exp(physics.optics_cv * draws[0]),
        tuple((physics.wander_sd * np.cumsum(steps)).tolist()),
        tuple((physics.additive_noise * noise).tolist()),
    )


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
