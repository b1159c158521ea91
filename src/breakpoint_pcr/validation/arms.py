"""The arms of the study: what goes wrong in each, how often it is drawn, and what is asked of it.

In an arm with a target no definite call may be wrong. Without a target are the arms in which
nobody can tell from the plate: what was in the tube is not what the name says, is too little to be
there for sure, or a single well that failed for itself. They are counted, and no more.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from breakpoint_pcr.simulate.plans import Plan
from breakpoint_pcr.validation import spoiling
from breakpoint_pcr.validation.population import (
    DrawnPlate,
    Population,
    draw_plates,
    plate_numbers,
)
from breakpoint_pcr.validation.rows import CLEAN

# The fractional part of the golden ratio: multiples of it fill every interval evenly.
GOLDEN = 0.6180339887498949
Spoil = Callable[[Plan, Population, np.random.Generator], Plan]


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm: its share of all plates, whether it has a target, what happens, and how."""

    name: str
    share: float
    target: bool
    what: str
    spoil: Spoil


@dataclass(frozen=True, slots=True)
class StudyPlate:
    """A plate of the study; its plan is the whole truth about it."""

    arm: Arm
    instrument: str
    plan: Plan


ARMS = (
    Arm(CLEAN, 0.560, True, "nothing amiss", spoiling.leave),
    Arm(
        "inhibited",
        0.060,
        True,
        "an inhibitor in the DNA of one sample in three lowers the efficiency of all its reactions "
        "to 0.5 to 0.9 of what it was",
        spoiling.inhibit,
    ),
    Arm(
        "optics",
        0.080,
        True,
        "drift, late rise, jump, step back, spike, wave, hook or saturation in wells of a sample",
        spoiling.disturb_optics,
    ),
    Arm(
        "plate_effects",
        0.050,
        True,
        "light, background and efficiency change over the plate, and its edge dries",
        spoiling.tilt_plate,
    ),
    Arm(
        "drop_outs",
        0.060,
        True,
        "wells omitted, empty, not pipetted, missing in the export, without curve or cycles, "
        "or one of a duplicate dead",
        spoiling.drop_out,
    ),
    Arm(
        "failed_controls",
        0.050,
        True,
        "water or wild-type DNA contaminated, a positive control dead, or a control missing",
        spoiling.fail_control,
    ),
    Arm(
        "little_dna",
        0.025,
        True,
        "0.5 to 10 ng DNA, which the sheet tells or takes for 100 ng",
        spoiling.starve,
    ),
    Arm(
        "low",
        0.060,
        False,
        "1 copy to fewer than count as present, alone or beside another class",
        spoiling.dilute,
    ),
    Arm(
        "reference_only",
        0.010,
        False,
        "a form of a class that is seen only by a long product, which may or may not appear",
        spoiling.lengthen,
    ),
    Arm(
        "poor_primer",
        0.010,
        False,
        "a primer without an exact site starts on 0.3 of its templates",
        spoiling.prime_poorly,
    ),
    Arm(
        "dead_reaction",
        0.010,
        False,
        "the one well that would show a class does not amplify: without a replicate it is a "
        "negative like any other",
        spoiling.kill_reaction,
    ),
    Arm(
        "contaminated",
        0.015,
        False,
        "1 to 1,000 foreign copies in one reaction of a sample",
        spoiling.contaminate,
    ),
    Arm(
        "swapped",
        0.010,
        False,
        "two samples, or a sample and a control, exchanged in sheet and export",
        spoiling.swap,
    ),
)


def arms_for(population: Population) -> tuple[Arm, ...]:
    """Return the arms that the panel can show."""
    impossible = {
        "reference_only": all(allele.must for allele in population.alleles),
        "poor_primer": not population.unconfirmed,
    }
    return tuple(arm for arm in ARMS if not impossible.get(arm.name))


def study_plates(
    batch: str, samples: int, population: Population, arms: Sequence[Arm]
) -> Iterator[StudyPlate]:
    """Yield the plates of a batch, each in its arm.

    Args:
        batch: Name of the batch.
        samples: Samples of all its plates together.
        population: What is drawn from.
        arms: Arms among which the plates are dealt out by their shares.
    """
    plates = draw_plates(batch, samples, population)
    for drawn, arm in zip(plates, _dealt(batch, population.seed, arms), strict=False):
        yield _spoilt(drawn, arm, population)


def _dealt(batch: str, seed: int, arms: Sequence[Arm]) -> Iterator[Arm]:
    """Yield arms without end; in every stretch each about as often as its share."""
    ends = list(accumulate(arm.share for arm in arms))
    place = float(plate_numbers(seed, batch, 0).random())
    while True:
        place = (place + GOLDEN) % 1.0
        reached = place * ends[-1]
        yield next((a for a, end in zip(arms, ends, strict=True) if reached < end), arms[-1])


def _spoilt(drawn: DrawnPlate, arm: Arm, population: Population) -> StudyPlate:
    plan = replace(drawn.plan, name=f"{drawn.plan.name}-{arm.name}")
    return StudyPlate(arm, drawn.instrument, arm.spoil(plan, population, drawn.rng))
