"""The rows of levels.tsv of a sample: one for each class that the plate tests."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from breakpoint_pcr.explanation import NEGATIVE
from breakpoint_pcr.levels.basis import Basis
from breakpoint_pcr.levels.detection import detected
from breakpoint_pcr.levels.fractions import quantify, reservations
from breakpoint_pcr.levels.negatives import Negative, negative, unmet
from breakpoint_pcr.levels.numbers import listed
from breakpoint_pcr.levels.specimens import Specimen
from breakpoint_pcr.levels.statements import (
    clone_of,
    criteria_met,
    found_statement,
    negative_reason,
    negative_statement,
    open_statement,
    reviewed,
    scattered,
)
from breakpoint_pcr.tables import Clone, Detected, LevelMethod, SampleLevel


def sample_levels(specimen: Specimen, basis: Basis) -> Iterator[SampleLevel]:
    """Yield a row for each class that the plate tests, in exon order."""
    states = {label: detected(label, specimen, basis) for label in basis.classes}
    absent = [label for label, (state, _) in states.items() if state is Detected.NO]
    negatives = {label: negative(label, specimen, basis) for label in absent}
    missing = _missing_criteria(specimen, states, negatives, basis)
    for label, (state, why) in states.items():
        row = _row(label, specimen, state)
        marker = _marker_words(label, specimen, missing)
        if state is Detected.YES:
            yield _found(row, specimen, marker, basis)
        elif state is Detected.NO:
            met = label in specimen.markers and not missing
            yield _not_found(row, specimen, negatives[label], basis, marker=marker, met=met)
        else:
            yield _worded(row, specimen, [open_statement(label)], [why, marker])


def _row(label: str, specimen: Specimen, state: Detected) -> SampleLevel:
    """Return a row that holds no number yet."""
    return SampleLevel(
        run=specimen.row.run,
        sample=specimen.row.sample,
        deletion=label,
        detected=state,
        assay="",
        method=LevelMethod.NONE,
        fraction=None,
        fraction_low=None,
        fraction_high=None,
        copies=None,
        clone=Clone.UNKNOWN,
        cells=None,
        sampling_limit=None,
        excluded=None,
        statement="",
        reason="",
    )


def _worded(
    row: SampleLevel, specimen: Specimen, statement: Iterable[str], reason: Iterable[str]
) -> SampleLevel:
    """Return the row with its sentences; a reviewer's decision is named in each statement."""
    said = "; ".join(filter(None, (*statement, reviewed(specimen))))
    return replace(row, statement=said, reason="; ".join(filter(None, reason)))


def _found(row: SampleLevel, specimen: Specimen, marker: str, basis: Basis) -> SampleLevel:
    level = quantify(row.deletion, specimen, basis)
    clone, interval = clone_of(level, basis.settings), level.interval
    filled = replace(
        row,
        assay=level.assay,
        method=level.method,
        fraction=interval.fraction if interval else None,
        fraction_low=interval.low if interval else None,
        fraction_high=interval.high if interval else None,
        copies=level.copies,
        clone=clone,
    )
    measured = level.copies is not None or interval is not None
    doubts = reservations(row.deletion, level.assay, specimen, basis) if measured else ()
    statement = found_statement(row.deletion, level, clone, specimen, basis.settings)
    uncertain = scattered(specimen) if measured else ""
    return _worded(filled, specimen, [statement, uncertain], [level.words, *doubts, marker])


def _not_found(  # noqa: PLR0913
    row: SampleLevel,
    specimen: Specimen,
    found: Negative,
    basis: Basis,
    *,
    marker: str,
    met: bool,
) -> SampleLevel:
    """Fill the row of a class that was not found; `met`: the criteria for markers are met."""
    worst, criteria = found.worst, basis.settings.mrd_negative
    filled = replace(
        row,
        assay=worst.assay if worst else "",
        cells=worst.cells if worst else None,
        sampling_limit=found.sampling_limit,
        excluded=found.excluded,
    )
    statement = [negative_statement(row.deletion, found, basis)]
    if met and criteria:
        statement.append(criteria_met(criteria))
    return _worded(
        filled, specimen, statement, [negative_reason(row.deletion, found, basis), marker]
    )


def _marker_words(label: str, specimen: Specimen, missing: Mapping[str, str]) -> str:
    """Say of a marker what is missing to call it negative by the criteria."""
    if label not in specimen.markers or not missing:
        return ""
    words = listed(f"{name}: {why}" for name, why in missing.items())
    return f"criteria for a marker's negative not met: {words}"


def _missing_criteria(
    specimen: Specimen,
    states: Mapping[str, tuple[Detected, str]],
    negatives: Mapping[str, Negative],
    basis: Basis,
) -> dict[str, str]:
    """Return what keeps each marker of a sample from being called negative by the criteria.

    A patient followed by two markers is not negative by one of them alone, nor while the sample
    holds another class.
    """
    found: dict[str, str] = {}
    for label in specimen.markers:
        if label not in states:
            found[label] = "not tested on this plate"
        elif label not in negatives:
            found[label] = "detected" if states[label][0] is Detected.YES else "not excluded"
        elif specimen.row.call != NEGATIVE:
            found[label] = f"the sample's call is {specimen.row.call}"
        elif words := "; ".join(unmet(label, specimen, negatives[label], basis)):
            found[label] = words
    return found
