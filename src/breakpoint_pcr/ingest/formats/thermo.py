"""From the tables of a Thermo Fisher export to its Export.

Setup wells, Results wells and curve wells are three different sets. Results counts; what is set up
or has a curve and is missing there was taken out by the user: it stays, as omitted, with a finding.
A well without target, sample, Ct and curve is no reaction.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain

from breakpoint_pcr.errors import ExportError, NoResultsError
from breakpoint_pcr.ingest.cells import listed, shown, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import Export, Record
from breakpoint_pcr.ingest.files.extent import check_reactions
from breakpoint_pcr.ingest.formats.sections import CT_HEADINGS, Row, Sections, Table, folded
from breakpoint_pcr.ingest.formats.setup import UNPLANNED, Planned, contradictions, task_of
from breakpoint_pcr.ingest.formats.thermo_curves import AMPLIFICATION, Key, Traces, traces_of
from breakpoint_pcr.ingest.formats.thermo_header import ABSENT, about_of, is_unended
from breakpoint_pcr.ingest.wells import (
    plate_of_numbers,
    plate_wells_of,
    smallest_plate,
)
from breakpoint_pcr.tables import Finding, Level, State

RESULTS = "results"
# What holds them by the names of sections and sheets, folded.
RESULTS_NAMES = (RESULTS, "primary_result")
SETUP = "sample setup"
CRT = "crt"
CT_KINDS = {"ct": "Ct", "cq": "Cq", "crt": "Crt"}
# How the header names the method of a Crt, whatever the heading of its column.
CRT_METHOD = re.compile(r"\bcrt\b|relative threshold")
OPEN_ARRAY = re.compile(r"open ?array", re.IGNORECASE)
# What stands in the column of a flag that was raised; the second by SDS 2.
RAISED = frozenset({"y", "true"})
EXPORT_AGAIN = "export again with Results ticked"


def export_of(sections: Sections, format_name: str) -> Export:
    """Return the export; one with curves alone is to join the results of its run.

    Raises:
        ExportError: A table or column is missing, cut off or contradicts itself.
    """
    if RESULTS not in sections.tables and AMPLIFICATION in sections.tables:
        return curves_of(sections, format_name)
    if RESULTS not in sections.tables:
        _check_header(sections)
        unended = is_unended(sections.header)
        why = "a run that was not started or did not finish, and " if unended else ""
        raise NoResultsError(
            sections.file,
            f"{why}no table of results; found {listed(sections.names) or 'none'}; {EXPORT_AGAIN}",
        )
    sections.tables[RESULTS].need("well", "ct", advice="export the amplification results")
    _check_ct_columns(sections.tables[RESULTS])
    size = _plate_size(sections)
    rows = list(sections.rows(RESULTS))
    check_reactions(sections.tables[RESULTS].where, len(rows))
    traces = traces_of(sections, size)
    n_cycles = _plate_cycles(traces, rows)
    planned = _planned(sections, size)
    found = _measured(rows, size=size, n_cycles=n_cycles)
    measured = [_with_curve(_as_planned(record, planned), traces) for record in found]
    missing = _missing(planned, measured, traces)
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
            *contradictions(
                sections.file,
                ((planned.get((r.well, r.target), UNPLANNED), r, r.task) for r in found),
            ),
        ),
        empty_wells=_empty_wells(sections, {record.well for record in records}, size),
        **about_of(sections.header),
    )


def _check_header(sections: Sections) -> None:
    """Refuse a section or sheet of results without the header of its table."""
    for name in sections.names:
        if folded(name.strip("[]")) in RESULTS_NAMES:
            raise NoResultsError(
                sections.file,
                f"{shown(name)} without a row of headings that begins with Well; export again, and "
                "do not save it from a spreadsheet",
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
        **about_of(sections.header),
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
    pairs = [(row.text("well"), row.text("position")) for row in sections.rows(RESULTS)]
    try:
        return plate_wells_of(block) or plate_of_numbers(pairs)
    except ValueError as problem:
        raise ExportError(sections.tables[RESULTS].where, f"{problem}; export again") from None


def _ct_kind(sections: Sections) -> str:
    table = sections.tables[RESULTS]
    heading = folded(table.headings[table.columns["ct"]])
    method = sections.header.get("quantification cycle method", "").casefold()
    return CT_KINDS[CRT if CRT_METHOD.search(method) else heading]


def _check_ct_columns(table: Table) -> None:
    """Refuse two columns of Cts that differ: nobody can tell which one was meant."""
    columns = [i for i, name in enumerate(table.headings) if folded(name) in CT_HEADINGS]
    for line, cells in table.lines:
        if len({text_of(cells[index]) for index in columns if index < len(cells)}) > 1:
            raise ExportError(
                table.where,
                f"columns {listed([table.headings[index] for index in columns])} with different "
                "values; expected one column of Cts; delete the others or export again",
                line,
            )


def _measured(rows: Iterable[Row], *, size: int | None, n_cycles: int | None) -> list[Record]:
    """Return one record per row of the results, in order, without curves."""
    records: dict[Key, Record] = {}
    for row in rows:
        record = _record(row, row.well(size), n_cycles)
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


def _planned(sections: Sections, size: int | None) -> dict[Key, Planned]:
    """Return what was set up, by well and target; wells without a target are empty."""
    return {
        (row.well(size), target): Planned(row.text("sample"), row.text("task"), row.text("dye"))
        for row in sections.rows(SETUP)
        if (target := row.text("target"))
    }


def _as_planned(record: Record, planned: Mapping[Key, Planned]) -> Record:
    """Return a record with the sample, task and dye of the setup where the results leave them out.

    The results of StepOne have no column for the task: without the setup its NTCs are unknowns.
    """
    plan = planned.get((record.well, record.target), UNPLANNED)
    return replace(
        record,
        sample=record.sample or plan.sample,
        task=task_of(record.task, plan.task),
        dye=record.dye or plan.dye,
    )


def _missing(
    planned: Mapping[Key, Planned], measured: Iterable[Record], traces: Traces
) -> list[Record]:
    """Return an omitted record for what is set up or has a curve, and is not in the results."""
    known = {(record.well, record.target) for record in measured}
    keys = dict.fromkeys(chain(planned, traces.values))
    return [
        _with_curve(_as_planned(_omitted(*key), planned), traces)
        for key in keys
        if key not in known
    ]


def _omitted(well: str, target: str) -> Record:
    return Record(well, "", target, "", "", State.OMITTED, None, "")


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
