"""What goes wrong on the plates of an arm of the study.

Each function takes a plate with nothing amiss, what it was drawn from, and the plate's random
numbers, and returns the plate as it was really pipetted, run and exported.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from breakpoint_pcr.panel import Panel
from breakpoint_pcr.simulate.effects import PlateEffects
from breakpoint_pcr.simulate.plans import Plan
from breakpoint_pcr.simulate.plate import well_name
from breakpoint_pcr.simulate.truth import Fault, FaultKind, SampleTruth
from breakpoint_pcr.tables import Role
from breakpoint_pcr.validation.population import (
    POSITIVE,
    WATER,
    WILD_TYPE,
    Population,
    copies_between,
    log_uniform,
    unknowns,
)

Ends = tuple[float, float]
Thing = TypeVar("Thing")
INHIBITED, STRUCK = (0.5, 0.9), 1 / 3
# Sizes of `simulate.artefacts`: shares of the full rise, of the background (drift), of the curve's
# own rise (hook).
OPTICS: Mapping[FaultKind, Ends] = {
    FaultKind.DRIFT: (0.03, 0.5),
    FaultKind.CONVEX: (0.05, 1.0),
    FaultKind.JUMP: (0.05, 1.0),
    FaultKind.STEP_BACK: (0.05, 0.5),
    FaultKind.SPIKE: (0.05, 1.0),
    FaultKind.WAVE: (0.05, 1.0),
    FaultKind.HOOK: (0.1, 0.6),
    FaultKind.SATURATION: (0.2, 0.8),
}
OPTICS_WELLS, DROPPED_WELLS = 3, 2
FIRST_EVENT_CYCLE = 5
# Differences between the ends of a plate: light 20 %, efficiency 4 %. A well at the edge dries by
# up to a tenth, one in a corner by twice that, and its background is that much brighter in the end:
# 0.03 of the full rise, where the background is 2.4 and the full rise 9.
LIGHT, BLOCK, DRYING = 0.2, 0.04, (0.0, 0.03)
DROPPED = (
    FaultKind.OMITTED,
    FaultKind.MISSING_CURVE,
    FaultKind.MISSING_CYCLES,
)
# Share of the plates whose export does not have some wells that the sheet names, or has them empty.
# They stay apart from the others: most readers refuse such a run as a whole.
INCOMPLETE_EXPORT = 0.2
UNLISTED = (FaultKind.EMPTY, FaultKind.NO_RESULT)
LOST_CYCLES = (1, 10)
LEFT_LIGHT = (0.02, 0.2)
CONTROL_DIRT, SAMPLE_DIRT = (10.0, 1000.0), (1.0, 1000.0)
LITTLE_NG, BELIEVED_NG = (0.5, 10.0), 100.0
PRIMING = 0.3


def leave(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Return the plate as it is."""
    del population, rng
    return plan


