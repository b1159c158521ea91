"""Whether a sample holds a class, seen strictly: in doubt the class is open.

A call names what was found. That another class is not there is a stronger word, and its level
stronger still: every well that must show the class was dark, and the control gene was adequate.
"""

from breakpoint_pcr.calling.sample_rows import CONTROL_GENE_FAILED
from breakpoint_pcr.explanation import INCONCLUSIVE, INVALID, MIXED, NEGATIVE
from breakpoint_pcr.levels.basis import Basis
from breakpoint_pcr.levels.numbers import listed
from breakpoint_pcr.levels.specimens import Specimen
from breakpoint_pcr.tables import CurveClass, Detected, Outcome, Well


def detected(label: str, specimen: Specimen, basis: Basis) -> tuple[Detected, str]:
    """Return whether a sample holds a class, and why that is open."""
    row = specimen.row
    if label in row.deletions:
        return Detected.YES, ""
    if row.call == INVALID:
        return Detected.OPEN, "the sample's call is invalid"
    if row.call == NEGATIVE:
        return Detected.NO, ""
    if specimen.recalled and row.call in (INCONCLUSIVE, MIXED):
        return Detected.OPEN, f"a reviewer set the call to {row.call}"
    problem = doubt(label, specimen, basis)
    return (Detected.OPEN, problem) if problem else (Detected.NO, "")


def doubt(label: str, specimen: Specimen, basis: Basis) -> str:
    """Say why the wells do not show that a class is absent; empty when they do."""
    if CONTROL_GENE_FAILED in specimen.row.flags:
        return "the control gene of the sample is not adequate"
    if not basis.usual_form_tested(label):
        return "no assay of the plate must show the usual form of the class"
    for assay in basis.must_show(basis.forms(label)):
        wells = specimen.usable(assay)
        if not wells:
            return f"{assay} has no usable well of the sample"
        if lit := [well for well in wells if well.outcome is not Outcome.NEGATIVE]:
            return listed(f"{assay} is {well.outcome} in {well.well}" for well in lit)
    return ""


def late_signals(label: str, specimen: Specimen, basis: Basis) -> list[Well]:
    """Return negative wells that amplified nevertheless, after the Ct limit or before a reviewer.

    They make the call negative, and yet there may be product: no level can be excluded on them.
    """
    assays = basis.must_show(basis.forms(label))
    return [well for assay in assays for well in specimen.usable(assay) if not is_dark(well)]


def is_dark(well: Well) -> bool:
    """Tell whether a well is negative without any sign of a product, at whatever Ct."""
    without_curve = well.curve is CurveClass.MISSING and well.ct is None
    return well.outcome is Outcome.NEGATIVE and (well.curve is CurveClass.NONE or without_curve)
