"""The simulated plates of the study: what is drawn, how often, and from what.

Everything follows from the study's seed, the name of the batch and the number of the plate.
A plate belongs to one arm. All plates are first drawn alike, with nothing amiss; an arm then
changes its own (`spoiling`). What a plate with nothing amiss may be:

- an instrument profile, and a format that can carry its curves; 40 or 45 cycles; the baseline a
  line that ends before each rise, a line or a level through fixed cycles. Where the background
  alone climbs to the threshold no laboratory would set a level, and the simulator's search for a
  rise, which begins with a level, goes astray: there it is the line through fixed cycles;
- 96 or 384 wells; single wells or duplicates; every assay of the panel; water, wild-type DNA and a
  positive control that holds every allele whose product must appear;
- each assay with an efficiency of its own, within what a standard curve is accepted with;
- samples of 20 to 500 ng DNA (log-uniform), which the sheet tells with the error of a photometer;
  two in five without a deletion, half with one allele, a tenth with two of different classes;
- copies per reaction log-uniform from `copies_present` to one in every cell, at most 100,000.

Every primer is taken to prime each of its templates, also one whose published sequence has no exact
site: the study is of the panel as it should be ordered. The arm `poor_primer` shows the other case.
"""

import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from breakpoint_pcr.explanation import Allele
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.simulate.instruments import InstrumentProfile
from breakpoint_pcr.simulate.plans import Baseline, Plan
from breakpoint_pcr.simulate.plate import PLATES, well_name
from breakpoint_pcr.simulate.truth import SampleTruth
from breakpoint_pcr.tables import Role

CYCLES = (40, 45)
FIXED_LINE = Baseline("line", 3, 15)
BASELINES = (Baseline("line", 3, None), FIXED_LINE, Baseline("flat", 3, 15))
BASELINE_SHARES = (0.6, 0.2, 0.2)
LARGE_PLATES, DUPLICATES = 0.25, 0.3
# A standard curve's slope is accepted from about 90 %; no reaction does better than doubling.
EFFICIENCY = (0.90, 1.0)
INPUT_NG = (20.0, 500.0)
# Standard deviation of the log of the DNA that is there over the DNA that the sheet tells.
INPUT_ERROR = 0.1
NEGATIVE, MIXED = 0.4, 0.1
COPIES_MAX = 1e5
LONG_PRODUCTS = 0.7
CONTROL_NG, CONTROL_COPIES = 100.0, 3000.0
WATER, WILD_TYPE, POSITIVE = "NTC", "WT", "PC"
DATE = "2026-01-05"


@dataclass(frozen=True, slots=True)
class Population:
    """What plates are drawn from.

    Args:
        panel: Primers and assays; every assay is on every plate.
        alleles: What lights the assays of the panel.
        instruments: Profiles by name.
        unconfirmed: Primers without an exact site.
        copies_present: Mean copies per reaction from which a class counts as present.
        seed: Of the whole study.
    """

    panel: Panel
    alleles: tuple[Allele, ...]
    instruments: Mapping[str, InstrumentProfile]
    unconfirmed: frozenset[str]
    copies_present: float
    seed: int

    @property
    def sure(self) -> tuple[Allele, ...]:
        """The alleles that some assay must show."""
        return tuple(allele for allele in self.alleles if allele.must)


@dataclass(frozen=True, slots=True)
class DrawnPlate:
    """A plate with nothing amiss, its instrument, and the numbers that were not used yet."""

    instrument: str
    plan: Plan
    rng: np.random.Generator


def draw_plates(batch: str, samples: int, population: Population) -> Iterator[DrawnPlate]:
    """Yield plates that hold exactly so many samples together.

    Args:
        batch: Name of the batch; another name gives other plates.
        samples: Samples, controls not counted.
        population: What is drawn from.
    """
    number = 0
    while samples > 0:
        number += 1
        rng = plate_numbers(population.seed, batch, number)
        plate = _drawn(f"study-{batch}-{number:03d}", samples, population, rng)
        samples -= len(unknowns(plate.plan))
        yield plate


def plate_numbers(seed: int, batch: str, number: int) -> np.random.Generator:
    """Return the random numbers of a plate."""
    entropy = [seed, zlib.crc32(batch.encode()), number]
    return np.random.default_rng(np.random.SeedSequence(entropy))


def unknowns(plan: Plan) -> tuple[SampleTruth, ...]:
    """Return the samples of a plan that are no controls."""
    return tuple(sample for sample in plan.samples if sample.role is Role.UNKNOWN)