def inhibit(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Lower the efficiency of every reaction of a third of the samples, the control gene's too.

    An inhibitor comes with a sample's DNA. The samples beside it are as they are.
    """
    del population
    names = [sample.name for sample in unknowns(plan)]
    for place in rng.choice(len(names), size=math.ceil(len(names) * STRUCK), replace=False):
        fault = Fault(FaultKind.INHIBITED, size=float(rng.uniform(*INHIBITED)))
        plan = _change(plan, names[int(place)], lambda sample, fault=fault: _with(sample, fault))
    return plan


def disturb_optics(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Put an optical fault on one to three wells of each sample."""
    del population

    def disturbed(sample: SampleTruth) -> SampleTruth:
        wells = _some_wells(plan, sample, OPTICS_WELLS, rng)
        return _with(sample, *(_optical(well, assay, plan, rng) for well, assay in wells))

    return _each(plan, disturbed)


def _optical(well: str, assay: str, plan: Plan, rng: np.random.Generator) -> Fault:
    kind = _one_of(list(OPTICS), rng)
    size = float(rng.uniform(*OPTICS[kind]))
    return Fault(kind, assay, well, size, int(rng.integers(FIRST_EVENT_CYCLE, plan.cycles)))


def tilt_plate(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Let light, background and efficiency change over the plate, and its edge dry."""
    del population
    light = [float(rng.uniform(-LIGHT, LIGHT)) for _ in range(4)]
    effects = PlateEffects(
        gain_columns=light[0],
        gain_rows=light[1],
        level_columns=light[2],
        level_rows=light[3],
        efficiency_corners=float(rng.uniform(-BLOCK, BLOCK)),
        edge_evaporation=float(rng.uniform(*DRYING)),
    )
    return replace(plan, effects=effects)


def drop_out(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Lose one or two wells of each sample, or let one well of a duplicate fail."""
    del population
    incomplete = bool(rng.random() < INCOMPLETE_EXPORT)
    unlisted = _one_of(UNLISTED, rng)

    def dropped(sample: SampleTruth) -> SampleTruth:
        wells = _some_wells(plan, sample, DROPPED_WELLS, rng)
        if sample.extra_wells and rng.random() < 1 / 2:
            return _with(sample, _failed(*wells[0], rng))
        if incomplete:
            return _with(sample, *(Fault(unlisted, assay, well) for well, assay in wells))
        return _with(sample, *(_lost(well, assay, plan, rng) for well, assay in wells))

    return _each(plan, dropped)


def _lost(well: str, assay: str, plan: Plan, rng: np.random.Generator) -> Fault:
    kind = _one_of(DROPPED, rng)
    if kind is not FaultKind.MISSING_CYCLES:
        return Fault(kind, assay, well)
    size = int(rng.integers(*LOST_CYCLES, endpoint=True))
    return Fault(kind, assay, well, size, int(rng.integers(1, plan.cycles - size)))


def _failed(well: str, assay: str, rng: np.random.Generator) -> Fault:
    """Return a well in which nothing is copied: without enzyme or template, or without anything."""
    if rng.random() < 1 / 2:
        return Fault(FaultKind.DEAD, assay, well)
    return Fault(FaultKind.NO_MIX, assay, well, float(rng.uniform(*LEFT_LIGHT)))


def fail_control(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Let one or two control reactions fail."""
    assays = list(plan.assays)
    tested = _breakpoints(population.panel)
    for _ in range(int(rng.integers(1, 3))):
        case = int(rng.integers(4))
        size = copies_between(*CONTROL_DIRT, rng)
        if case == 0:
            fault = Fault(FaultKind.CONTAMINATED, _one_of(assays, rng), size=size)
            plan = _change(plan, WATER, lambda sample, fault=fault: _with(sample, fault))
        elif case == 1:
            fault = Fault(FaultKind.CONTAMINATED, _one_of(tested, rng), size=size)
            plan = _change(plan, WILD_TYPE, lambda sample, fault=fault: _with(sample, fault))
        elif case == 2:  # noqa: PLR2004
            fault = Fault(FaultKind.DEAD, _one_of(tested, rng))
            plan = _change(plan, POSITIVE, lambda sample, fault=fault: _with(sample, fault))
        else:
            control, lost = _one_of((WATER, WILD_TYPE, POSITIVE), rng), _one_of(tested, rng)
            plan = _change(plan, control, lambda sample, lost=lost: _without(sample, lost))
    return plan


def _without(sample: SampleTruth, assay: str) -> SampleTruth:
    """Return the sample without its wells of an assay."""
    return replace(
        sample,
        left_out=tuple(dict.fromkeys((*sample.left_out, assay))),
        faults=tuple(fault for fault in sample.faults if fault.assay != assay),
    )


def starve(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Give each sample little DNA, which the sheet tells or does not know."""
    del population

    def starved(sample: SampleTruth) -> SampleTruth:
        amount = log_uniform(*LITTLE_NG, rng)
        told = BELIEVED_NG if rng.random() < 1 / 2 else amount
        little = replace(sample, input_ng=amount, sheet={"input_ng": f"{told:.3g}"})
        cells = float(math.floor(little.genomes))
        held = {name: min(copies, cells) for name, copies in sample.alleles.items()}
        return replace(little, alleles=held)

    return _each(plan, starved)


def dilute(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Give each sample an allele that is neither present nor absent."""
    most = math.ceil(population.copies_present) - 1

    def diluted(sample: SampleTruth) -> SampleTruth:
        names = list(sample.alleles) or [_one_of(population.sure, rng).name]
        return replace(sample, alleles={**sample.alleles, names[-1]: copies_between(1, most, rng)})

    return _each(plan, diluted)


def lengthen(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Give each sample an allele that no assay must show."""
    forms = [allele.name for allele in population.alleles if not allele.must]

    def lengthened(sample: SampleTruth) -> SampleTruth:
        copies = copies_between(population.copies_present, sample.genomes, rng)
        return replace(sample, alleles={_one_of(forms, rng): copies})

    return _each(plan, lengthened)


def prime_poorly(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Let each primer without an exact site start on a part of its templates."""
    del rng
    return replace(plan, priming=dict.fromkeys(sorted(population.unconfirmed), PRIMING))


def kill_reaction(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Let the only well that must show an allele of a sample fail."""

    def failing(sample: SampleTruth) -> SampleTruth:
        single = replace(sample, extra_wells={})
        held = [allele for allele in population.sure if allele.name in sample.alleles]
        allele = held[0] if held else _one_of(population.sure, rng)
        copies = copies_between(population.copies_present, sample.genomes, rng)
        struck = _failed("", _one_of(sorted(allele.must), rng), rng)
        return _with(replace(single, alleles={allele.name: copies, **sample.alleles}), struck)

    return _each(plan, failing)


def contaminate(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Bring foreign template into one reaction of each sample."""
    tested = _breakpoints(population.panel)

    def contaminated(sample: SampleTruth) -> SampleTruth:
        wells = [place for place in _wells(plan, sample) if place[1] in tested]
        well, assay = _one_of(wells, rng)
        size = copies_between(*SAMPLE_DIRT, rng)
        return _with(sample, Fault(FaultKind.CONTAMINATED, assay, well, size))

    return _each(plan, contaminated)


def swap(plan: Plan, population: Population, rng: np.random.Generator) -> Plan:
    """Exchange the names of neighbouring samples, or those of one sample and a control."""
    del population
    names = [sample.name for sample in unknowns(plan)]
    if rng.random() < 1 / 2:
        pairs = tuple(zip(names[::2], names[1::2], strict=False))
    else:
        pairs = ((_one_of(names, rng), _one_of((WATER, WILD_TYPE, POSITIVE), rng)),)
    return replace(plan, swapped=pairs)


def _each(plan: Plan, change: Callable[[SampleTruth], SampleTruth]) -> Plan:
    """Change every sample that is no control."""
    return replace(
        plan,
        samples=tuple(change(s) if s.role is Role.UNKNOWN else s for s in plan.samples),
    )


def _change(plan: Plan, name: str, change: Callable[[SampleTruth], SampleTruth]) -> Plan:
    return replace(plan, samples=tuple(change(s) if s.name == name else s for s in plan.samples))


def _with(sample: SampleTruth, *faults: Fault) -> SampleTruth:
    """Return the sample with these faults, as far as their wells were pipetted."""
    struck = tuple(fault for fault in faults if fault.assay not in sample.left_out)
    return replace(sample, faults=tuple(dict.fromkeys((*sample.faults, *struck))))


def _wells(plan: Plan, sample: SampleTruth) -> list[tuple[str, str]]:
    """Return the wells of a sample with their assays."""
    column = plan.samples.index(sample)
    own = [(well_name(row, column), assay) for row, assay in enumerate(plan.assays)]
    return [*own, *sample.extra_wells.items()]


def _some_wells(
    plan: Plan, sample: SampleTruth, most: int, rng: np.random.Generator
) -> list[tuple[str, str]]:
    wells = _wells(plan, sample)
    count = int(rng.integers(1, most, endpoint=True))
    return [wells[int(place)] for place in rng.choice(len(wells), size=count, replace=False)]


def _breakpoints(panel: Panel) -> list[str]:
    return [assay.name for assay in panel.breakpoint_assays]


def _one_of(things: Sequence[Thing], rng: np.random.Generator) -> Thing:
    return things[int(rng.integers(len(things)))]
