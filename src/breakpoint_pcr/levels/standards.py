"""Standard curves of a run: which wells are standards, what they hold, and whether the line holds.

A standard counts with a Ct on a standard curve. Where a well of a quantity stays dark, the whole
quantity is left out: those that amplified there were the lucky ones, and the lowest quantity of a
curve must be one that every well showed (van der Velden 2007, doi 10.1038/sj.leu.2404586, as
cited).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.calling.sheet import Sheet
from breakpoint_pcr.levels.numbers import listed
from breakpoint_pcr.levels.settings import LevelSettings
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.statistics.calibration import Calibration, calibrate
from breakpoint_pcr.tables import (
    CurveClass,
    Finding,
    Level,
    Outcome,
    Quantity,
    Role,
    StandardCurve,
    Well,
)

COPIES_PER_GENOME = 2
# A straight line needs so many different quantities.
LINE_QUANTITIES = 2
Key = tuple[str, Quantity, str]


@dataclass(frozen=True, slots=True)
class Standard:
    """A well of known content: `amount` is copies per reaction, or share of the diluted sample."""

    well: Well
    amount: float


@dataclass(frozen=True, slots=True)
class Line:
    """A standard curve with the wells that it goes through; no calibration: no line at all."""

    row: StandardCurve
    calibration: Calibration | None
    used: tuple[Well, ...]
    left_out: tuple[str, ...]
    dark: bool

    @property
    def accepted(self) -> Calibration | None:
        """The calibration, where levels may be read from it."""
        return self.calibration if self.row.accepted else None


@dataclass(frozen=True, slots=True)
class StandardWells:
    """The wells of role standard, and what is needed to read them.

    `decided` are the wells whose outcome a reviewer set.
    """

    run: str
    wells: Sequence[Well]
    sheet: Sheet
    panel: Panel
    decided: Collection[str]

    def is_gene(self, assay: str) -> bool:
        """Tell whether an assay is a control gene's."""
        return assay in {gene.name for gene in self.panel.control_genes}

    def of_series(self, assay: str, patient: str) -> list[Standard]:
        """Return the wells of an assay in a patient's dilution series that have a Ct."""
        mine = self._diluted(assay, patient)
        return [standard for standard in mine if not self.why_not(standard.well)]

    def _diluted(self, assay: str, patient: str) -> Iterator[Standard]:
        for well in self.wells:
            dilution = self.sheet.dilution(well)
            same = well.assay == assay and self.sheet.patient_ref(well) == patient
            if same and dilution is not None:
                yield Standard(well, dilution)

    def why_not(self, well: Well) -> str:
        """Say why a standard does not count; empty when it does."""
        if well.outcome not in (Outcome.POSITIVE, Outcome.NEGATIVE):
            return f"{well.outcome}"
        if well.outcome is Outcome.NEGATIVE and well.well in self.decided:
            return "negative by a reviewer"
        if well.ct is None:
            return "no Ct"
        return "" if well.curve is CurveClass.STANDARD else f"curve {well.curve}"


def copies_of(standards: StandardWells, well: Well, settings: LevelSettings) -> float | None:
    """Return the copies that a standard holds; None where nobody says.

    Genomic DNA holds two copies of a control gene per cell. In a dilution series it does not count:
    there the control gene tells how much DNA was in it.
    """
    copies, amount_ng = standards.sheet.copies(well), standards.sheet.input_ng(well)
    if copies is not None or amount_ng is None or not standards.is_gene(well.assay):
        return copies
    if standards.sheet.dilution(well) is not None:
        return None
    return COPIES_PER_GENOME * settings.cells(amount_ng)


def standard_lines(standards: StandardWells, settings: LevelSettings) -> dict[Key, Line]:
    """Return the standard curves of a run: by assay in panel order, copies before dilutions."""
    groups: dict[Key, list[Standard]] = {}
    for well in standards.wells:
        copies, dilution = copies_of(standards, well, settings), standards.sheet.dilution(well)
        if copies is not None:
            groups.setdefault((well.assay, Quantity.COPIES, ""), []).append(Standard(well, copies))
        if dilution is not None and not standards.is_gene(well.assay):
            patient = standards.sheet.patient_ref(well)
            key = (well.assay, Quantity.DILUTION, patient)
            groups.setdefault(key, []).append(Standard(well, dilution))
    order = [assay.name for assay in standards.panel.assays]
    keys = sorted(groups, key=lambda key: (order.index(key[0]), key[1:]))
    return {key: _line(key, groups[key], standards, settings) for key in keys}


def _line(
    key: Key, group: Sequence[Standard], standards: StandardWells, settings: LevelSettings
) -> Line:
    left_out = _left_out(group, standards)
    used = [standard for standard in group if standard.well.well not in left_out]
    amounts = {standard.amount for standard in used}
    calibration = _calibration(used, settings) if len(amounts) >= LINE_QUANTITIES else None
    problems = list(_problems(key, len(amounts), calibration, settings))
    row = _row(key, group, standards.run, points=len(used), line=calibration, problems=problems)
    reasons = tuple(f"{well} ({why})" for well, why in left_out.items())
    dark = all(standard.well.outcome is Outcome.NEGATIVE for standard in group) and not used
    return Line(row, calibration, tuple(standard.well for standard in used), reasons, dark)


