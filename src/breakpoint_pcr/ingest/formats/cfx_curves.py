"""Amplification tables of a Bio-Rad CFX: a column of baseline-subtracted RFU per well."""

from collections.abc import Sequence

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line, is_blank, shown, text_of
from breakpoint_pcr.ingest.export import CYCLES_MAX, Record, curve_alone
from breakpoint_pcr.ingest.formats.cfx_words import NOT_A_NUMBER
from breakpoint_pcr.ingest.formats.headed import Layout
from breakpoint_pcr.ingest.formats.sections import folded
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.wells import well_of
from breakpoint_pcr.tables import CurveKind

CURVES = Layout(headings={"cycle": ("cycle",)}, need=("cycle",), numbers=())
# In a csv a column without heading stands before it.
CYCLE_COLUMNS = 2


def is_curves(header: Sequence[Cell]) -> bool:
    """Tell a header `, Cycle, A1, A2 …`: nothing but wells right of the cycle."""
    headings = [folded(text_of(cell)) for cell in header]
    if "cycle" not in headings[:CYCLE_COLUMNS]:
        return False
    wells = [heading for heading in headings[headings.index("cycle") + 1 :] if heading]
    return bool(wells) and all(map(_is_well, wells))


def _is_well(text: str) -> bool:
    try:
        well_of(text, None)
    except ValueError:
        return False
    return True


def traces(where: str, lines: Sequence[Line], dye: str) -> tuple[list[Record], int]:
    """Return the curves of one dye, and the number of cycles.

    Raises:
        ExportError: A well twice, a cycle missing, or a cell that is no number.
    """
    (number, header), *rows = lines
    body = [line for line in rows if not is_blank(line[1])]
    first = [folded(text_of(cell)) for cell in header].index("cycle")
    columns = {i: text_of(cell) for i, cell in enumerate(header) if i > first and text_of(cell)}
    wells = {index: well_of(name, None) for index, name in columns.items()}
    if len(set(wells.values())) < len(wells):
        raise ExportError(where, "a well has two columns; expected one; export again", number)
    comma = comma_of(cell for _, cells in body for cell in cells)
    series: dict[int, list[float | None]] = {index: [] for index in wells}
    for cycle, (line, cells) in enumerate(body, start=1):
        try:
            _check_cycle(cells, first, cycle, len(header))
            for index, values in series.items():
                values.append(_rfu(cells[index], comma))
        except ValueError as problem:
            raise ExportError(where, f"{problem}; copy or export it again", line) from None
    if not body:
        raise ExportError(where, "no cycles below the header; export the run again", number)
    records = [
        curve_alone(wells[i], y, CurveKind.RFU, dye=dye) for i, y in series.items() if _says(y)
    ]
    return records, len(body)


def _check_cycle(cells: Sequence[Cell], column: int, cycle: int, width: int) -> None:
    if len(cells) != width:
        raise ValueError(f"{len(cells)} cells where the header has {width}; the file is cut off")
    found = number_of(cells[column], Comma.ABSENT)
    if found is not None and found > cycle == 1:
        raise ValueError(
            f"the curves begin at cycle {found:g}; expected cycle 1; set Cycles to Analyze of the "
            "run in the software to all cycles"
        )
    if found != cycle:
        raise ValueError(f"cycle {shown(text_of(cells[column]))} where cycle {cycle} is expected")
    if cycle > CYCLES_MAX:
        raise ValueError(f"more than {CYCLES_MAX} cycles; expected one run")


def _rfu(cell: Cell, comma: Comma) -> float | None:
    if isinstance(cell, str) and cell.strip().casefold() in NOT_A_NUMBER:
        return None
    return number_of(cell, comma)


def _says(values: Sequence[float | None]) -> bool:
    return any(value is not None for value in values)
