"""From the tables of a Thermo Fisher export to its Export.

Setup wells, Results wells and curve wells are three different sets. Results counts; what is set up
or has a curve and is missing there was taken out by the user: it stays, as omitted, with a finding.
A well without target, sample, Ct and curve is no reaction.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import TypedDict

from breakpoint_pcr.errors import ExportError, NoResultsError
from breakpoint_pcr.ingest.cells import listed, shown, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import Export, Record
from breakpoint_pcr.ingest.files.extent import check_reactions
from breakpoint_pcr.ingest.formats.sections import Row, Sections, folded
from breakpoint_pcr.ingest.formats.thermo_curves import AMPLIFICATION, Key, Traces, traces_of
from breakpoint_pcr.ingest.wells import (
    plate_of_numbers,
    plate_wells_of,
    smallest_plate,
)
from breakpoint_pcr.tables import Finding, Level, State

RESULTS = "results"
SETUP = "sample setup"
CRT = "crt"
CT_KINDS = {"ct": "Ct", "cq": "Cq", "crt": "Crt"}
INSTRUMENTS = {
    "sds7500": "Applied Biosystems 7500",
    "sds7500fast": "Applied Biosystems 7500 Fast",
    "stepone": "StepOne",
    "steponeplus": "StepOnePlus",
}
RUN_TIMES = (
    "experiment run end time",
    "run end data/time",
    "run end date/time",
    "run start date/time",
)
NOT_STARTED = "not started"
OPEN_ARRAY = re.compile(r"open ?array", re.IGNORECASE)
FILE_NAMES = ("file name", "experiment file name")
SOFTWARE = ("software name and version", "software name", "software version")
ABSENT = frozenset({"na", "n/a", "none"})
# What stands in the column of a flag that was raised; the second by SDS 2.
RAISED = frozenset({"y", "true"})
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EXPORT_AGAIN = "export again with Results ticked"


class _About(TypedDict):
    """What the header says, by the fields of an Export."""

    instrument: str
    software: str
    run_date: str
    chemistry: str
    passive_reference: str
    plate: str


def export_of(sections: Sections, format_name: str) -> Export:
    """Return the export; one with curves alone is to join the results of its run.

    Raises:
        ExportError: A table or column is missing, cut off or contradicts itself.
    """
    if RESULTS not in sections.tables and AMPLIFICATION in sections.tables:
        return curves_of(sections, format_name)
    if RESULTS not in sections.tables:
        unended = any(sections.header.get(key, "").casefold() == NOT_STARTED for key in RUN_TIMES)
        why = "a run that was not started or did not finish, and " if unended else ""
        raise NoResultsError(
            sections.file,
            f"{why}no table of results; found {listed(sections.names) or 'none'}; {EXPORT_AGAIN}",
        )
    sections.tables[RESULTS].need("well", "ct", advice="export the amplification results")
    size = _plate_size(sections)
    rows = list(sections.rows(RESULTS))
    check_reactions(sections.tables[RESULTS].where, len(rows))
    traces = traces_of(sections, size)
    n_cycles = _plate_cycles(traces, rows)
    measured = _measured(rows, traces, size=size, n_cycles=n_cycles)
    missing = _missing(sections, measured, traces, size)
    records = tuple(record for record in (*measured, *missing) if _says_something(record))
    if not records:
        raise ExportError(sections.tables[RESULTS].where, f"no reactions; {EXPORT_AGAIN}")
    return Export(
        file=sections.file,
        format=format_name,
        ct_kind=_ct_kind(sections),
        records=records,
        plate_wells=size or smallest_plate({record.well for record in records}),
        n_cycles=n_cycles,
        noticed=(
            *_noticed(sections, measured, missing, traces, n_cycles),
            *_set_up_otherwise(sections, measured, size),
        ),
        empty_wells=_empty_wells(sections, {record.well for record in records}, size),
        **_header(sections.header),
    )


def curves_of(sections: Sections, format_name: str) -> Export:
    """Return the curves of a file without results, which join those of the same format.

    Raises:
        ExportError: A column is missing, cut off or contradicts itself.
    """
    size = _plate_size(sections)
    traces = traces_of(sections, size)
    records = tuple(
        _with_curve(Record(well, "", target, "", "", State.NO_DATA, None, ""), traces)
        for well, target in traces.values
    )
    if not records:
        raise ExportError(sections.tables[AMPLIFICATION].where, "no curves; export again")
    return Export(
        file=sections.file,
        format=format_name,
        ct_kind="",
        records=records,
        plate_wells=size or smallest_plate({record.well for record in records}),
        n_cycles=traces.n_cycles,
        joins=format_name,
        **_header(sections.header),
    )


def _plate_size(sections: Sections) -> int | None:
    """Return the wells of the plate: by its block, else by numbers that stand beside positions."""
    block = sections.header.get("block type", "")
    if OPEN_ARRAY.search(block):
        raise ExportError(
            sections.file,
            f"block {shown(block)}; expected a plate of 48, 96 or 384 wells; run the assay on a "
            "plate and export that",
        )
    return plate_wells_of(block) or plate_of_numbers(
        (row.text("well"), row.text("position")) for row in sections.rows(RESULTS)
    )


def _header(header: Mapping[str, str]) -> _About:
    known = {key: value for key, value in header.items() if value.casefold() not in ABSENT}
    instrument = known.get("instrument type", "")
    times = (DATE.match(known.get(key, "")) for key in RUN_TIMES)
    return {
        "instrument": INSTRUMENTS.get(instrument.casefold(), instrument),
        "software": " ".join(known[key] for key in SOFTWARE if key in known),
        "run_date": next((match[0] for match in times if match), ""),
        "chemistry": known.get("chemistry", ""),
        "passive_reference": known.get("passive reference", ""),
        "plate": next((known[key] for key in FILE_NAMES if key in known), ""),
    }


def _ct_kind(sections: Sections) -> str:
    table = sections.tables[RESULTS]
    heading = folded(table.headings[table.columns["ct"]])
    method = sections.header.get("quantification cycle method", "").casefold()
    return CT_KINDS[CRT if method == CRT else heading]


def _measured(
    rows: Iterable[Row], traces: Traces, *, size: int | None, n_cycles: int | None
) -> list[Record]:
    """Return one record per row of the results, in order."""
    records: dict[Key, Record] = {}
    for row in rows:
        record = _with_curve(_record(row, row.well(size), n_cycles), traces)
        key = (record.well, record.target)
        if key in records:
            raise row.problem(
                f"well {record.well} has target {shown(record.target)} twice; "
                "expected one row each; export again"
            )
        records[key] = record
    return list(records.values())


def _record(row: Row, well: str, n_cycles: int | None) -> Record:
    try:
        ct, state = judge_ct(row.cell("ct"), comma=row.comma, n_cycles=n_cycles)
    except ValueError as problem:
        raise row.problem(f"Ct of {well} is {problem}") from None
    target, sample = row.text("target"), row.text("sample")
    # Without a target the software looks for no Ct: its Undetermined says nothing of the well.
    if not target and ct is None:
        state = State.EMPTY
    return Record(
        well=well,
        sample=sample,
        target=target,
        task=row.text("task"),
        dye=row.text("dye"),
        state=State.OMITTED if row.marked("omit") else state,
        ct=ct,
        ct_text=row.exact_text("ct"),
        threshold=row.number("threshold"),
        baseline_start=row.whole("baseline_start"),
        baseline_end=row.whole("baseline_end"),
        flags=_flags(row),
    )


def _flags(row: Row) -> tuple[str, ...]:
    raised = [
        flag
        for flag, index in row.table.flags.items()
        if index < len(row.cells) and text_of(row.cells[index]).casefold() in RAISED
    ]
    issues = [word.strip() for word in row.text("issues").split(",")]
    return (*raised, *(word for word in issues if word and word.casefold() not in ABSENT))


def _with_curve(record: Record, traces: Traces) -> Record:
    key = (record.well, record.target)
    if key not in traces.values:
        return record
    return replace(record, curve_kind=traces.kinds[key], values=traces.values[key])


def _missing(
    sections: Sections, measured: Iterable[Record], traces: Traces, size: int | None
) -> list[Record]:
    """Return an omitted record for what is set up or has a curve, and is not in the results."""
    known = {(record.well, record.target) for record in measured}
    found: dict[Key, Record] = {}
    for row in sections.rows(SETUP):
        if target := row.text("target"):
            well = row.well(size)
            task, dye, sample = row.text("task"), row.text("dye"), row.text("sample")
            found[well, target] = _omitted(well, target, sample, task, dye)
    for well, target in traces.values:
        found.setdefault((well, target), _omitted(well, target))
    return [_with_curve(record, traces) for key, record in found.items() if key not in known]


def _set_up_otherwise(
    sections: Sections, measured: Iterable[Record], size: int | None
) -> Iterator[Finding]:
    """Yield a finding per sample of the setup that the results name otherwise."""
    samples = {(record.well, record.target): record.sample for record in measured}
    named = [
        (row.well(size), row.text("target"), row.text("sample")) for row in sections.rows(SETUP)
    ]
    yield from sample_contradictions(
        sections.file, ((well, planned, samples.get((well, t), "")) for well, t, planned in named)
    )


def sample_contradictions(file: str, named: Iterable[tuple[str, str, str]]) -> Iterator[Finding]:
    """Yield a finding per sample that setup and results name otherwise.

    Args:
        file: Name of the export.
        named: Well, sample as set up, sample in the results.
    """
    wells: dict[tuple[str, str], list[str]] = {}
    for well, planned, found in named:
        if planned and found and planned != found:
            wells.setdefault((planned, found), []).append(well)
    for (planned, found), names in wells.items():
        sentence = (
            f"{', '.join(dict.fromkeys(names))}: sample {shown(planned)} in the setup, "
            f"{shown(found)} in the results, which count; analyse and export the run again"
        )
        yield Finding(Level.WARNING, "run", file, "setup_contradiction", sentence)


def _omitted(well: str, target: str, sample: str = "", task: str = "", dye: str = "") -> Record:
    return Record(well, sample, target, task, dye, State.OMITTED, None, "")


def _says_something(record: Record) -> bool:
    return bool(record.target or record.sample or record.ct is not None or record.values)


def _empty_wells(sections: Sections, used: set[str], size: int | None) -> frozenset[str]:
    """Return the wells that results or setup list and that no record is of."""
    rows = chain(sections.rows(RESULTS), sections.rows(SETUP))
    return frozenset(row.well(size) for row in rows) - used


def _plate_cycles(traces: Traces, rows: Iterable[Row]) -> int | None:
    """Return the cycles run; unknown where a baseline reaches beyond the exported curves."""
    baseline = max((row.whole("baseline_end") or 0 for row in rows), default=0)
    return traces.n_cycles if traces.n_cycles and traces.n_cycles >= baseline else None


def _noticed(
    sections: Sections,
    measured: list[Record],
    missing: list[Record],
    traces: Traces,
    n_cycles: int | None,
) -> Iterable[Finding]:
    def finding(level: Level, code: str, sentence: str) -> Finding:
        return Finding(level, "run", sections.file, code, sentence)

    if sections.guessed_encoding:
        sentence = f"the text is not UTF-8 and was read as {sections.guessed_encoding}"
        yield finding(Level.INFO, "encoding_guessed", sentence)
    if missing:
        names = ", ".join(f"{record.well} {record.target}" for record in missing)
        sentence = f"set up or measured, but not in the results, so taken as omitted: {names}"
        yield finding(Level.WARNING, "missing_from_results", sentence)
    bare = [f"{r.well} {r.target}" for r in measured if r.target and not r.values]
    if traces.values and bare:
        sentence = f"{len(bare)} of {len(measured)} reactions have no curve: {', '.join(bare)}"
        yield finding(Level.WARNING, "curves_missing", sentence)
    if traces.n_cycles and n_cycles is None:
        yield curves_cut(sections.file, traces.n_cycles)


def curves_cut(file: str, n_cycles: int) -> Finding:
    """Return the finding for curves that end before a baseline does."""
    sentence = (
        f"the curves end at cycle {n_cycles}, before the end of a baseline: they are not whole"
    )
    return Finding(Level.WARNING, "run", file, "curves_cut", sentence)
