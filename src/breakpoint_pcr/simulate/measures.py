"""What is measured of an instrument's curves, real or simulated, in the same way.

Plain numpy, and nothing of the judgement of curves: what holds a product is told by the caller
(labels of people, or the truth of a simulation). `fitting` makes constants of these measures.

Clean cycles of a curve are 4 to 10 before its steepest rise (a product is then below 0.1 % of its
height there), or 4 to the last where nothing amplifies. Over them, with i counted from 0:

- level and drift: y = level (1 + drift i), least squares; with 30 clean cycles or more also
  bend (i / last)^2, so that no bend is drawn out from a few cycles. Where 30 curves or more are so
  long, they alone give drift and bend.
- noise: the residuals of that line, and second differences at a distance of one and of two cycles,
  are explained by white noise and a random walk, both seen through the smoothing over neighbouring
  cycles (share s, 1 - 2s, s) that some instruments apply.
- unsettled: what the first three cycles lie off the line, as u 0.5^i.

A curve's rise is its height over the line five cycles after its steepest rise. What differs between
assays is taken out of the CVs of level and rise; `optics_cv` is the part of both that goes together
in a well. Noise at the plateau: third differences of the last eight cycles, of curves steepest ten
cycles before the last or earlier. Middles are medians. SDs are taken without what lies beyond four
robust SDs, and without what the cycle noise adds to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from breakpoint_pcr.simulate.background import (
    FIRST_CLEAN,
    NORMAL_MAD,
    ODD_SDS,
    Array,
    Background,
    background_of,
    explain_noise,
    median,
    near,
    rms,
    true_sd,
)

CLEAN_BEFORE_STEEPEST, CLEAN_LEAST = 10, 8
CURVES_FOR_BEND = 30
RISE_AFTER = 5
PLATEAU_AFTER, PLATEAU_CYCLES = 10, 8
SHAPE_FROM, SHAPE_TO = -4, 10


@dataclass(frozen=True, slots=True)
class Summary:
    """Measures of a set of curves; shares are of the level unless said otherwise.

    Args:
        curves: Curves measured.
        cycles: Cycles of each.
        level: Median background, in the unit of the curves.
        level_cv: Well-to-well CV of it, within assays.
        optics_cv: Well-to-well CV of the light as a whole: what level and rise have in common.
        drift: Climb per cycle of a straight line over the clean cycles, median.
        drift_sd: SD of it between wells.
        bend: Climb by the last cycle beyond a straight line, median; 0 without long curves.
        bend_sd: SD of it between wells.
        unsettled: How far the first cycle lies off, median.
        unsettled_sd: SD of it between wells.
        scatter: SD about the line or parabola.
        roughness: What second differences would take for white noise.
        smoothing: Share that each neighbouring cycle gets.
        noise: White noise per cycle before smoothing.
        wander: Step of the random walk per cycle.
        plateau_noise: What third differences of the plateau take for white noise; None without
            plateaus.
        plateau_level: Fluorescence of the plateau; None without plateaus.
        rises: Curves with a rise.
        rise: Median height of the rise.
        rise_cv: Well-to-well CV of the rise, within assays.
        steepest: Largest rise per cycle as a share of the rise, median.
    """

    curves: int
    cycles: int
    level: float
    level_cv: float
    optics_cv: float
    drift: float
    drift_sd: float
    bend: float
    bend_sd: float
    unsettled: float
    unsettled_sd: float
    scatter: float
    roughness: float
    smoothing: float
    noise: float
    wander: float
    plateau_noise: float | None
    plateau_level: float | None
    rises: int
    rise: float
    rise_cv: float
    steepest: float

    def as_numbers(self) -> dict[str, float]:
        """Return the measures that there are, by name."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Rise:
    """The product of one curve: height, largest step, noise at the plateau, shape by offset."""

    height: float
    step: float
    plateau: tuple[float, float] | None
    shape: Array


def summarise(
    curves: Sequence[Sequence[float]],
    *,
    amplified: Sequence[bool],
    assays: Sequence[str],
    unit: float | None = None,
) -> Summary:
    """Measure curves of equal length.

    Args:
        curves: Fluorescence per cycle, without gaps.
        amplified: Whether a curve has a product, as others know.
        assays: Assay of each curve: level and rise are compared within.
        unit: What a share is a share of, where the instrument has subtracted the background.

    Raises:
        ValueError: No curve has enough clean cycles.
    """
    return _measured(np.asarray(curves, dtype=np.float64), amplified, assays, unit)[0]


def shape_of(curves: Sequence[Sequence[float]], *, amplified: Sequence[bool]) -> dict[int, float]:
    """Return the median height over the line by cycle from the steepest rise.

    It goes as far as half of the curves go, and is the median of those alone.

    Raises:
        ValueError: No curve has enough clean cycles.
    """
    values = np.asarray(curves, dtype=np.float64)
    rises = _measured(values, amplified, [""] * len(values), None)[1]
    found = np.array([rise.shape for rise in rises.values()])
    seen = np.isfinite(found)
    columns = int(np.sum(seen.mean(axis=0) >= 1 / 2))
    middle = np.median(found[seen[:, columns - 1], :columns], axis=0)
    return {SHAPE_FROM + column: float(height) for column, height in enumerate(middle)}