def _drawn(
    name: str, samples_max: int, population: Population, rng: np.random.Generator
) -> DrawnPlate:
    instrument = str(rng.choice(list(population.instruments)))
    profile = population.instruments[instrument]
    assays = [assay.name for assay in population.panel.assays]
    cycles = int(rng.choice(CYCLES))
    baseline = BASELINES[int(rng.choice(len(BASELINES), p=BASELINE_SHARES))]
    return DrawnPlate(
        instrument,
        Plan(
            name=name,
            format=str(rng.choice(profile.formats)),
            seed=int(rng.integers(2**62)),
            date=DATE,
            cycles=cycles,
            threshold=profile.threshold,
            baseline=FIXED_LINE if _climbs(profile, cycles) else baseline,
            physics=profile.physics,
            priming={},
            assays={assay: float(rng.uniform(*EFFICIENCY)) for assay in assays},
            samples=(*_controls(population), *_samples(assays, samples_max, population, rng)),
            passive_reference=profile.passive_reference,
        ),
        rng,
    )


def _climbs(profile: InstrumentProfile, cycles: int) -> bool:
    """Tell whether the background by itself reaches the threshold in so many cycles."""
    physics = profile.physics
    climb = physics.level_rn * (physics.drift_per_cycle * cycles + physics.bend)
    return climb >= profile.threshold


def _controls(population: Population) -> tuple[SampleTruth, ...]:
    held = {allele.name: CONTROL_COPIES for allele in population.sure}
    return (
        SampleTruth(WATER, Role.NTC),
        SampleTruth(WILD_TYPE, Role.NEGATIVE_CONTROL, input_ng=CONTROL_NG),
        SampleTruth(POSITIVE, Role.POSITIVE_CONTROL, held, CONTROL_NG),
    )


def _samples(
    assays: Sequence[str], samples_max: int, population: Population, rng: np.random.Generator
) -> list[SampleTruth]:
    """Draw the samples of a plate with the wells of their duplicates."""
    controls = len(_controls(population))
    rows, columns = _plate_of(len(assays), rng)
    duplicates = bool(rng.random() < DUPLICATES)
    below = 2 * len(assays) <= rows
    room = columns - controls
    count = min(samples_max, room // 2 if duplicates and not below else room)
    samples: list[SampleTruth] = []
    for place in range(count):
        column = controls + place
        start = (len(assays), column) if below else (0, column + count)
        second = {
            well_name(start[0] + row, start[1]): assay
            for row, assay in enumerate(assays)
            if duplicates
        }
        samples.append(replace(_sample(place + 1, population, rng), extra_wells=second))
    return samples


def _plate_of(assays: int, rng: np.random.Generator) -> tuple[int, int]:
    """Draw the rows and columns of a plate that has a row for each assay."""
    small, large = PLATES.values()
    wanted = large if rng.random() < LARGE_PLATES else small
    return wanted if wanted[0] >= assays else large


def _sample(number: int, population: Population, rng: np.random.Generator) -> SampleTruth:
    amount = _nominal(rng, INPUT_NG)
    there = amount * math.exp(INPUT_ERROR * float(rng.standard_normal()))
    sample = SampleTruth(
        name=f"S{number:02d}",
        role=Role.UNKNOWN,
        input_ng=there,
        long_products=bool(rng.random() < LONG_PRODUCTS),
        sheet={"input_ng": f"{amount:g}"},
    )
    cells = min(COPIES_MAX, sample.genomes)
    return replace(
        sample,
        alleles={
            allele.name: copies_between(population.copies_present, cells, rng)
            for allele in _held(population.sure, rng)
        },
    )


def _nominal(rng: np.random.Generator, ends: tuple[float, float]) -> float:
    """Draw an amount of DNA as a sheet tells it, in ng."""
    return float(f"{log_uniform(*ends, rng):.3g}")


def _held(alleles: Sequence[Allele], rng: np.random.Generator) -> list[Allele]:
    """Draw the alleles of a sample: none, one, or two of different classes."""
    kind = rng.random()
    if kind < NEGATIVE or not alleles:
        return []
    first = alleles[int(rng.integers(len(alleles)))]
    others = [allele for allele in alleles if allele.deletion != first.deletion]
    if kind >= NEGATIVE + MIXED or not others:
        return [first]
    return [first, others[int(rng.integers(len(others)))]]


def copies_between(low: float, high: float, rng: np.random.Generator) -> float:
    """Draw a whole number of mean copies per reaction, log-uniform."""
    if high <= low:
        return float(math.ceil(low))
    drawn = round(log_uniform(low, high, rng))
    return float(min(max(math.ceil(low), drawn), math.floor(high)))


def log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    """Draw a number whose logarithm is uniform."""
    return math.exp(float(rng.uniform(math.log(low), math.log(high))))