def _left_out(group: Sequence[Standard], standards: StandardWells) -> dict[str, str]:
    """Return why each well that does not count is left out, by well."""
    found = {s.well.well: why for s in group if (why := standards.why_not(s.well))}
    dark = {s.amount for s in group if s.well.well in found and s.well.outcome is Outcome.NEGATIVE}
    for standard in group:
        if standard.amount in dark:
            found.setdefault(standard.well.well, "another well of this quantity is dark")
    return {s.well.well: found[s.well.well] for s in group if s.well.well in found}


def _calibration(used: Sequence[Standard], settings: LevelSettings) -> Calibration:
    points = [(s.amount, s.well.ct) for s in used if s.well.ct is not None]
    return calibrate(points, settings.confidence)


def _problems(
    key: Key, quantities: int, calibration: Calibration | None, settings: LevelSettings
) -> Iterator[str]:
    """Yield what speaks against a standard curve."""
    _, quantity, patient = key
    if quantity is Quantity.DILUTION and not patient:
        yield "the sheet does not say whose sample was diluted (patient_ref)"
    if quantities < settings.quantities_min:
        yield f"{quantities} different quantities with a Ct, {settings.quantities_min} needed"
    if calibration is None:
        return
    low, high = settings.slope_min, settings.slope_max
    if not low <= calibration.slope <= high:
        yield f"slope {calibration.slope:.4g} outside {low:g} to {high:g} cycles per log10"
    r_squared = calibration.r_squared
    if r_squared is None or r_squared < settings.r_squared_min:
        found = "none" if r_squared is None else f"{r_squared:.4g}"
        yield f"r squared {found}, at least {settings.r_squared_min:g} needed"


def _row(  # noqa: PLR0913
    key: Key,
    group: Sequence[Standard],
    run: str,
    *,
    points: int,
    line: Calibration | None,
    problems: Sequence[str],
) -> StandardCurve:
    return StandardCurve(
        run=run,
        assay=key[0],
        quantity=key[1],
        patient_ref=key[2],
        wells=tuple(standard.well.well for standard in group),
        points=points,
        slope=line.slope if line else None,
        intercept=line.intercept if line else None,
        r_squared=line.r_squared if line else None,
        efficiency=line.efficiency if line else None,
        efficiency_low=line.efficiency_low if line else None,
        efficiency_high=line.efficiency_high if line else None,
        quantity_min=line.quantity_min if line else None,
        quantity_max=line.quantity_max if line else None,
        accepted=not problems,
        reason="; ".join(problems),
    )


def standard_findings(
    standards: StandardWells, lines: Mapping[Key, Line], settings: LevelSettings
) -> Iterator[Finding]:
    """Yield what a person should read about the standards of a run."""
    for line in lines.values():
        yield from _line_findings(line)
    nameless = [
        f"{well.well} {well.assay}"
        for well in standards.wells
        if copies_of(standards, well, settings) is None and standards.sheet.dilution(well) is None
    ]
    if nameless:
        words = (
            f"standards of unknown content: {listed(nameless)}; give copies or dilution in the "
            "sample sheet"
        )
        yield Finding(Level.WARNING, "run", standards.run, "standard_without_quantity", words)


def _line_findings(line: Line) -> Iterator[Finding]:
    row = line.row
    whose = f" of {row.patient_ref or 'nobody'}" if row.quantity is Quantity.DILUTION else ""
    what = f"standards of {row.assay} ({row.quantity}{whose})"
    if line.left_out:
        words = f"{what} left out of the curve: {listed(line.left_out)}"
        yield Finding(Level.INFO, "assay", row.assay, "standard_left_out", words)
    if not row.accepted:
        # A diluted sample is dark in every assay that does not show its deletion.
        other = line.dark and row.quantity is Quantity.DILUTION
        level = Level.INFO if other else Level.WARNING
        words = f"{what}: no level is read from the curve: {row.reason}"
        yield Finding(level, "assay", row.assay, "standard_curve_not_accepted", words)


def mislabelled(wells: Sequence[Well], sheet: Sheet, run: str) -> Iterator[Finding]:
    """Yield a finding for wells that have a known content but are no standards."""
    found = [
        f"{well.well} {well.assay} ({well.role})"
        for well in wells
        if well.role is not Role.STANDARD
        and (sheet.copies(well) is not None or sheet.dilution(well) is not None)
    ]
    if found:
        words = f"copies or dilution given, but the role is not standard: {listed(found)}; not used"
        yield Finding(Level.WARNING, "run", run, "quantity_without_standard", words)