def _measured(
    values: Array, amplified: Sequence[bool], assays: Sequence[str], unit: float | None
) -> tuple[Summary, dict[int, Rise]]:
    clean: dict[int, Background] = {}
    rises: dict[int, Rise] = {}
    for row, lit in enumerate(amplified):
        steepest = steepest_cycle(values[row]) if lit else values.shape[1]
        end = steepest - CLEAN_BEFORE_STEEPEST if lit else steepest
        if end - FIRST_CLEAN < CLEAN_LEAST:
            continue
        clean[row] = background_of(values[row], end, unit)
        if lit and steepest + RISE_AFTER < values.shape[1]:
            rises[row] = rise_of(values[row], clean[row], steepest, unit)
    if not clean:
        raise ValueError("no curve has enough clean cycles before its rise")
    return _summary(clean, rises, assays, last=values.shape[1] - 1), rises


def steepest_cycle(curve: Array) -> int:
    """Return the 0-based cycle in the middle of the steepest rise over three cycles."""
    return FIRST_CLEAN + 1 + int(np.argmax(curve[FIRST_CLEAN + 3 :] - curve[FIRST_CLEAN:-3]))


def rise_of(curve: Array, clean: Background, steepest: int, unit: float | None) -> Rise:
    """Measure the product over the straight line of the clean cycles."""
    part = np.arange(FIRST_CLEAN, FIRST_CLEAN + clean.cycles)
    slope, start = np.polyfit(part, curve[part], 1)
    above = curve - start - slope * np.arange(len(curve))
    middle = steepest + _vertex(np.diff(above), steepest)
    height = float(np.interp(middle + RISE_AFTER, np.arange(len(curve)), above))
    shape = np.full(SHAPE_TO - SHAPE_FROM + 1, np.nan)
    places = middle + np.arange(SHAPE_FROM, SHAPE_TO + 1)
    seen = places <= len(curve) - 1
    shape[seen] = np.interp(places[seen], np.arange(len(curve)), above)
    plateau = None
    if steepest + PLATEAU_AFTER < len(curve):
        third = np.diff(curve[-PLATEAU_CYCLES:], 3)
        level = unit or clean.level
        plateau = (
            float(np.mean(third**2)) / 20 / level**2,
            1 + float(above[-PLATEAU_CYCLES:].mean()) / level,
        )
    return Rise(height, float(np.diff(above)[FIRST_CLEAN:].max()), plateau, shape)


def _vertex(steps: Array, steepest: int) -> float:
    """Return how far from the cycle the rise is steepest, by a parabola through five steps."""
    around = np.arange(max(0, steepest - 3), min(len(steps), steepest + 2))
    square, linear, _ = np.polyfit(around + 0.5 - steepest, steps[around], 2)
    return float(np.clip(-linear / (2 * square), -2, 2)) if square < 0 else 0.0


def _summary(
    clean: dict[int, Background], rises: dict[int, Rise], assays: Sequence[str], *, last: int
) -> Summary:
    cleans = list(clean.values())
    noise = explain_noise(cleans, last)
    levels = _within({row: found.level for row, found in clean.items()}, assays)
    heights = _within({row: found.height for row, found in rises.items()}, assays)
    bent = [found for found in cleans if found.bend is not None]
    bent = bent if len(bent) >= CURVES_FOR_BEND else []
    bends = [(found.bend or 0.0, found.cycles) for found in bent]
    slopes = [(found.slope, found.cycles) for found in bent or cleans]
    plateaus = [rise.plateau for rise in rises.values() if rise.plateau]
    return Summary(
        curves=len(clean),
        cycles=last + 1,
        level=median([found.level for found in cleans]),
        level_cv=rms(list(levels.values())),
        optics_cv=_common_sd(levels, heights),
        drift=median([slope for slope, _ in slopes]),
        drift_sd=true_sd(slopes, noise, 1, last),
        bend=median([bend for bend, _ in bends]),
        bend_sd=true_sd(bends, noise, 2, last) if bends else 0.0,
        unsettled=median([found.unsettled for found in cleans]),
        unsettled_sd=rms(near([found.unsettled for found in cleans])),
        scatter=noise.scatter,
        roughness=noise.roughness,
        smoothing=noise.smoothing,
        noise=noise.white,
        wander=noise.walk,
        plateau_noise=median([v for v, _ in plateaus]) ** 0.5 if plateaus else None,
        plateau_level=median([level for _, level in plateaus]) if plateaus else None,
        rises=len(rises),
        rise=median([rise.height for rise in rises.values()]),
        rise_cv=rms(list(heights.values())),
        steepest=median([rise.step / rise.height for rise in rises.values()]),
    )


def _within(values: dict[int, float], assays: Sequence[str]) -> dict[int, float]:
    """Return how far the logarithms lie from the median of their assay, odd ones left out."""
    logs = {row: float(np.log(value)) for row, value in values.items() if value > 0}
    middles = {
        assay: median([log for row, log in logs.items() if assays[row] == assay])
        for assay in {assays[row] for row in logs}
    }
    off = {row: log - middles[assays[row]] for row, log in logs.items()}
    limit = ODD_SDS * NORMAL_MAD * median([abs(value) for value in off.values()])
    return {row: value for row, value in off.items() if abs(value) <= limit}


def _common_sd(levels: Mapping[int, float], heights: Mapping[int, float]) -> float:
    """Return the SD of what both have in common, no more than either has."""
    products = [levels[row] * heights[row] for row in heights if row in levels]
    if not products:
        return 0.0
    shared = float(np.mean(products))
    most = min(rms(list(levels.values())), rms(list(heights.values())))
    return min(max(0.0, shared) ** 0.5, most)
