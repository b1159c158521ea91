"""How far a sheet may reach: a library that believes a stray cell asks for the whole grid."""

from collections.abc import Mapping

from breakpoint_pcr.errors import ExportError

# What a run folder holds, and how much: every file of it is read once for its checksum.
FOLDER_FILES_MAX = 1_000
FOLDER_BYTES_MAX = 200_000_000
# 384 wells x 6 dyes x 50 cycles are 115,200 rows of some 15 columns.
ROWS_MAX = 200_000
COLUMNS_MAX = 500
CELLS_MAX = 2_000_000
# All sheets that are read of a workbook; 384 wells of six dyes and 50 cycles are 1.6 million.
BOOK_CELLS_MAX = 3_000_000
# The same plate with six dyes; every reaction stands once.
REACTIONS_MAX = 10_000
TABLE_ROWS_MAX = 150_000
# What becomes a tree in memory: real XML has some 20,000 tags, real JSON 230,000 values.
TAGS_MAX = 300_000
VALUES_MAX = 1_000_000


def check_folder(run: str, sizes: Mapping[str, int]) -> None:
    """Refuse a folder of more than one run can fill; `sizes` are bytes by file name.

    Raises:
        ExportError: It holds more.
    """
    if len(sizes) > FOLDER_FILES_MAX or sum(sizes.values()) > FOLDER_BYTES_MAX:
        largest = max(sizes, key=lambda name: sizes[name])
        raise ExportError(
            run,
            f"{len(sizes)} files of {sum(sizes.values())} bytes, the largest is {largest}; at most "
            f"{FOLDER_FILES_MAX} files of {FOLDER_BYTES_MAX} bytes expected; "
            "take out what is no export of this run",
        )


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


def check_book(file: str, cells: int) -> None:
    """Refuse sheets that are each within their limit, and together many gigabytes.

    Raises:
        ExportError: They are.
    """
    if cells > BOOK_CELLS_MAX:
        raise ExportError(
            file, f"sheets of {cells} cells, at most {BOOK_CELLS_MAX} expected; export fewer tables"
        )


def check_rows(where: str, count: int) -> None:
    """Refuse a table of more rows than a plate can give, one per reaction and cycle.

    Raises:
        ExportError: There are more.
    """
    if count > TABLE_ROWS_MAX:
        raise ExportError(
            where, f"table of {count} rows, at most {TABLE_ROWS_MAX} expected; export one plate"
        )


def check_tree(where: str, content: bytes) -> None:
    """Refuse XML or JSON of more parts than an instrument writes, before it becomes a tree.

    Raises:
        ExportError: There are more.
    """
    tags, values = content.count(b"<"), sum(map(content.count, (b"[", b"{", b",")))
    if tags > TAGS_MAX or values > VALUES_MAX:
        raise ExportError(
            where,
            f"more than {TAGS_MAX} tags or {VALUES_MAX} values; expected one plate; "
            "export the results as text or xlsx",
        )


def check_reactions(file: str, count: int) -> None:
    """Refuse more reactions than a plate can hold, before they are looked at one by one.

    Raises:
        ExportError: There are more.
    """
    if count > REACTIONS_MAX:
        raise ExportError(
            file, f"{count} reactions, at most {REACTIONS_MAX} expected; export one plate"
        )
