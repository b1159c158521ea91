"""The spread of Ct of materials that a laboratory ran more than once (CLSI EP05).

Positive controls, standards and samples; water and wild-type DNA give no Ct to compare. Every Ct
with amplification counts, whatever the call: nothing is dropped as an outlier.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from breakpoint_pcr.panel import Panel
from breakpoint_pcr.statistics.precision import Spread, spread_of
from breakpoint_pcr.tables import CurveClass, Role, State, Well
from breakpoint_pcr.validation.laboratory_runs import LaboratoryRun, called_names
from breakpoint_pcr.validation.rows import Precision

ROLES = (Role.POSITIVE_CONTROL, Role.STANDARD, Role.UNKNOWN)
MEASURED = (State.OK, State.UNDETERMINED)
REPEATS_MIN = 2


@dataclass(frozen=True, slots=True)
class Material:
    """What is the same in every run; fields as in Precision."""

    sample: str
    role: Role
    patient_ref: str
    copies: float | None
    dilution: float | None
    assay: str


@dataclass(frozen=True, slots=True)
class _Measured:
    """A reaction of a material; no Ct: the reaction shows no amplification."""

    run: str
    day: str
    ct: float | None


def precision_rows(runs: Iterable[LaboratoryRun], panel: Panel) -> list[Precision]:
    """Return a row for each material and assay with two wells or more, one with a Ct at least."""
    groups: dict[Material, list[_Measured]] = {}
    for run in runs:
        names = called_names(run)
        for well in run.wells:
            if well.role in ROLES and well.sample and well.state in MEASURED:
                name = names[well.sample] if well.role is Role.UNKNOWN else well.sample
                measured = _Measured(run.name, run.day, amplified_ct(well))
                groups.setdefault(_material(well, name, run), []).append(measured)
    assays = [assay.name for assay in panel.assays]

    def place(material: Material) -> tuple[str, str, float, float, str, int]:
        copies, dilution = material.copies or 0.0, material.dilution or 0.0
        order = assays.index(material.assay)
        return material.role, material.sample, copies, dilution, material.patient_ref, order

    return [
        _row(material, groups[material])
        for material in sorted(groups, key=place)
        if len(groups[material]) >= REPEATS_MIN
        and any(measured.ct is not None for measured in groups[material])
    ]


def amplified_ct(well: Well) -> float | None:
    """Return the Ct; None for one that the instrument gives to a curve without a rise."""
    return None if well.curve is CurveClass.NONE else well.ct


def _material(well: Well, name: str, run: LaboratoryRun) -> Material:
    lines = run.lines_of(well)
    return Material(
        sample=name,
        role=well.role,
        patient_ref=next((line.patient_ref for line in lines if line.patient_ref), ""),
        copies=next((line.copies for line in lines if line.copies is not None), None),
        dilution=next((line.dilution for line in lines if line.dilution is not None), None),
        assay=well.assay,
    )


def _row(material: Material, measured: Sequence[_Measured]) -> Precision:
    amplified = [m for m in measured if m.ct is not None]
    spread = _spread(amplified)
    return Precision(
        sample=material.sample,
        role=material.role,
        patient_ref=material.patient_ref,
        copies=material.copies,
        dilution=material.dilution,
        assay=material.assay,
        days=spread.days,
        runs=spread.runs,
        wells=spread.values,
        without_ct=len(measured) - len(amplified),
        mean=spread.mean,
        repeatability_sd=spread.repeatability_sd,
        between_run_sd=spread.between_run_sd,
        between_day_sd=spread.between_day_sd,
        within_laboratory_sd=spread.within_laboratory_sd,
        reason=spread.reason,
    )


def _spread(measured: Sequence[_Measured]) -> Spread:
    """Return the spread; runs without a date belong to no day, and are left out beside dated ones.

    Where no run has a date, only the spread within runs is sure.
    """
    undated = sorted({m.run for m in measured if not m.day})
    dated = [(m.day, m.run, m.ct) for m in measured if m.day and m.ct is not None]
    if dated:
        spread = spread_of(dated)
        note = f"left out, as they have no date: {', '.join(undated)}" if undated else ""
        return replace(spread, reason="; ".join(filter(None, (note, spread.reason))))
    alone = spread_of((m.run, m.run, m.ct) for m in measured if m.ct is not None)
    if len(undated) == 1:
        return replace(alone, days=0)
    return replace(
        alone,
        days=0,
        within_laboratory_sd=None,
        reason="no run has a date: the spread between runs and between days is not told apart",
    )
