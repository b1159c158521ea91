"""How far a sheet may reach: a library that believes a stray cell asks for the whole grid."""

from breakpoint_pcr.errors import ExportError

# 384 wells x 6 dyes x 50 cycles are 115,200 rows of some 15 columns.
ROWS_MAX = 200_000
COLUMNS_MAX = 500
CELLS_MAX = 4_000_000


def check_extent(file: str, what: str, rows: int, columns: int) -> None:
    """Refuse a sheet that reaches further than an export can.

    Raises:
        ExportError: It does.
    """
    if rows > ROWS_MAX or columns > COLUMNS_MAX or rows * columns > CELLS_MAX:
        raise ExportError(
            file,
            f"{what} reaches row {rows}, column {columns}; at most {ROWS_MAX} rows, "
            f"{COLUMNS_MAX} columns and {CELLS_MAX} cells expected; delete stray cells",
        )
