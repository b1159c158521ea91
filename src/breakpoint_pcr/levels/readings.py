"""Quantities of a sample, read from standard curves; or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from breakpoint_pcr.levels.basis import Basis
from breakpoint_pcr.levels.numbers import listed
from breakpoint_pcr.levels.specimens import Specimen
from breakpoint_pcr.levels.standards import Line
from breakpoint_pcr.statistics.calibration import Calibration, Reading
from breakpoint_pcr.tables import CurveClass, Outcome, Quantity, Well

BELOW, ABOVE = "below the standards' range", "above the standards' range"
# The lowest standard read from its own Ct is not below itself by the rounding of a float.
FLOAT_ERROR = 1e-9


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no number; `place` is BELOW or ABOVE where that is why."""

    words: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A quantity of the wells `wells` of an assay, read from `line`."""

    wells: tuple[Well, ...]
    line: Calibration
    reading: Reading

    @property
    def quantity(self) -> float:
        """The quantity itself."""
        return 10**self.reading.log10_quantity

    @property
    def cts(self) -> int:
        """How many Cts the quantity is the mean of."""
        return len(self.wells)


def read(wells: Sequence[Well], line: Line | None, what: str) -> Read | Problem:
    """Read the quantity of wells that all have a Ct; `what` names the standards."""
    if line is None:
        return Problem(f"no {what} on the plate")
    if line.accepted is None:
        return Problem(f"{what} not accepted: {line.row.reason}")
    calibration = line.accepted
    reading = calibration.read([well.ct for well in wells if well.ct is not None])
    found = Read(tuple(wells), calibration, reading)
    low, high = calibration.quantity_min, calibration.quantity_max
    if not low * (1 - FLOAT_ERROR) <= found.quantity <= high * (1 + FLOAT_ERROR):
        place = BELOW if found.quantity < low else ABOVE
        return Problem(f"Ct of {named(wells)} {place} ({what}: {low:g} to {high:g})", place)
    return found


def amplified(assay: str, specimen: Specimen) -> list[Well] | Problem:
    """Return the wells of an assay to quantify: every usable one is positive, with a good curve.

    Where some are dark the mean of the others is that of the lucky ones: positive, but not
    quantifiable (van der Velden 2007, doi 10.1038/sj.leu.2404586, as cited).
    """
    wells = specimen.usable(assay)
    if not wells:
        return Problem(f"{assay} has no usable well of the sample")
    if other := [well for well in wells if well.outcome is not Outcome.POSITIVE]:
        words = listed(f"{well.well} is {well.outcome}" for well in other)
        return Problem(f"not every well of {assay} is positive ({words})")
    if bad := [well for well in wells if well.ct is None or well.curve is not CurveClass.STANDARD]:
        return Problem(f"{assay} has no Ct on a standard curve in {named(bad)}")
    return wells


def gene_reading(specimen: Specimen, basis: Basis) -> Read | Problem:
    """Return the copies of the first control gene of a sample that can be read."""
    found = [_gene_reading(gene, specimen, basis) for gene in basis.genes]
    first = next((gene for gene in found if isinstance(gene, Read)), None)
    return first or (found[0] if found else Problem("the panel has no control gene"))


def _gene_reading(gene: str, specimen: Specimen, basis: Basis) -> Read | Problem:
    wells = amplified(gene, specimen)
    if isinstance(wells, Problem):
        return wells
    line = basis.line(gene, Quantity.COPIES)
    return read(wells, line, f"standard curve of {gene} in copies")


def relative_input(wells: Sequence[Well], gene_wells: Sequence[Well], basis: Basis) -> float | None:
    """Return the DNA in `wells` over that in the control gene's, as the sheet says.

    1 where the sheet does not give both: a plate takes the same amount for every assay. None where
    wells that should be alike are not.
    """
    amounts = [{basis.sheet.input_ng(well) for well in group} for group in (wells, gene_wells)]
    if any(len(group) > 1 for group in amounts):
        return None
    mine, genes = (next(iter(group), None) for group in amounts)
    return mine / genes if mine is not None and genes is not None else 1.0


def named(wells: Sequence[Well]) -> str:
    """Return the names of wells."""
    return listed(well.well for well in wells)
