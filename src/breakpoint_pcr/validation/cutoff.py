"""What the Ct limit does to few copies: simulated dilutions of every breakpoint assay.

Simulated, for each assay on each instrument profile, and judged by the code that judges a run:

- the shortest allele whose product must appear, at `COPIES` mean copies per reaction, `WELLS`
  reactions each. How many molecules reach a tube is drawn (Poisson), and every doubling of few
  molecules is (`simulate.physics`). The efficiency is the profile's, the same in every well;
- one plate for each number of copies, with a positive control in `CONTROL_WELLS` wells, whose
  curves give the reference amplitude, and nothing else amiss: no inhibition, no contamination, no
  differences over the plate, no error of dilution;
- `CYCLES` cycles, the baseline a straight line that ends before each rise.

Positive is what a well says by itself, before replicates and other controls. A reaction in review
is not positive. So C5, C50 and C95 are those of one well: of Poisson sampling, of the scatter of
late Cts about the limit, and of curves that are too weak or too late to be standard.
"""

import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from breakpoint_pcr.calling import CallSettings, judge_reactions, method_of
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.runs import RunRecord, Status
from breakpoint_pcr.simulate.instruments import InstrumentProfile
from breakpoint_pcr.simulate.plans import Baseline, Plan
from breakpoint_pcr.simulate.plate import (
    PLATES,
    REPORTER,
    SimulatedPlate,
    SimulatedReaction,
    well_name,
)
from breakpoint_pcr.simulate.simulation import simulate_plate
from breakpoint_pcr.simulate.truth import SampleTruth
from breakpoint_pcr.tables import (
    Amplifies,
    Curve,
    CurveClass,
    CurveKind,
    Outcome,
    Product,
    Reaction,
    Role,
    State,
)
from breakpoint_pcr.validation.dilutions import DilutionWell

# 0.5 to 210 copies, each 1.3 times the one before: late Cts scatter so little that the share of
# positive wells climbs from 5 to 95 % within a factor of three.
COPIES = tuple(float(f"{0.5 * 1.3**step:.2g}") for step in range(24))
WELLS = 40
CONTROL_COPIES, CONTROL_WELLS = 3000.0, 3
CYCLES = 40
BASELINE = Baseline("line", 3, None)
DATE = "2026-01-05"
PLATE = 96
DILUTION, CONTROL = "dilution", "PC"


@dataclass(frozen=True, slots=True)
class CutoffStudy:
    """What is simulated, with which limits it is judged, and the seed of all.

    `instruments` are profiles by name.
    """

    panel: Panel
    products: Sequence[Product]
    instruments: Mapping[str, InstrumentProfile]
    settings: CallSettings
    seed: int


def simulate_dilutions(study: CutoffStudy) -> Iterator[DilutionWell]:
    """Yield every simulated reaction; an assay that no allele lights has none."""
    for assay in study.panel.breakpoint_assays:
        allele = _allele(assay.name, study.products)
        for name in study.instruments if allele else ():
            for copies in COPIES:
                plan = _plan(study, name, assay=assay.name, allele=allele, copies=copies)
                yield from _judged(study, plan, name, copies)


def _allele(assay: str, products: Sequence[Product]) -> str:
    """Return the allele with the shortest product, of those that must light the assay if any do."""
    lit = [row for row in products if row.assay == assay and row.product is not Amplifies.NONE]
    ordered = sorted(
        lit, key=lambda row: (row.product is not Amplifies.MUST, row.size_min or 0, row.allele)
    )
    return ordered[0].allele if ordered else ""


def _plan(study: CutoffStudy, instrument: str, *, assay: str, allele: str, copies: float) -> Plan:
    """Return the plate of one number of copies: the control first, then the dilution."""
    profile = study.instruments[instrument]
    rows, columns = PLATES[PLATE]
    # Row A holds the first well of each; the rest of the plate follows it.
    free = [well_name(row, column) for row in range(1, rows) for column in range(columns)]
    of_control, of_dilution = CONTROL_WELLS - 1, CONTROL_WELLS + WELLS - 2
    return Plan(
        name="cutoff",
        format="generic",
        seed=_seed(study.seed, instrument, assay, COPIES.index(copies)),
        date=DATE,
        cycles=max(CYCLES, math.ceil(study.settings.wells.ct_limit)),
        threshold=profile.threshold,
        baseline=BASELINE,
        physics=profile.physics,
        priming={},
        assays={assay: None},
        samples=(
            SampleTruth(
                CONTROL,
                Role.POSITIVE_CONTROL,
                {allele: CONTROL_COPIES},
                extra_wells=dict.fromkeys(free[:of_control], assay),
            ),
            SampleTruth(
                DILUTION,
                Role.UNKNOWN,
                {allele: copies},
                extra_wells=dict.fromkeys(free[of_control:of_dilution], assay),
            ),
        ),
        passive_reference=profile.passive_reference,
    )


def _seed(seed: int, instrument: str, assay: str, step: int) -> int:
    names = (zlib.crc32(name.encode()) for name in (instrument, assay))
    return int(np.random.SeedSequence([seed, *names, step]).generate_state(1)[0])


def _judged(
    study: CutoffStudy, plan: Plan, instrument: str, copies: float
) -> Iterator[DilutionWell]:
    """Run the plate and yield what the dilution's wells say by themselves."""
    plate = simulate_plate(plan, panel=study.panel, products=study.products)
    method = method_of(study.panel, study.products, study.settings, frozenset())
    record = RunRecord(plan.name, Status.READ)
    reactions = [_reaction(plate, reaction) for reaction in plate.reactions]
    curves = [
        Curve(plan.name, reaction.tube.well, reaction.tube.assay, reaction.reading.delta_rn)
        for reaction in plate.reactions
    ]
    wells, _, _ = judge_reactions(record, reactions, curves, method=method)
    for well in wells:
        if well.reaction.role is Role.UNKNOWN:
            ct = None if well.shape.curve is CurveClass.NONE else well.reaction.ct
            positive = well.outcome is Outcome.POSITIVE
            yield DilutionWell(well.reaction.assay, instrument, copies, positive, ct)


def _reaction(plate: SimulatedPlate, simulated: SimulatedReaction) -> Reaction:
    """Return the reaction as an export of ΔRn with Cts gives it."""
    tube, reading = simulated.tube, simulated.reading
    return Reaction(
        run=plate.name,
        file=plate.name,
        well=tube.well,
        sample=tube.sample.name,
        assay=tube.assay,
        target=tube.assay,
        dye=REPORTER,
        role=tube.sample.role,
        state=State.UNDETERMINED if reading.ct is None else State.OK,
        ct=reading.ct,
        ct_text="" if reading.ct is None else repr(reading.ct),
        threshold=plate.readout.threshold,
        baseline_start=reading.baseline_start,
        baseline_end=reading.baseline_end,
        curve_kind=CurveKind.DELTA_RN,
        n_cycles=plate.readout.cycles,
        input_ng=None,
    )
