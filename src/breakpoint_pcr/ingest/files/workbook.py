"""Spreadsheets: xlsx and xls, by python-calamine, behind guards.

One cell at XFD1048576 makes calamine ask for the whole grid, and that aborts the process. So the
references in an xlsx are looked at before calamine sees the file.
"""

import os
import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TypeVar
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line
from breakpoint_pcr.ingest.files.archive import check_archive, plain_name, read_member
from breakpoint_pcr.ingest.files.extent import COLUMNS_MAX, ROWS_MAX, check_book, check_extent
from breakpoint_pcr.ingest.files.sheet_members import sheet_members

XLSX_MEMBER = "xl/workbook.xml"
XLSX_RELATIONS = "xl/_rels/workbook.xml.rels"
OTHER_SPREADSHEETS = frozenset({"content.xml", "xl/workbook.bin"})
# A cell or row that does not begin with a plain reference up to AZ59999 needs a closer look, and so
# does one with a prefix. Each pattern begins with a literal, by which `re` searches fast.
UNUSUAL = (
    re.compile(rb'<c(?=[\s/>])(?! r="(?:[A-Z]|A[A-Z])(?:[0-9]{1,4}|[1-5][0-9]{4})")'),
    re.compile(rb'<row(?=[\s/>])(?! r="(?:[0-9]{1,4}|[1-5][0-9]{4})")'),
    re.compile(rb":(?:c|row)[\s/>]"),
)
REFERENCE = re.compile(r"([A-Za-z]{0,3})([0-9]{1,7})")
# A sheet that needs a closer look is looked at cell by cell; real sheets reach 3 MB.
UNUSUAL_BYTES_MAX = 15_000_000
UNUSUAL_CELLS_MAX = 1_000_000
ERROR_TYPES = (b'"e"', b"'e'")
ERROR_CELL = re.compile(rb"""(<(?:\w{1,20}:)?c\s[^<>]{0,200}?\bt\s?=\s?)(["'])e\2""")
AS_TEXT = rb"\1\2str\2"
# An entity can be declared in a document type alone.
DOCUMENT_TYPE = b"<!DOCTYPE"
STDERR = 2
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Book:
    """An opened workbook; a sheet that `members` names is checked in `archive` when it is read."""

    file: str
    sheets: tuple[str, ...]
    content: CalamineWorkbook
    archive: ZipFile | None = None
    members: Mapping[str, str] = field(default_factory=dict[str, str])
    read: dict[str, list[Line]] = field(default_factory=dict[str, list[Line]], compare=False)

    def lines(self, sheet: str) -> list[Line]:
        """Return the rows of a sheet with their numbers; each sheet is taken apart once.

        Raises:
            ExportError: The sheet cannot be read, or spans too much.
        """

        def opened() -> CalamineSheet:
            return workbook.get_sheet_by_name(sheet)

        def rows() -> list[list[Cell]]:
            return found.to_python(skip_empty_area=False)

        if sheet in self.read:
            return self.read[sheet]
        workbook = _checked_workbook(self, sheet)
        found = _guarded(self.file, opened)
        check_extent(self.file, f"sheet {sheet}", found.total_height, found.total_width)
        before = sum(len(lines) * len(lines[0][1]) for lines in self.read.values() if lines)
        check_book(self.file, before + found.total_height * found.total_width)
        self.read[sheet] = list(enumerate(_guarded(self.file, rows), start=1))
        return self.read[sheet]


def open_xlsx(file: str, content: bytes, archive: ZipFile) -> Book:
    """Check and open an xlsx.

    Raises:
        ExportError: The file is damaged or not what an instrument writes.
    """
    names = [plain_name(member.filename) for member in archive.infolist()]
    if set(names) & OTHER_SPREADSHEETS:
        raise ExportError(file, "spreadsheet of several formats; expected xlsx; save it as xlsx")
    check_archive(file, archive)
    if len(set(names)) < len(names):
        raise ExportError(file, "two archive members have one name; export again")
    sheets = _sheet_members(file, archive)
    later = set(sheets.values())
    eager = [member for member in archive.infolist() if member.filename not in later]
    with_errors = [_has_errors(_checked_member(file, archive, member)) for member in eager]
    book = open_book(file, _with_errors_as_text(archive) if any(with_errors) else content)
    return replace(book, archive=archive, members=sheets)


def _sheet_members(file: str, archive: ZipFile) -> Mapping[str, str]:
    """Return the member of each sheet; nothing where that is not plain, and all are checked."""
    names = archive.namelist()
    if XLSX_MEMBER not in names or XLSX_RELATIONS not in names:
        return {}
    documents = (
        read_member(file, archive, archive.getinfo(name)) for name in (XLSX_MEMBER, XLSX_RELATIONS)
    )
    members = sheet_members(*documents)
    return members if set(members.values()) <= set(names) else {}


