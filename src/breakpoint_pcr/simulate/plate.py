"""The plate: what is pipetted where, and what the instrument reads there.

Rows are assays, columns are samples. Each tube has random numbers of its own, seeded by the plate's
seed, the well and the assay: one tube more changes no other.

A tube keeps what was pipetted (`sample`, `assay`) apart from what is written on it (`label`,
`target`): they differ where the names of two samples or of two assays were exchanged.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from breakpoint_pcr.panel import Panel
from breakpoint_pcr.simulate.artefacts import distort
from breakpoint_pcr.simulate.effects import WellEffects
from breakpoint_pcr.simulate.physics import (
    Physics,
    Reading,
    Readout,
    WellOptics,
    amplify,
    efficiency_of,
    fluoresce,
    read_out,
    sample_molecules,
)
from breakpoint_pcr.simulate.plans import Plan
from breakpoint_pcr.simulate.truth import (
    Fault,
    FaultKind,
    PlanError,
    SampleTruth,
    Template,
    templates_of,
)
from breakpoint_pcr.tables import Amplifies, Product

ROW_LETTERS = "ABCDEFGHIJKLMNOP"
PLATES = {96: (8, 12), 384: (16, 24)}
REPORTER = "FAM"
QUENCHER = "TAMRA"


@dataclass(frozen=True, slots=True)
class Tube:
    """One reaction before the run: what is in it, and what will go wrong."""

    well: str
    sample: SampleTruth
    assay: str
    efficiency: float
    templates: tuple[Template, ...]
    faults: tuple[Fault, ...]
    label: SampleTruth
    target: str
    effects: WellEffects

    def fault(self, kind: FaultKind) -> Fault | None:
        """Return the fault of this kind, if it strikes here."""
        return next((fault for fault in self.faults if fault.kind is kind), None)


@dataclass(frozen=True, slots=True)
class SimulatedReaction:
    """One reaction after the run; `molecules` reached the tube, `reading` is the instrument's."""

    tube: Tube
    molecules: tuple[int, ...]
    reading: Reading

    @property
    def points(self) -> list[tuple[int, float, float]]:
        """Return cycle, Rn and ΔRn of the cycles that the export holds."""
        lost = self.tube.fault(FaultKind.MISSING_CYCLES)
        reading = self.reading
        return [
            (cycle, rn, delta)
            for cycle, (rn, delta) in enumerate(zip(reading.rn, reading.delta_rn, strict=True), 1)
            if not (lost and lost.cycle <= cycle < lost.cycle + lost.size)
        ]


@dataclass(frozen=True, slots=True)
class SimulatedPlate:
    """A run as the instrument knows it, for the writers. Reactions in plate order."""

    name: str
    date: str
    wells: int
    readout: Readout
    passive_reference: bool
    reactions: tuple[SimulatedReaction, ...]

    @property
    def exported(self) -> tuple[SimulatedReaction, ...]:
        """Return the reactions that the export knows of."""
        return tuple(r for r in self.reactions if not r.tube.fault(FaultKind.NO_RESULT))


def plate_size(plan: Plan) -> int:
    """Return the wells of the smallest plate that holds the plan.

    Raises:
        PlanError: None does.
    """
    used = [split_well(well) for sample in plan.samples for well in sample.extra_wells]
    rows = max([len(plan.assays), *(row + 1 for row, _ in used)])
    columns = max([len(plan.samples), *(column + 1 for _, column in used)])
    for wells, (most_rows, most_columns) in PLATES.items():
        if rows <= most_rows and columns <= most_columns:
            return wells
    raise PlanError(f"{rows} assays by {columns} samples; a plate holds at most 16 by 24")


def well_name(row: int, column: int) -> str:
    """Return the name of a well, A1 style, from 0-based row and column."""
    return f"{ROW_LETTERS[row]}{column + 1}"


def split_well(well: str) -> tuple[int, int]:
    """Return 0-based row and column.

    Raises:
        PlanError: Not a well's name.
    """
    if well[:1] not in ROW_LETTERS or not well[1:].isdecimal() or well[1:].startswith("0"):
        raise PlanError(f"well {well!r}; expected a letter A-P and a number, such as H8")
    return ROW_LETTERS.index(well[0]), int(well[1:]) - 1


def plate_wells(wells: int) -> Iterator[str]:
    """Yield the wells of a plate by row, then column."""
    rows, columns = PLATES[wells]
    return (well_name(row, column) for row in range(rows) for column in range(columns))


def well_number(well: str, wells: int) -> int:
    """Return the 1-based number of a well, counted by row."""
    row, column = split_well(well)
    return row * PLATES[wells][1] + column + 1


