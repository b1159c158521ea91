"""Roche LightCycler 96: the result table that its software exports (`RUN - Abs Quant.txt`).

A row per well and dye: Position, Sample Name, Gene Name, Cq, Call, Excluded, Dye and more; text
with tabs, or a workbook. A dash as Cq means none: not reached where the call is Negative, and no
result where it is another, or not shown. Curves stand in the run itself (.lc96p, or RDML), not in a
table. Which words the column Excluded uses is not known from a real file; others are refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from breakpoint_pcr.errors import ExportError, NoResultsError
from breakpoint_pcr.ingest.cells import Line, listed, shown
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import Export, Reader, Record
from breakpoint_pcr.ingest.files.archive import open_archive
from breakpoint_pcr.ingest.files.source import ZIP_MAGICS, Content, Source
from breakpoint_pcr.ingest.formats.headed import (
    Layout,
    header_index,
    header_of,
    rows_of,
    table_below,
    tables_in,
)
from breakpoint_pcr.ingest.formats.lightcycler96_run import UNANALYSED, is_of_lightcycler96
from breakpoint_pcr.ingest.formats.sections import Row, folded
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.tables import Finding, Level, State

HEADINGS = {
    "file": ("file name",),
    "analysis": ("analysis name",),
    "well": ("position",),
    "sample": ("sample name",),
    "target": ("gene name",),
    "ct": ("cq",),
    "call": ("call",),
    "edited": ("edited call",),
    "excluded": ("excluded",),
    "task": ("sample type",),
    "dye": ("dye",),
    "failure": ("failure",),
    "mean": ("cq mean",),
    "error": ("cq error",),
    "concentration": ("concentration",),
    "slope": ("slope",),
    "epf": ("epf",),
    "standard": ("standard",),
}
TABLE = Layout(
    headings=HEADINGS,
    need=("well", "sample", "ct", "target"),
    numbers=("ct", "mean", "error", "concentration", "slope", "epf", "standard"),
)
# The same without a Cq: samples, end point genotyping, Tm calling.
OTHER = Layout(headings=HEADINGS, need=("well", "sample", "target"), numbers=())
# A table of other origin may have position, sample, gene and Cq; these are this software's own.
OWN = frozenset(
    {"call", "edited call", "epf", "excluded", "replicate group", "sample prep notes", "failure"}
)
OWN_WITHOUT_CQ = frozenset({"edited call", "epf", "sample prep notes", "replicate group"})
PLATE_WELLS = 96
# Written as Cq where none was found, in the run at least.
NO_CQ_FROM = 100
NOTHING = frozenset({"", "-"})
POSITIVE, NEGATIVE = "positive", "negative"
EXCLUDED = frozenset({"true", "yes", "1", "x", "checked", "excluded", "ja", "oui", "wahr", "是"})
KEPT = NOTHING | {"false", "no", "0", "unchecked", "nein", "non", "falsch", "否"}
NO_FAILURE = NOTHING | {"none"}
INSTRUMENT = "Roche LightCycler 96"
ADVICE = "export the result table of one analysis of one run again"
WITHOUT_CQ = (
    "a table of the LightCycler 96 without Cq (of samples, genotypes or melting temperatures); no "
    "Ct of a well in it; export the result table of the Abs Quant analysis, or the run as RDML"
)


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the headings that this software alone writes, or as a run without RDML."""
    if source.content.startswith(ZIP_MAGICS) and source.book is None:
        return _is_run(source)
    return _is_results(source) or bool(OWN_WITHOUT_CQ & _headings(source, OTHER))


def _is_run(source: Source) -> bool:
    try:
        return is_of_lightcycler96(source.name, open_archive(source.name, source.content))
    except ExportError:
        return False


def _is_results(source: Source) -> bool:
    return bool(OWN & _headings(source, TABLE))


def _headings(source: Source, layout: Layout) -> set[str]:
    """Return the headings, folded, of the first table of a layout in a text or a workbook."""
    if source.book is None:
        return set(map(folded, header_of(source, layout)))
    for sheet in source.book.sheets:
        lines = source.book.lines(sheet)
        if (index := header_index(lines, layout)) is not None:
            return {folded(str(cell)) for cell in lines[index][1]}
    return set()


