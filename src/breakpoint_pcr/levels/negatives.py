"""What a negative excludes: the larger of the sampling limit and the verified limit of detection.

DNA of n cells holds one or more copies of a deletion that is in the fraction f of them with chance
1 - exp(-n f): the sampling limit is -ln(1 - confidence)/n (CLSI EP17; 1.98e-4 for 100 ng at 0.95).
Replicates draw from the sample independently, so their cells add up.

A limit of detection is a number of copies in one reaction, and is not shared among replicates: a
class is detected with the configured chance when one reaction alone holds so many. So the limit is
copies / cells of the fullest reaction; the other replicates only add to the chance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from breakpoint_pcr.calling.sample_rows import CONTROL_GENE_FAILED, INPUT_NOT_CHECKED
from breakpoint_pcr.levels.basis import Basis
from breakpoint_pcr.levels.detection import doubt, late_signals
from breakpoint_pcr.levels.numbers import listed, rounded
from breakpoint_pcr.levels.readings import BELOW, Problem, Read, gene_reading, relative_input
from breakpoint_pcr.levels.specimens import Specimen
from breakpoint_pcr.levels.standards import COPIES_PER_GENOME
from breakpoint_pcr.tables import Well


@dataclass(frozen=True, slots=True)
class AssayNegative:
    """The dark wells of an assay: cells in all of them and in the fullest; None: not known."""

    assay: str
    wells: int
    cells: float | None
    fullest: float | None
    lod: float | None
    words: str

    def sampling_limit(self, copies_needed: float) -> float | None:
        """Return the lowest fraction that sampling alone lets the wells show."""
        return copies_needed / self.cells if self.cells else None

    def excluded(self, copies_needed: float) -> float | None:
        """Return the fraction that the wells exclude; None without DNA or verified limit."""
        sampling = self.sampling_limit(copies_needed)
        if sampling is None or self.lod is None or not self.fullest:
            return None
        return max(sampling, self.lod / self.fullest)


@dataclass(frozen=True, slots=True)
class Negative:
    """What stands behind a class that was not found.

    `worst` is the assay that excludes least. `problem`: the wells are no clean negative, so there
    are no numbers at all. `unsettled`: why no level is excluded although the wells are dark.
    """

    assays: tuple[AssayNegative, ...]
    worst: AssayNegative | None
    sampling_limit: float | None
    excluded: float | None
    problem: str = ""
    unsettled: str = ""


def negative(label: str, specimen: Specimen, basis: Basis) -> Negative:
    """Return what the negative of a class rests on, and excludes."""
    if problem := _problem(label, specimen, basis):
        return Negative((), None, None, None, problem)
    needed = basis.settings.copies_needed
    names = basis.must_show(basis.forms(label))
    assays = tuple(_assay_negative(name, specimen, basis) for name in names)
    limits = [assay.excluded(needed) for assay in assays]
    known = [limit for limit in limits if limit is not None]
    complete = len(known) == len(limits)
    worst = assays[limits.index(max(known))] if complete else min(assays, key=_cells)
    unsettled = "; ".join(_unsettled(label, specimen, assays, basis))
    if complete and max(known) >= 1:
        unsettled = "; ".join(filter(None, (unsettled, "too little DNA to exclude any fraction")))
    excluded = max(known) if complete and not unsettled else None
    return Negative(assays, worst, worst.sampling_limit(needed), excluded, unsettled=unsettled)


def _cells(assay: AssayNegative) -> float:
    """Order by DNA; an assay whose DNA is not known excludes least."""
    return assay.cells or 0.0


def _problem(label: str, specimen: Specimen, basis: Basis) -> str:
    """Say why the wells are no clean negative."""
    if problem := doubt(label, specimen, basis):
        return problem
    late = late_signals(label, specimen, basis)
    words = (
        f"{well.assay} in {well.well} (Ct {'none' if well.ct is None else well.ct_text}, curve "
        f"{well.curve})"
        for well in late
    )
    return f"signal in a negative well: {listed(words)}" if late else ""


def _unsettled(
    label: str, specimen: Specimen, assays: Sequence[AssayNegative], basis: Basis
) -> Iterator[str]:
    """Yield why no level is excluded, although every well is dark."""
    if INPUT_NOT_CHECKED in specimen.row.flags:
        yield "no control gene shows that the DNA amplifies"
    if primers := basis.doubtful_primers(label):
        yield f"it rests on {listed(primers)}, not confirmed"
    if unverified := [assay.assay for assay in assays if assay.lod is None]:
        yield f"no verified limit of detection of {listed(unverified)}"
    if unknown := [assay.assay for assay in assays if assay.cells is None]:
        yield f"amount of DNA not known ({listed(unknown)})"


def _assay_negative(assay: str, specimen: Specimen, basis: Basis) -> AssayNegative:
    wells = specimen.usable(assay)
    gene = gene_reading(specimen, basis)
    found = [(well, *_cells_in(well, gene, basis)) for well in wells]
    known = [cells for _, cells, _ in found if cells is not None]
    words = listed(f"{well.well} {source}" for well, _, source in found)
    return AssayNegative(
        assay,
        len(wells),
        sum(known) if known else None,
        max(known, default=None),
        basis.settings.lod.get(assay),
        f"{assay}: {words}",
    )


def _cells_in(well: Well, gene: Read | Problem, basis: Basis) -> tuple[float | None, str]:
    """Return the cells whose DNA a reaction held, and how that is known.

    The sheet says what was weighed in, the control gene what of it amplifies. Where both are known
    the smaller counts: degraded DNA excludes less than its weight.
    """
    amount_ng = basis.sheet.input_ng(well)
    weighed = None if amount_ng is None else basis.settings.cells(amount_ng)
    measured = _measured(well, gene, basis)
    if weighed is None:
        if measured is None:
            return None, "DNA not known"
        return measured, f"{rounded(measured)} cells by the control gene"
    if isinstance(gene, Problem) and gene.place == BELOW:
        return None, f"DNA not known: {rounded(amount_ng or 0)} ng by the sheet, but {gene.words}"
    if measured is not None and measured < weighed:
        words = f"{rounded(measured)} cells by the control gene, less than the sheet's"
        return measured, f"{words} {rounded(weighed)}"
    return weighed, f"{rounded(weighed)} cells ({rounded(amount_ng or 0)} ng)"


def _measured(well: Well, gene: Read | Problem, basis: Basis) -> float | None:
    if isinstance(gene, Problem):
        return None
    relative = relative_input([well], gene.wells, basis)
    return None if relative is None else gene.quantity / COPIES_PER_GENOME * relative


def unmet(label: str, specimen: Specimen, found: Negative, basis: Basis) -> Iterator[str]:
    """Yield which configured criteria for a marker's negative are not met."""
    criteria = basis.settings.mrd_negative
    if criteria is None:
        yield "none are configured"
        return
    if specimen.recalled or specimen.decided:
        yield "a reviewer's decision stands behind the call"
    if CONTROL_GENE_FAILED in specimen.row.flags:
        yield "the control gene is not adequate"
    yield from filter(None, (found.problem, found.unsettled))
    if lost := basis.forms_not_tested(label):
        yield f"not tested on this plate: {listed(lost)}"
    if found.excluded is not None and found.excluded > criteria.excluded_max:
        limit = f"{criteria.excluded_max:g}"
        yield f"excludes {found.excluded:.3g} of the cells, at most {limit} needed"
    for assay in found.assays:
        if assay.wells < criteria.replicates_min:
            needed = criteria.replicates_min
            yield f"{assay.wells} negative wells of {assay.assay}, {needed} needed"
