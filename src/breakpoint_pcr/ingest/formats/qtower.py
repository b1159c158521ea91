"""Analytik Jena qTOWER, qPCRsoft: the table of a relative quantification, and the fluorescence.

Lines on device, dyes and protocol stand above the table. A row holds a gene of interest, a
reference gene, or both, each with its Ct; a well of neither is set up and not measured. The curves
stand in the fluorescence export, which joins the table of its title and start.
"""

from collections.abc import Iterator

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import Export, Reader, Record
from breakpoint_pcr.ingest.files.source import Source
from breakpoint_pcr.ingest.files.text import check_end, decode, lines_of
from breakpoint_pcr.ingest.formats.headed import (
    Layout,
    delimiter_of,
    header_index,
    header_of,
    rows_of,
    table_below,
)
from breakpoint_pcr.ingest.formats.qtower_curves import is_fluorescence, read_fluorescence
from breakpoint_pcr.ingest.formats.qtower_head import FORMAT, head_of
from breakpoint_pcr.ingest.formats.sections import Row
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.wells import smallest_plate
from breakpoint_pcr.tables import Finding, Level, State

TABLE = Layout(
    headings={
        "well": ("well",),
        "sample": ("sample name",),
        "task": ("sample type",),
        "target": ("goi",),
        "reference": ("reference gene",),
        "ct": ("ct goi",),
        "reference_ct": ("ct ref. gene",),
    },
    need=("well", "sample", "task", "target", "ct"),
    numbers=("ct", "reference_ct"),
)
PAIRS = (("target", "ct"), ("reference", "reference_ct"))
EXPORT_AGAIN = "export the table again"


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the heading `Ct GOI`, or by the head of a fluorescence export."""
    return bool(header_of(source, TABLE)) or is_fluorescence(source)


def _read(source: Source, _: IngestSettings) -> Export:
    return _results(source) if header_of(source, TABLE) else read_fluorescence(source)


def _results(source: Source) -> Export:
    text = decode(source)
    lines = lines_of(text, delimiter_of(text, TABLE) or ",")
    check_end(text, lines)
    index = header_index(lines, TABLE)
    if index is None:
        raise ExportError(source.name, f"no header with 'Ct GOI'; {EXPORT_AGAIN}")
    records: dict[tuple[str, str], Record] = {}
    for row in rows_of(table_below(source.name, lines[index:], TABLE), TABLE):
        for record in _records(row):
            key = (record.well, record.target)
            if key in records:
                raise row.problem(
                    f"well {record.well} has {shown(record.target)} twice; {EXPORT_AGAIN}"
                )
            records[key] = record
    if not records:
        raise ExportError(source.name, f"no reactions below the header; {EXPORT_AGAIN}")
    head = head_of(lines[:index])
    return Export(
        file=source.name,
        format=FORMAT,
        ct_kind="Ct",
        records=tuple(records.values()),
        instrument=head.instrument,
        run_date=head.run_date,
        plate_wells=smallest_plate({well for well, _ in records}),
        noticed=tuple(_noticed(source.name, text.guessed)),
        # Without a head no curves join: their wells alone would tell no run from another.
        plate=head.run or source.name,
    )


def _records(row: Row) -> Iterator[Record]:
    """Yield a record per gene of the row; one that is empty where the row has none."""
    pairs = [(gene, ct) for gene, ct in PAIRS if row.text(gene) or row.text(ct)]
    for gene, ct in pairs or PAIRS[:1]:
        yield _record(row, gene, ct)


def _record(row: Row, gene: str, column: str) -> Record:
    well, target = row.well(None), row.text(gene)
    try:
        ct, state = judge_ct(row.cell(column), comma=row.comma, n_cycles=None)
    except ValueError as problem:
        raise row.problem(f"Ct of {well} is {problem}; {EXPORT_AGAIN}") from None
    return Record(
        well=well,
        sample=row.text("sample"),
        target=target,
        task=row.text("task"),
        dye="",
        state=State.EMPTY if state is State.NO_DATA and not target else state,
        ct=ct,
        ct_text=row.exact_text(column),
    )


def _noticed(file: str, guessed: str) -> Iterator[Finding]:
    if guessed:
        sentence = f"the text is not UTF-8 and was read as {guessed}"
        yield Finding(Level.INFO, "run", file, "encoding_guessed", sentence)


READER = Reader(
    name=FORMAT,
    title="Analytik Jena qTOWER, qPCRsoft: table of Cts of genes of interest and reference, and "
    "the fluorescence of one dye; text",
    sniff=_sniff,
    read=_read,
)
