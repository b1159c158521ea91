"""The deleted fraction of a class that was found.

Standard curves: F = deleted copies / (control-gene copies / 2), one deleted allele a cell. Dilution
series of the same patient: F = 10^((Ct - q)/m) x DNA of the series / DNA of the sample, both by the
control gene: the share of the diluted sample. Variances add on the log10 scale; degrees of freedom
after Welch and Satterthwaite (doi 10.1093/biomet/34.1-2.28). Copies that were counted out of the
specimen by chance scatter as Poisson, which a line through high standards does not show: 1/N on the
scale of the natural logarithm, N copies in all wells together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, log, log10, sqrt

from breakpoint_pcr.calling.sample_rows import CONTROL_GENE_FAILED
from breakpoint_pcr.explanation import Allele
from breakpoint_pcr.levels.basis import Basis
from breakpoint_pcr.levels.detection import detected, is_dark
from breakpoint_pcr.levels.numbers import listed, rounded
from breakpoint_pcr.levels.readings import (
    Problem,
    Read,
    amplified,
    gene_reading,
    named,
    read,
    relative_input,
)
from breakpoint_pcr.levels.specimens import Specimen
from breakpoint_pcr.levels.standards import COPIES_PER_GENOME
from breakpoint_pcr.statistics.calibration import calibrate
from breakpoint_pcr.tables import Detected, LevelMethod, Outcome, Quantity, Well

# Slope of the control gene over the dilution, both on log10: 0 when the sample was diluted in
# normal DNA, 1 when it was diluted in water. Halfway the two are told apart.
DILUTED_IN_WATER = 0.5


@dataclass(frozen=True, slots=True)
class Interval:
    """A fraction with its confidence limits."""

    fraction: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quantified:
    """The level of a class that was found; without an interval `place` and `words` say why."""

    assay: str
    method: LevelMethod
    interval: Interval | None
    copies: float | None
    words: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one source adds to the variance of a log10 fraction."""

    variance: float
    degrees_of_freedom: float


def quantify(label: str, specimen: Specimen, basis: Basis) -> Quantified:
    """Return the level of a class that a sample holds."""
    assays = list(_quantifying(label, specimen, basis))
    if not assays:
        words = "no assay that must show a form of the class is positive for it alone"
        return Quantified("", LevelMethod.NONE, None, None, words)
    found = [_by_assay(assay, specimen, basis) for assay in assays]
    return next((level for level in found if level.interval), found[0])


def _quantifying(label: str, specimen: Specimen, basis: Basis) -> Iterator[str]:
    """Yield the assays to quantify a class by, best first: of its usual form, then of others.

    A form other than the usual one counts only where the usual one is shown to be absent: until
    then its product may be the long one of the usual form, and late for that.
    """
    forms = basis.forms(label)
    usual = basis.must_show([form for form in forms if form.main])
    others = [name for name in basis.must_show(forms) if name not in usual]
    lit = [name for name in usual if isinstance(amplified(name, specimen), list)]
    if not lit and usual and _all_dark(usual, specimen):
        lit = [name for name in others if isinstance(amplified(name, specimen), list)]
    candidates = lit or [name for name in usual if specimen.usable(name)]
    yield from (name for name in candidates if not _shared(name, label, specimen, basis))


def _all_dark(assays: Sequence[str], specimen: Specimen) -> bool:
    wells = [specimen.usable(assay) for assay in assays]
    return all(wells) and all(is_dark(well) for group in wells for well in group)


def _shared(assay: str, label: str, specimen: Specimen, basis: Basis) -> bool:
    """Tell whether the signal of an assay may come from another class as well."""
    others = {allele.deletion for allele in basis.alleles if assay in allele.lights} - {label}
    return any(detected(other, specimen, basis)[0] is not Detected.NO for other in others)


def _by_assay(assay: str, specimen: Specimen, basis: Basis) -> Quantified:
    wells = amplified(assay, specimen)
    if isinstance(wells, Problem):
        return Quantified(assay, LevelMethod.NONE, None, None, wells.words)
    if all(line.row.assay != assay for line in basis.lines.values()):
        words = f"neither standards nor a dilution series of {assay} on the plate"
        return Quantified(assay, LevelMethod.NONE, None, None, words)
    copies = read(wells, basis.line(assay, Quantity.COPIES), f"standard curve of {assay} in copies")
    amount = copies.quantity if isinstance(copies, Read) else None
    tried = [
        (LevelMethod.STANDARD_CURVES, _by_curves(copies, specimen, basis)),
        (LevelMethod.DILUTION_SERIES, _by_series(assay, wells, specimen, basis)),
    ]
    for method, result in tried:
        if not isinstance(result, Problem):
            interval, words = result
            return Quantified(assay, method, interval, amount, words)
    problems = [result for _, result in tried if isinstance(result, Problem)]
    words = "; ".join(dict.fromkeys(problem.words for problem in problems))
    place = next((problem.place for problem in problems if problem.place), "")
    return Quantified(assay, LevelMethod.NONE, None, amount, words, place)


def _gene(specimen: Specimen, basis: Basis) -> Read | Problem:
    if CONTROL_GENE_FAILED in specimen.row.flags:
        return Problem("the control gene of the sample is not adequate")
    return gene_reading(specimen, basis)


