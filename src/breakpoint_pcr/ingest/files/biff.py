"""Guard for the records of an xls: what a cell or a sheet claims to span, before it is believed.

Layout: Microsoft [MS-XLS], section 2.4; a record is its type and length, two bytes each, and data.
"""

import struct
from collections.abc import Iterator

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.files.extent import check_book, check_extent

END_OF_SHEET = 0x0A
BOUND_SHEET = 0x85
DIMENSIONS = 0x200
FILE_PASS = 0x2F
BOOLEAN_OR_ERROR = 0x205
FORMULAS = frozenset({0x06, 0x206, 0x406})
MULTIPLE = frozenset({0xBD, 0xBE})
# Records that begin with row and column: formula, blank, number, label, error, string, RK and their
# older forms.
CELLS = frozenset(
    {
        0x06,
        0x206,
        0x406,
        0x201,
        0x203,
        0x204,
        0x205,
        0xD6,
        0xFD,
        0x27E,
        0x7E,
        0x01,
        0x03,
        0x04,
        0x05,
    }
    | MULTIPLE
)
SHEETS_MAX = 200
HEAD = struct.Struct("<2H")


def check_records(file: str, stream: bytes) -> None:
    """Refuse a workbook stream that spans more than an export can, or is locked.

    Raises:
        ExportError: It does, or it is damaged.
    """
    offsets: list[int] = []
    for kind, data in _records(stream, 0):
        if kind == FILE_PASS:
            raise ExportError(file, "workbook with a password; save it without one")
        if kind == BOUND_SHEET and len(data) > HEAD.size:
            offsets += struct.unpack_from("<I", data)
    if len(offsets) > SHEETS_MAX:
        raise ExportError(file, f"{len(offsets)} sheets, at most {SHEETS_MAX}; export again")
    cells = end = 0
    for offset in sorted(offsets):
        # Two sheets on the same bytes cost as much as two, and no software writes them.
        if offset < end:
            raise ExportError(file, "two sheets on one place; the file is damaged; export it again")
        rows, columns, end = _span(file, stream, offset)
        check_extent(file, "a sheet", rows, columns)
        cells += rows * columns
        check_book(file, cells)


def _span(file: str, stream: bytes, offset: int) -> tuple[int, int, int]:
    """Return last row and column, 1-based, and the end of the sheet that begins at the offset."""
    rows = columns = 0
    end = offset
    for kind, data in _records(stream, offset):
        end += HEAD.size + len(data)
        if _is_error(kind, data):
            raise ExportError(
                file,
                "a cell with an error such as #N/A; expected values; "
                "export again, and do not save it from a spreadsheet",
            )
        if kind == DIMENSIONS and len(data) >= 10:  # noqa: PLR2004
            layout = "<2I2H" if len(data) >= 12 else "<4H"  # noqa: PLR2004
            _, last_row, _, last_column = struct.unpack_from(layout, data)
            rows, columns = max(rows, last_row), max(columns, last_column)
        elif kind in CELLS and len(data) >= HEAD.size:
            row, column = HEAD.unpack_from(data)
            if kind in MULTIPLE:
                column = max(column, *struct.unpack("<H", data[-2:]))
            rows, columns = max(rows, row + 1), max(columns, column + 1)
    return rows, columns, end


def _is_error(kind: int, data: bytes) -> bool:
    """Tell a cell that holds an error, which calamine returns as a blank cell.

    A blank Ct can mean not reached, which an error in its place does not.
    """
    if kind == BOOLEAN_OR_ERROR:
        return data[7:8] == b"\x01"
    return kind in FORMULAS and data[6:7] == b"\x02" and data[12:14] == b"\xff\xff"


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Yield type and data of each record up to the end of the sheet."""
    while place + HEAD.size <= len(stream):
        kind, length = HEAD.unpack_from(stream, place)
        if kind == END_OF_SHEET:
            return
        place += HEAD.size
        yield kind, stream[place : place + length]
        place += length