def _checked_workbook(book: Book, sheet: str) -> CalamineWorkbook:
    """Check a sheet before it is read; return the workbook, or one with its errors as text."""
    if book.archive is None or sheet not in book.members:
        return book.content
    xml = _checked_member(book.file, book.archive, book.archive.getinfo(book.members[sheet]))
    if not _has_errors(xml):
        return book.content
    return open_book(book.file, _with_errors_as_text(book.archive)).content


def _checked_member(file: str, archive: ZipFile, member: ZipInfo) -> bytes:
    xml = read_member(file, archive, member)
    if DOCUMENT_TYPE in xml:
        raise ExportError(file, "XML with a document type or entities; save it again as xlsx")
    _check_sheet(file, member.filename, xml)
    return xml


def _has_errors(xml: bytes) -> bool:
    return any(mark in xml for mark in ERROR_TYPES) and ERROR_CELL.search(xml) is not None


def _with_errors_as_text(archive: ZipFile) -> bytes:
    """Return the workbook with #N/A and its like as text; calamine returns them as blank cells.

    A blank Ct can mean not reached, which an error in its place does not.
    """
    content = BytesIO()
    with ZipFile(content, "w") as changed:
        for member in archive.infolist():
            changed.writestr(member.filename, ERROR_CELL.sub(AS_TEXT, archive.read(member)))
    return content.getvalue()


def open_book(file: str, content: bytes) -> Book:
    """Open a workbook whose extent is known to be sane.

    Raises:
        ExportError: The workbook is damaged.
    """

    def opened() -> CalamineWorkbook:
        return CalamineWorkbook.from_filelike(BytesIO(content))

    workbook = _guarded(file, opened)
    sheets = (s.name for s in workbook.sheets_metadata if s.typ is SheetTypeEnum.WorkSheet)
    return Book(file, tuple(sheets), workbook)


def _guarded(file: str, action: Callable[[], Result]) -> Result:
    """Turn every way in which calamine gives up into one line; a Rust panic is no Exception."""
    try:
        with _without_panic_messages():
            return action()
    except (CalamineError, OSError, ValueError, OverflowError):
        pass
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":
            raise
    raise ExportError(
        file, "damaged workbook; expected xlsx or xls as the instrument writes it; export again"
    )


@contextmanager
def _without_panic_messages() -> Generator[None]:
    """Keep what Rust writes on a panic off the terminal; it bypasses `sys.stderr`."""
    kept, void = os.dup(STDERR), os.open(os.devnull, os.O_WRONLY)
    os.dup2(void, STDERR)
    try:
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)
        os.close(void)


def _check_sheet(file: str, member: str, xml: bytes) -> None:
    """Refuse a sheet whose cells span more than an export can; only sheetData holds cells."""
    if b"sheetData" not in xml or not any(pattern.search(xml) for pattern in UNUSUAL):
        return
    if len(xml) > UNUSUAL_BYTES_MAX:
        raise _unusual(file, member)
    try:
        rows, columns = _extent(xml)
    except OverflowError:
        raise _unusual(file, member) from None
    except expat.ExpatError:
        raise ExportError(file, f"{member[:60]!r} is damaged; copy or export it again") from None
    check_extent(file, repr(member[:60]), rows, columns)


def _unusual(file: str, member: str) -> ExportError:
    return ExportError(
        file,
        f"{member[:60]!r} has cells without references, more than {UNUSUAL_CELLS_MAX} of them or "
        f"{UNUSUAL_BYTES_MAX} bytes; export fewer tables, or save it again as xlsx",
    )


@dataclass(slots=True)
class _Cursor:
    """Where in a sheet the parser stands, and how far it has been; 1-based."""

    row: int = 0
    column: int = 0
    rows: int = 0
    columns: int = 0
    seen: int = 0

    def visit(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind not in ("row", "c"):
            return
        self.seen += 1
        if self.seen > UNUSUAL_CELLS_MAX:
            raise OverflowError(tag)
        column, row = _reference(attributes.get("r", ""))
        if kind == "row":
            self.row, self.column = row or self.row + 1, 0
        else:
            self.row, self.column = row or self.row, column or self.column + 1
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)


def _extent(xml: bytes) -> tuple[int, int]:
    """Return the last row and column that a cell or row refers to."""
    cursor = _Cursor()

    def start(tag: str, attributes: dict[str, str]) -> None:
        cursor.visit(tag, attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(xml, True)
    return cursor.rows, cursor.columns


def _refuse_doctype(*_: object) -> None:
    raise expat.ExpatError("document type declaration")


def _reference(text: str) -> tuple[int, int]:
    """Return column and row of a cell reference: 0 where it has none, beyond all limits if odd."""
    if not text:
        return 0, 0
    match = REFERENCE.fullmatch(text)
    if not match:
        return COLUMNS_MAX + 1, ROWS_MAX + 1
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(match[2])
