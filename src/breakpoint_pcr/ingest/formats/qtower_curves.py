"""The fluorescence export of qPCRsoft (qTOWER): a block per dye, a row per well, a column per scan.

The head is that of the table of Cts. Scans are counted, whatever they measure: cycles and degrees
look alike. The protocol of the head tells how many cycles there were, and decides.
"""

import re
from collections.abc import Iterator, Sequence

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line, is_blank, listed, shown, text_of
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Record, curve_alone
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import check_end, decode, lines_of
from breakpoint_pcr.ingest.formats.qtower_head import FORMAT, head_of
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.tables import CurveKind

FIRST = re.compile(r"\"?Title:")
BLOCK = re.compile(
    r"^\"?[^\t;,\"\n]+\"?(?P<delimiter>[\t;,])\"?1\"?(?P=delimiter)\"?2\"?(?P=delimiter)\"?3\b",
    re.MULTILINE,
)
HEAD_LETTERS = 20_000
SCANS_MIN = 3
EXPORT_AGAIN = "export the fluorescence again"

Block = tuple[str, list[Line]]  # dye, and its rows


def is_fluorescence(source: Source) -> bool:
    """Tell the export by its first line and the head of its first block."""
    head = decode(source).content[:HEAD_LETTERS] if source.kind is Content.TEXT else ""
    return bool(FIRST.match(head) and BLOCK.search(head))


def read_fluorescence(source: Source) -> Export:
    """Return the curves of the one dye that was measured.

    Raises:
        ExportError: Damaged, no amplification, or several dyes.
    """
    text = decode(source)
    match = BLOCK.search(text.content)
    lines = lines_of(text, match["delimiter"] if match else ",")
    check_end(text, lines)
    blocks, above = _blocks(source.name, lines)
    if len(blocks) != 1:
        raise ExportError(
            source.name,
            f"curves of several dyes ({listed([dye for dye, _ in blocks])}), and the table of Cts "
            "names no dye; take this file out of the folder; positives then go to review",
        )
    head = head_of(above)
    dye, rows = blocks[0]
    n_scans = len(rows[0][1]) - 1
    if head.scans != (n_scans,) or n_scans > CYCLES_MAX:
        measured = ", ".join(map(str, head.scans)) or "0"
        raise ExportError(
            source.name,
            f"{n_scans} scans, where the protocol has {measured} cycles at one temperature; "
            "expected an amplification alone; export its fluorescence without the melt",
        )
    records = tuple(_records(source.name, dye, rows[1:]))
    if not records:
        raise ExportError(source.name, f"no wells below {shown(dye)}; {EXPORT_AGAIN}")
    return Export(
        file=source.name,
        format=FORMAT,
        ct_kind="",
        records=records,
        run_date=head.run_date,
        plate_wells=smallest_plate({record.well for record in records}),
        n_cycles=n_scans,
        joins=FORMAT,
        plate=head.run or source.name,
    )


def _blocks(file: str, lines: Sequence[Line]) -> tuple[list[Block], Sequence[Line]]:
    """Return the blocks, each with its header as first row, and the lines above the first."""
    starts = [index for index, (_, cells) in enumerate(lines) if _is_header(cells)]
    if not starts:
        raise ExportError(file, f"no block of a dye; {EXPORT_AGAIN}")
    blocks: list[Block] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        rows = [line for line in lines[start:end] if not is_blank(line[1])]
        width = len(_filled(rows[0][1]))
        for number, cells in rows:
            if len(cells) < width or not is_blank(cells[width:]):
                raise ExportError(
                    file, f"{len(cells)} cells where the header has {width}; {EXPORT_AGAIN}", number
                )
        cut = [(number, cells[:width]) for number, cells in rows]
        blocks.append((text_of(rows[0][1][0]), cut))
    return blocks, lines[: starts[0]]


def _filled(cells: Sequence[Cell]) -> list[str]:
    """Return the cells as text, without blank ones at the end."""
    texts = [text_of(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _is_header(cells: Sequence[Cell]) -> bool:
    """Tell a dye followed by 1, 2, 3 and so on."""
    if len(cells) <= SCANS_MIN or text_of(cells[1]) != "1" or not text_of(cells[0]):
        return False
    scans = _filled(cells)[1:]
    return scans == [str(scan) for scan in range(1, len(scans) + 1)]


def _records(file: str, dye: str, rows: Sequence[Line]) -> Iterator[Record]:
    comma = comma_of(cell for _, cells in rows for cell in cells[1:])
    seen: set[str] = set()
    for number, cells in rows:
        record = _record(file, dye, (number, cells), comma)
        if record.well in seen:
            raise ExportError(
                file, f"well {record.well} has {shown(dye)} twice; {EXPORT_AGAIN}", number
            )
        seen.add(record.well)
        if any(value is not None for value in record.values):
            yield record


def _record(file: str, dye: str, row: Line, comma: Comma) -> Record:
    number, cells = row
    try:
        well = well_of(text_of(cells[0]), None)
        values = [number_of(cell, comma) for cell in cells[1:]]
    except ValueError as problem:
        raise ExportError(file, f"{problem}; {EXPORT_AGAIN}", number) from None
    return curve_alone(well, values, CurveKind.RAW, dye=dye)
