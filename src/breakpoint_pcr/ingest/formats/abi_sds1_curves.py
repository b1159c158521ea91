"""Curves of SDS software v1, which exports them apart from the Cts: one row per well and detector.

Known from programs that read them; no real file was at hand. Either one column per cycle, or two
blocks of these that follow the columns `Rn` and `Delta Rn`. Where the table does not say which of
the two it holds, the values do: Rn is a ratio of two lights and above 0, while the ΔRn of a
baseline's cycles add up to 0, so that some lie at 0 or below.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, is_blank, listed, text_of
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Reader, Record
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import Text, check_end, decode, lines_of
from breakpoint_pcr.ingest.formats.abi_sds1 import NAME as RESULTS_FORMAT
from breakpoint_pcr.ingest.formats.sections import delimiter_of_header, folded, quoted_lines
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.tables import CurveKind, State

NAME = "abi_sds1_curves"
CYCLES_MIN = 3
CYCLE = re.compile(r"(?:cycle ?)?([1-9][0-9]{0,2})")
BLOCKS = {"rn": CurveKind.RN, "delta rn": CurveKind.DELTA_RN}
# The instruments of SDS v1 hold plates of 96 wells.
PLATE_WELLS = 96
COLUMNS = {
    "sample name": "sample",
    "samplename": "sample",
    "sample": "sample",
    "detector": "target",
    "detector name": "target",
    "reporter dye": "dye",
    "reporter": "dye",
}


@dataclass(frozen=True, slots=True)
class _Layout:
    """Columns of the table: by concept, and of each kind of curve the column of each cycle.

    A kind of None is told by the values.
    """

    columns: Mapping[str, int]
    width: int
    blocks: Mapping[CurveKind | None, Sequence[int]]


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by a row that begins with Well, has no Ct, and counts cycles."""
    return source.kind is Content.TEXT and bool(_delimiter(decode(source)))


def _delimiter(text: Text) -> str | None:
    return delimiter_of_header(text.content, _is_header, word="well")


def _is_header(cells: Sequence[str]) -> bool:
    if not cells or cells[0] != "well" or {"ct", "cq", "cp", "cycle"} & set(cells):
        return False
    counted = sum(bool(CYCLE.fullmatch(cell)) for cell in cells)
    return counted >= CYCLES_MIN and bool(COLUMNS.keys() & set(cells) or BLOCKS.keys() & set(cells))


def _read(source: Source, _: IngestSettings) -> Export:
    text = decode(source)
    lines = lines_of(text, _delimiter(text) or ",")
    check_end(text, lines)
    headers = ([folded(text_of(cell)) for cell in cells] for _, cells in lines)
    start = next((i for i, header in enumerate(headers) if _is_header(header)), None)
    if start is None:
        raise quoted_lines(source.name)
    layout = _layout(source.name, lines[start])
    body = _named([line for line in lines[start + 1 :] if not is_blank(line[1])], layout)
    values = {index for block in layout.blocks.values() for index in block}
    comma = comma_of(cell for _, cells in body for i, cell in enumerate(cells) if i in values)
    rows = [_row(source.name, line, layout, comma) for line in body]
    if not rows:
        raise ExportError(source.name, "no curves below the header; export again")
    n_cycles = len(next(iter(layout.blocks.values())))
    return Export(
        file=source.name,
        format=NAME,
        ct_kind="",
        records=tuple(_records(source.name, rows)),
        plate_wells=smallest_plate({record.well for record, _ in rows}),
        n_cycles=n_cycles,
        joins=RESULTS_FORMAT,
    )


def _layout(file: str, line: Line) -> _Layout:
    number, cells = line
    headings = [folded(text_of(cell)) for cell in cells]
    columns = {COLUMNS[name]: i for i, name in enumerate(headings) if name in COLUMNS}
    blocks: dict[CurveKind | None, list[int]] = {}
    kind: CurveKind | None = None
    for index, heading in enumerate(headings):
        kind = BLOCKS.get(heading, kind)
        if match := CYCLE.fullmatch(heading):
            block = blocks.setdefault(kind, [])
            if int(match[1]) != len(block) + 1 or len(block) >= CYCLES_MAX:
                raise ExportError(
                    file,
                    f"column {heading!r} where cycle {len(block) + 1} was expected; export again",
                    number,
                )
            block.append(index)
    if len({len(block) for block in blocks.values()}) != 1:
        counts = listed([f"{kind} {len(block)}" for kind, block in blocks.items()])
        raise ExportError(file, f"blocks of different lengths: {counts}; export again", number)
    return _Layout(columns, len(cells), blocks)


def _named(lines: Sequence[Line], layout: _Layout) -> list[Line]:
    """Return the rows with the well of the row above where only its first detector names it."""
    target = layout.columns.get("target")
    rows: list[Line] = []
    for number, cells in lines:
        blank = not text_of(cells[0]) and target is not None and not is_blank(cells[target:][:1])
        filled = [rows[-1][1][0], *cells[1:]] if blank and rows else cells
        rows.append((number, filled))
    return rows


_Values = dict[CurveKind | None, tuple[float | None, ...]]


def _row(file: str, line: Line, layout: _Layout, comma: Comma) -> tuple[Record, _Values]:
    number, cells = line

    def text(concept: str) -> str:
        index = layout.columns.get(concept)
        return text_of(cells[index]) if index is not None and index < len(cells) else ""

    last = max(block[-1] for block in layout.blocks.values())
    if len(cells) <= last:
        raise ExportError(
            file, "the row ends before its last cycle; the file is cut off; export again", number
        )
    if len(cells) > layout.width:
        raise ExportError(
            file,
            f"{len(cells)} cells where the header has {layout.width}; a decimal comma in a "
            "comma-separated file, or a delimiter inside a cell; export again",
            number,
        )
    try:
        well = well_of(text_of(cells[0]), PLATE_WELLS)
        values = {
            kind: tuple(number_of(cells[index], comma) for index in block)
            for kind, block in layout.blocks.items()
        }
    except ValueError as problem:
        raise ExportError(file, f"{problem}; export again", number) from None
    named = Record(well, text("sample"), text("target"), "", text("dye"), State.NO_DATA, None, "")
    return named, values


def _records(file: str, rows: Sequence[tuple[Record, _Values]]) -> Iterator[Record]:
    """Yield a record per curve: ΔRn where the table holds both."""
    kinds = rows[0][1].keys()
    chosen = CurveKind.DELTA_RN if CurveKind.DELTA_RN in kinds else next(iter(kinds))
    kind = chosen or _kind_of(file, [values[chosen] for _, values in rows])
    for record, values in rows:
        if any(value is not None for value in values[chosen]):
            yield Record(
                *(record.well, record.sample, record.target, record.task, record.dye),
                *(record.state, None, ""),
                curve_kind=kind,
                values=values[chosen],
            )


def _kind_of(file: str, curves: Sequence[Sequence[float | None]]) -> CurveKind:
    below = [any(v is not None and v <= 0 for v in curve) for curve in curves if any(curve)]
    if all(below):
        return CurveKind.DELTA_RN
    if not any(below):
        return CurveKind.RN
    raise ExportError(
        file,
        f"{sum(below)} of {len(below)} curves go to 0 or below, which Rn never does and delta Rn "
        "always does; expected one of the two; export Rn and Delta Rn again",
    )


READER = Reader(
    name=NAME,
    title=(
        "Applied Biosystems 7000, 7300, 7500 with SDS v1: Rn and Delta Rn, beside the results"
        " (layout from documentation, no real file seen)"
    ),
    sniff=_sniff,
    read=_read,
)