def _read(source: Source, _: IngestSettings) -> Export:
    if source.kind is Content.OTHER:
        raise NoResultsError(source.name, UNANALYSED)
    if not _is_results(source):
        raise NoResultsError(source.name, WITHOUT_CQ)
    tables = tables_in(source, TABLE)
    if len(tables) > 1:
        places = listed([where for where, _ in tables])
        raise ExportError(source.name, f"{len(tables)} result tables ({places}); {ADVICE}")
    ((where, lines),) = tables
    rows = rows_of(table_below(where, lines, TABLE), TABLE)
    filled = [row for row in rows if not _is_empty(row)]
    if not filled:
        raise ExportError(source.name, f"no reactions below the header; {ADVICE}")
    records = _records(filled)
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="Cq",
        records=records,
        instrument=INSTRUMENT,
        plate_wells=PLATE_WELLS,
        noticed=tuple(_noticed(source.name, lines[0], records)),
        plate=_plate(source.name, filled),
        empty_wells=frozenset(map(_well, rows)) - {record.well for record in records},
    )


def _is_empty(row: Row) -> bool:
    """Tell a well that was not filled: the plate's other wells are listed as well."""
    said = ("sample", "target", "ct", "call")
    return all(row.text(concept) in NOTHING for concept in said)


def _well(row: Row) -> str:
    return row.well(PLATE_WELLS)


def _plate(file: str, rows: Iterable[Row]) -> str:
    """Return what the table calls its run, else the name of the file without its analysis."""
    files = list(dict.fromkeys(row.text("file") for row in rows))
    if len(files) > 1:
        raise ExportError(file, f"results of {len(files)} runs ({listed(files)}); {ADVICE}")
    return PurePath(files[0]).stem or PurePath(file).stem.partition(" - ")[0]


def _records(rows: Sequence[Row]) -> tuple[Record, ...]:
    analyses: dict[tuple[str, str, str], str] = {}
    records: list[Record] = []
    for row in rows:
        record = _record(row)
        key = (record.well, record.target, record.dye)
        if key in analyses:
            both = listed(list(dict.fromkeys((analyses[key], row.text("analysis")))))
            raise row.problem(
                f"well {record.well} has {shown(record.target)} twice (analyses {both}); {ADVICE}"
            )
        analyses[key] = row.text("analysis")
        records.append(record)
    return tuple(records)


def _record(row: Row) -> Record:
    well, call = _well(row), row.text("call")
    try:
        ct, state = judge_ct(row.cell("ct"), comma=row.comma, n_cycles=NO_CQ_FROM)
    except ValueError as problem:
        raise row.problem(f"Cq of {well} is {problem}") from None
    if ct is None:
        state = State.UNDETERMINED if call.casefold() == NEGATIVE else State.NO_DATA
    return Record(
        well=well,
        sample=_name(row, "sample"),
        target=_name(row, "target") or _name(row, "dye"),
        task=_name(row, "task"),
        dye=_name(row, "dye"),
        state=State.OMITTED if _is_excluded(row, well) else state,
        ct=ct,
        ct_text=row.exact_text("ct"),
        flags=tuple(_flags(row, NEGATIVE if ct is None else POSITIVE)),
    )


def _name(row: Row, concept: str) -> str:
    text = row.text(concept)
    return "" if text in NOTHING else text


def _is_excluded(row: Row, well: str) -> bool:
    word = row.text("excluded").casefold()
    if word not in EXCLUDED | KEPT:
        raise row.problem(
            f"{well} is neither excluded nor kept ({shown(word)}); expected True or False; {ADVICE}"
        )
    return word in EXCLUDED


def _flags(row: Row, expected: str) -> Iterator[str]:
    """Yield a call that does not go with the Cq, that a user edited it, and a failure."""
    call, edited, failure = row.text("call"), row.text("edited"), row.text("failure")
    if call not in NOTHING and call.casefold() != expected:
        yield f"call {call}"
    if edited.casefold() not in KEPT:
        yield "call edited by a user"
    if failure.casefold() not in NO_FAILURE:
        yield failure


def _noticed(file: str, header: Line, records: Sequence[Record]) -> Iterator[Finding]:
    if "excluded" not in TABLE.columns(header[1]):
        sentence = (
            f"{file} has no column Excluded, so wells that were excluded in the software count as "
            "measured; show the column and export again"
        )
        yield Finding(Level.WARNING, "run", file, "exclusions_unknown", sentence)
    if wells := [record.well for record in records if record.state is State.NO_DATA]:
        sentence = f"no Cq, and not called Negative, so without a result: {listed(wells)}"
        yield Finding(Level.WARNING, "run", file, "cq_missing", sentence)


READER = Reader(
    name="lightcycler96",
    title=(
        "Roche LightCycler 96: result table; text, xls or xlsx (layout from documentation, no real "
        "file seen); its runs (.lc96p) are read as rdml"
    ),
    sniff=_sniff,
    read=_read,
)
