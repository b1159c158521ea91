"""Every sentence on a level that a person reads."""

from breakpoint_pcr.calling.sample_rows import REPLICATE_SPREAD
from breakpoint_pcr.levels.basis import Basis
from breakpoint_pcr.levels.fractions import Interval, Quantified
from breakpoint_pcr.levels.negatives import Negative
from breakpoint_pcr.levels.numbers import listed, percent, rounded
from breakpoint_pcr.levels.settings import LevelSettings, MrdCriteria
from breakpoint_pcr.levels.specimens import Specimen
from breakpoint_pcr.tables import Clone, LevelMethod

ALL_CELLS = "of all cells of the specimen (blasts are not counted here)"


def found_statement(
    label: str, level: Quantified, clone: Clone, specimen: Specimen, settings: LevelSettings
) -> str:
    """Say how much of a sample a class is in."""
    if level.interval is None:
        why = f"{level.place}, " if level.place else ""
        copies = "" if level.copies is None else f"; {rounded(level.copies)} deleted copies a well"
        return f"{label} detected; {why}no fraction{copies}"
    amount = f"{_range(level.interval)}, {settings.confidence * 100:g} % confidence"
    if level.method is LevelMethod.DILUTION_SERIES:
        whose = f"the diluted sample of patient {specimen.patient}"
        cells = "all cells of both specimens (blasts are not counted here)"
        return f"{label} at {amount} of the level in {whose}, in the DNA of {cells}"
    words = f"{label} in {amount}, {ALL_CELLS}, at one deleted allele a cell"
    if level.interval.low > 1:
        words = f"{words}; above 100 %: both alleles deleted, or standards or control gene wrong"
    return "; ".join(filter(None, (words, _clone_words(clone, settings))))


def _range(interval: Interval) -> str:
    return f"{percent(interval.fraction)} ({percent(interval.low)} to {percent(interval.high)})"


def _clone_words(clone: Clone, settings: LevelSettings) -> str:
    low, high = settings.subclonal_max, settings.clonal_min
    if clone is Clone.CLONAL and high is not None:
        return f"clonal (the interval lies at or above {percent(high)})"
    if clone is Clone.SUBCLONAL and low is not None:
        return f"subclonal (the interval lies below {percent(low)})"
    return "between clonal and subclonal" if clone is Clone.BETWEEN else ""


def clone_of(level: Quantified, settings: LevelSettings) -> Clone:
    """Return how much of the cells a class is in.

    The limits are of cells, so a share of a diluted sample has no such word.
    """
    interval = level.interval
    if interval is None or level.method is not LevelMethod.STANDARD_CURVES:
        return Clone.UNKNOWN
    low, high = settings.subclonal_max, settings.clonal_min
    if high is not None and interval.low >= high:
        return Clone.CLONAL
    if low is not None and interval.high < low:
        return Clone.SUBCLONAL
    return Clone.UNKNOWN if low is None or high is None else Clone.BETWEEN


def open_statement(label: str) -> str:
    """Say that nothing is known of a class."""
    return f"{label} neither detected nor excluded"


def negative_statement(label: str, found: Negative, basis: Basis) -> str:
    """Say what a negative excludes."""
    head = f"{label} not detected"
    if found.problem:
        return f"{head}; sensitivity not established: {found.problem}"
    if found.excluded is None:
        return f"{head}; sensitivity not established: {found.unsettled}{_best(found)}"
    confidence = f"{basis.settings.confidence * 100:g} % confidence"
    words = f"{head}; excluded: {percent(found.excluded)} or more {ALL_CELLS}, {confidence}"
    unseen = [*basis.forms_not_tested(label), *basis.long_forms(label)]
    return f"{words}; this does not cover {listed(unseen)}" if unseen else words


def _best(found: Negative) -> str:
    if found.sampling_limit is None or found.worst is None or not found.worst.cells:
        return ""
    cells = f"DNA of {rounded(found.worst.cells)} cells"
    return f"; sampling alone allows {percent(found.sampling_limit)} {ALL_CELLS} at best ({cells})"


def negative_reason(label: str, found: Negative, basis: Basis) -> str:
    """Say what a negative rests on."""
    words = [assay.words for assay in found.assays]
    words += [
        f"limit of detection of {assay.assay} {assay.lod:g} copies, in a reaction of "
        f"{rounded(assay.fullest)} cells"
        for assay in found.assays
        if assay.lod is not None and assay.fullest
    ]
    if lost := basis.forms_not_tested(label):
        words.append(f"not tested on this plate: {listed(lost)}")
    if long := basis.long_forms(label):
        words.append(f"seen by a long product only, if at all: {listed(long)}")
    return "; ".join(words)


def criteria_met(criteria: MrdCriteria) -> str:
    """Say that the criteria for a marker's negative are met; the only place of these words."""
    return (
        f"MRD negative by the laboratory's criteria (at most {percent(criteria.excluded_max)} "
        f"excluded, at least {criteria.replicates_min} wells an assay)"
    )


def scattered(specimen: Specimen) -> str:
    """Say that a level is uncertain where replicates scatter more than its interval knows."""
    if REPLICATE_SPREAD not in specimen.row.flags:
        return ""
    return "uncertain: positive replicates of the sample lie far apart"


def reviewed(specimen: Specimen) -> str:
    """Say what a reviewer decided on; empty when nothing."""
    if specimen.recalled:
        return "the call is a reviewer's decision"
    return f"a reviewer decided on {listed(specimen.decided)}" if specimen.decided else ""