def _by_curves(
    copies: Read | Problem, specimen: Specimen, basis: Basis
) -> tuple[Interval, str] | Problem:
    if isinstance(copies, Problem):
        return copies
    gene = _gene(specimen, basis)
    if isinstance(gene, Problem):
        return gene
    relative = relative_input(copies.wells, gene.wells, basis)
    if relative is None:
        return Problem("wells of the sample that should be alike hold different amounts of DNA")
    cells = gene.quantity / COPIES_PER_GENOME * relative
    log10_fraction = copies.reading.log10_quantity - log10(cells)
    parts = (_part(copies), _part(gene), _counting(copies), _counting(gene))
    interval = _interval(log10_fraction, parts, basis.settings.confidence)
    words = (
        f"{rounded(copies.quantity)} deleted copies per reaction ({_where(copies)}) of the DNA of "
        f"{rounded(cells)} cells ({_where(gene)}: {rounded(gene.quantity)} copies)"
    )
    return interval, words


def _by_series(
    assay: str, wells: Sequence[Well], specimen: Specimen, basis: Basis
) -> tuple[Interval, str] | Problem:
    patient = specimen.patient
    series = [line for line in basis.lines.values() if line.row.quantity is Quantity.DILUTION]
    if not any(line.row.assay == assay for line in series):
        return Problem(f"no dilution series of {assay} on the plate")
    if not patient:
        return Problem("the dilution series is not used: the sheet does not name the patient")
    what = f"dilution series of {assay} of patient {patient}"
    raw = read(wells, basis.line(assay, Quantity.DILUTION, patient), what)
    if isinstance(raw, Problem):
        return raw
    gene = _gene(specimen, basis)
    if isinstance(gene, Problem):
        return gene
    return _corrected(raw, gene, basis, (assay, patient))


def _corrected(
    raw: Read, gene: Read, basis: Basis, series: tuple[str, str]
) -> tuple[Interval, str] | Problem:
    """Correct a share of the diluted sample by the DNA that sample and series brought."""
    assay, patient = series
    name = gene.wells[0].assay
    standards = basis.standards.of_series(name, patient)
    if not standards:
        return Problem(f"no well of {name} in the dilution series tells how much DNA it held")
    there = read([s.well for s in standards], basis.line(name, Quantity.COPIES), f"curve of {name}")
    if isinstance(there, Problem):
        return there
    if len({s.amount for s in standards}) > 1:
        points = [(s.amount, s.well.ct) for s in standards if s.well.ct is not None]
        slope = calibrate(points, basis.settings.confidence).slope / gene.line.slope
        if slope > DILUTED_IN_WATER:
            return Problem(f"{name} falls with the dilution: the series is not one in normal DNA")
    line = basis.line(assay, Quantity.DILUTION, patient)
    here = relative_input(raw.wells, gene.wells, basis)
    then = relative_input(line.used if line else (), there.wells, basis)
    if here is None or then is None:
        return Problem("wells that should be alike hold different amounts of DNA")
    log10_dna = there.reading.log10_quantity - gene.reading.log10_quantity + log10(then / here)
    parts = (_part(raw), _difference(gene, there))
    interval = _interval(raw.reading.log10_quantity + log10_dna, parts, basis.settings.confidence)
    words = (
        f"{_where(raw)} on the dilution series of patient {patient}, times DNA of the series over "
        f"DNA of the sample {rounded(10**log10_dna)} ({_where(gene)})"
    )
    return interval, words


def _where(read_: Read) -> str:
    return f"{read_.wells[0].assay} in {named(read_.wells)}"


def _part(read_: Read) -> Part:
    reading = read_.reading
    return Part(reading.variance or 0.0, reading.degrees_of_freedom)


def _counting(read_: Read) -> Part:
    """Return the variance of how many copies reached the wells (Poisson; no estimate in it)."""
    return Part(1 / (read_.quantity * read_.cts * log(10) ** 2), inf)


def _difference(first: Read, second: Read) -> Part:
    """Return the variance of the difference of two readings of one line.

    The line's own height falls out of it: (s/m)^2 (1/k1 + 1/k2 + (x1 - x2)^2 / Sxx).
    """
    line = first.line
    distance = first.reading.log10_quantity - second.reading.log10_quantity
    spread = 1 / first.cts + 1 / second.cts + distance**2 / line.sum_of_squares
    variance = ((line.residual_sd or 0.0) / line.slope) ** 2 * spread
    return Part(variance, first.reading.degrees_of_freedom)


def _interval(log10_fraction: float, parts: Sequence[Part], confidence: float) -> Interval:
    """Return the fraction with its limits, symmetric on the log10 scale."""
    from scipy.special import stdtrit  # 0.1 s: only where there are standards  # noqa: PLC0415

    total = sum(part.variance for part in parts)
    fraction = 10**log10_fraction
    doubt = sum(part.variance**2 / part.degrees_of_freedom for part in parts)
    freedom = total**2 / doubt if doubt else inf
    half = float(stdtrit(freedom, (1 + confidence) / 2)) * sqrt(total)
    return Interval(fraction, 10 ** (log10_fraction - half), 10 ** (log10_fraction + half))


def reservations(label: str, assay: str, specimen: Specimen, basis: Basis) -> Iterator[str]:
    """Yield which forms of a class a level does not count, or counts too low."""
    forms = basis.forms(label)
    if lost := [f.name for f in forms if assay not in f.lights and _may_be_there(f, specimen)]:
        yield f"not counted, if there as well: {listed(lost)}"
    if long := [form.name for form in forms if assay in form.may]:
        yield f"too low, if it is a long product: {listed(long)}"


def _may_be_there(form: Allele, specimen: Specimen) -> bool:
    wells = [well for assay in form.lights for well in specimen.wells.get(assay, ())]
    return any(well.outcome is not Outcome.NEGATIVE for well in wells)