def lay_out(plan: Plan, *, panel: Panel, products: Sequence[Product]) -> tuple[Tube, ...]:
    """Return the tubes of the plan, in plate order.

    Raises:
        PlanError: An assay is not in the panel, or two tubes want one well.
    """
    known = {assay.name: assay for assay in panel.assays}
    if unknown := [name for name in plan.assays if name not in known]:
        raise PlanError(f"assay {unknown[0]!r} is not in the panel; expected {', '.join(known)}")
    rows, columns = PLATES[plate_size(plan)]
    labels, targets = _exchanged(plan)
    tubes: dict[str, Tube] = {}
    for well, sample, name in _places(plan):
        if name not in plan.assays:
            raise PlanError(f"well {well}: assay {name!r} is not in the plan's assays")
        if well in tubes:
            raise PlanError(f"well {well} is used twice")
        tubes[well] = Tube(
            well,
            sample,
            name,
            plan.assays[name] or plan.physics.efficiency,
            templates_of(sample, known[name], products=products, priming=plan.priming),
            tuple(f for f in sample.faults if f.assay in ("", name) and f.well in ("", well)),
            label=labels.get(sample.name, sample),
            target=targets.get(name, name),
            effects=plan.effects.at(*split_well(well), rows=rows, columns=columns),
        )
    _check_faults(plan, tubes)
    return tuple(tubes[well] for well in sorted(tubes, key=split_well))


def _exchanged(plan: Plan) -> tuple[dict[str, SampleTruth], dict[str, str]]:
    """Return the sample that each exchanged sample is taken for, and the same of assays."""
    samples = {sample.name: sample for sample in plan.samples}
    for what, pairs, names in (
        ("swapped", plan.swapped, samples),
        ("swapped_assays", plan.swapped_assays, plan.assays),
    ):
        exchanged = [name for pair in pairs for name in pair]
        if odd := [n for n in exchanged if n not in names or exchanged.count(n) > 1]:
            raise PlanError(f"{what}: {odd[0]!r} is not in the plan, or stands twice")
    labels = {a: samples[b] for pair in plan.swapped for a, b in (pair, pair[::-1])}
    return labels, {a: b for pair in plan.swapped_assays for a, b in (pair, pair[::-1])}


def _places(plan: Plan) -> Iterator[tuple[str, SampleTruth, str]]:
    for column, sample in enumerate(plan.samples):
        for row, assay in enumerate(plan.assays):
            if assay not in sample.left_out:
                yield well_name(row, column), sample, assay
        for well, assay in sample.extra_wells.items():
            yield well, sample, assay


def _check_faults(plan: Plan, tubes: dict[str, Tube]) -> None:
    struck = {fault for tube in tubes.values() for fault in tube.faults}
    for sample in plan.samples:
        if lost := [fault for fault in sample.faults if fault not in struck]:
            raise PlanError(
                f"sample {sample.name}: fault {lost[0].kind} strikes no well; "
                f"check assay {lost[0].assay!r} and well {lost[0].well!r}"
            )
        for fault in sample.faults:
            if fault.kind is FaultKind.NO_MIX and not 0 < fault.size <= 1:
                raise PlanError(
                    f"sample {sample.name}: fault no_mix has size {fault.size:g}; "
                    "expected the share of light that is left, above 0 and up to 1"
                )


def run_tube(tube: Tube, *, seed: int, physics: Physics, readout: Readout) -> SimulatedReaction:
    """Amplify and read one tube."""
    entropy = np.random.SeedSequence(
        [seed, *split_well(tube.well), zlib.crc32(tube.assay.encode())]
    )
    drawing, optics = (np.random.default_rng(child) for child in entropy.spawn(2))
    templates = _with_contamination(tube)
    molecules = sample_molecules(templates, drawing)
    if tube.fault(FaultKind.NO_MIX):
        molecules = (0,) * len(molecules)
    signal = amplify(
        molecules,
        [efficiency_of(t, _efficiency(tube), physics) for t in templates],
        cycles=readout.cycles,
        physics=physics,
        rng=drawing,
    )
    rn = fluoresce(signal, well=_optics(tube), physics=physics, rng=optics)
    for fault in _optical_faults(tube):
        rn = distort(rn, signal, fault=fault, physics=physics)
    reading = read_out(rn, readout)
    if tube.fault(FaultKind.MISSING_CURVE):
        reading = replace(reading, rn=(), delta_rn=())
    return SimulatedReaction(tube, molecules, reading)


def _with_contamination(tube: Tube) -> tuple[Template, ...]:
    carried = tube.fault(FaultKind.CONTAMINATED)
    foreign = (Template(carried.size, None, Amplifies.MUST),) if carried else ()
    return tube.templates + foreign


def _efficiency(tube: Tube) -> float:
    inhibited = tube.fault(FaultKind.INHIBITED)
    if tube.fault(FaultKind.DEAD):
        return 0.0
    here = min(1.0, tube.efficiency * tube.effects.efficiency)
    return here * (inhibited.size if inhibited else 1.0)


def _optics(tube: Tube) -> WellOptics:
    """Return how the well is seen.

    Of a well without mix a share of the light is left, while the detector's own noise stays: the
    noise of the ratio grows as the light shrinks.
    """
    effects = tube.effects
    weak, nothing = tube.fault(FaultKind.WEAK), tube.fault(FaultKind.NO_MIX)
    left = nothing.size if nothing else 1.0
    gain = (weak.size if weak else 1.0) * effects.gain
    return WellOptics(gain, effects.level * left, 1 / left)


def _optical_faults(tube: Tube) -> tuple[Fault, ...]:
    """Return the faults of the tube, drying at the plate's edge among them."""
    if not tube.effects.evaporation:
        return tube.faults
    return (*tube.faults, Fault(FaultKind.CONVEX, tube.assay, size=tube.effects.evaporation))
