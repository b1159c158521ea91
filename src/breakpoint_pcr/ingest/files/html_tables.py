"""Tables of a web page, which some software writes and calls an `.xls`.

Tags are found one after the other, never nested by a parser, so the work grows with the length
alone. Scripts, styles and comments are passed over; nothing that the page names is opened.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import Text, decode

HEAD_BYTES = 4_096
# 384 wells, six dyes and 15 columns are 35,000 cells, 1.5 MB.
PAGE_BYTES_MAX = 4_000_000
CELLS_MAX = 200_000
LETTERS_MAX = 4_000
SPAN_MAX = 100
PAGE = re.compile(rb"<(?:!doctype html|html|head|body|table)[\s>]", re.IGNORECASE)
DECLARED = re.compile(
    rb"charset\s{0,9}=\s{0,9}[\"']?(gb_?2312|gb_?2312-80|gbk|gb18030)\b", re.IGNORECASE
)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})((?:[\s/][^<>]*)?)>")
SPAN = re.compile(r"\b(col|row)span\s{0,9}=\s{0,9}[\"']?\s{0,9}([0-9]{1,9})", re.IGNORECASE)
# Each is passed over as a whole: how it begins and ends.
HIDDEN = tuple(
    (re.compile(begin, re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for begin, end in (
        ("<!--", "-->"),
        ("<script", "</script[^<>]*>"),
        ("<style", "</style[^<>]*>"),
    )
)
BREAKS = frozenset({"br", "p", "div"})
BLANKS = re.compile(r"\s+")


def is_page(source: Source) -> bool:
    """Tell a web page with a table by its first bytes."""
    if source.kind is not Content.TEXT:
        return False
    head = source.content[:HEAD_BYTES].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<") and bool(PAGE.search(head))


def page_of(source: Source, configured: str) -> Text:
    """Decode a page: GB2312 and its kin as the page declares them, else as any text.

    Raises:
        ExportError: More than an instrument writes.
    """
    if len(source.content) > PAGE_BYTES_MAX:
        raise ExportError(
            source.name,
            f"web page of {len(source.content)} bytes, at most {PAGE_BYTES_MAX} expected; "
            "save it as xlsx",
        )
    if DECLARED.search(source.content[:HEAD_BYTES]):
        try:
            return Text(source.name, source.content.decode("gb18030"))
        except UnicodeError:
            pass
    return decode(source, configured)


@dataclass(slots=True)
class _Cursor:
    """Where in a page we stand. `spans` maps a column to what still covers it from above."""

    tables: list[list[Line]] = field(default_factory=list[list[Line]])
    open: list[list[Line]] = field(default_factory=list[list[Line]])
    row: list[Cell] | None = None
    cell: list[str] | None = None
    width: int = 1
    height: int = 1
    spans: dict[int, tuple[int, str]] = field(default_factory=dict[int, tuple[int, str]])
    cells: int = 0


def tables_of(text: Text) -> list[list[Line]]:
    """Return the tables of a page with their rows counted from 1.

    A cell that spans rows stands in each of them; one that spans columns in the first.

    Raises:
        ExportError: A table within a table, or more cells than an instrument writes.
    """
    cursor = _Cursor()
    for closing, name, attributes, words in _pieces(text.content):
        if name in ("table", "tr", "td", "th"):
            _step(text.file, cursor, closing=closing, name=name, attributes=attributes)
        if cursor.cell is not None:
            cursor.cell.append(f" {words}" if name in BREAKS else words)
    if cursor.open:
        raise ExportError(
            text.file,
            "a table of the web page is not closed; the file is cut off; copy or export it again",
        )
    return [table for table in cursor.tables if table]


def _pieces(page: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield each tag: whether it closes, name, attributes, and the words up to the next."""
    visible = _visible(page)
    last: re.Match[str] | None = None
    for tag in TAG.finditer(visible):
        if last:
            yield last[1], last[2].lower(), last[3], visible[last.end() : tag.start()]
        last = tag
    if last:
        yield last[1], last[2].lower(), last[3], visible[last.end() :]


def _visible(page: str) -> str:
    """Return the page without comments, scripts and styles; one that never ends takes the rest."""
    for begin, end in HIDDEN:
        kept: list[str] = []
        at = 0
        while found := begin.search(page, at):
            kept.append(page[at : found.start()])
            over = end.search(page, found.end())
            at = over.end() if over else len(page)
        page = "".join([*kept, page[at:]])
    return page


def _step(file: str, cursor: _Cursor, *, closing: str, name: str, attributes: str) -> None:
    """Take in a tag of a table; tags that close cells and rows may be left out in HTML."""
    _end_cell(file, cursor)
    if name in ("tr", "table"):
        _end_row(cursor)
    if name == "table" and closing:
        if cursor.open:
            cursor.tables.append(cursor.open.pop())
        cursor.spans.clear()
    elif name == "table":
        if cursor.open:
            raise ExportError(file, "a table within a table of the web page; save it as xlsx")
        cursor.open.append([])
    elif cursor.open and not closing:
        if name == "tr" or cursor.row is None:
            cursor.row = []
        if name != "tr":
            cursor.cell = []
            cursor.width, cursor.height = _spans(file, attributes)


def _spans(file: str, attributes: str) -> tuple[int, int]:
    found = {match[1].lower(): int(match[2]) for match in SPAN.finditer(attributes)}
    if max(found.values(), default=1) > SPAN_MAX:
        raise ExportError(
            file, f"a cell of the web page spans more than {SPAN_MAX} cells; save it as xlsx"
        )
    return found.get("col", 1) or 1, found.get("row", 1) or 1


def _end_cell(file: str, cursor: _Cursor) -> None:
    if cursor.cell is None or cursor.row is None:
        return
    letters = "".join(cursor.cell)
    if len(letters) > LETTERS_MAX:
        raise ExportError(file, f"a cell of {len(letters)} letters in a web page; save it as xlsx")
    text = BLANKS.sub(" ", unescape(letters)).strip()
    cursor.cell = None
    _cover(cursor)
    for index in range(cursor.width):
        if len(cursor.row) in cursor.spans:
            raise ExportError(file, "cells of the web page lie over each other; save it as xlsx")
        shown = text if index == 0 else ""
        if cursor.height > 1:
            cursor.spans[len(cursor.row)] = (cursor.height - 1, shown)
        cursor.row.append(shown)
    cursor.cells += cursor.width
    if cursor.cells > CELLS_MAX:
        raise ExportError(
            file, f"more than {CELLS_MAX} cells in a web page; expected one plate; save it as xlsx"
        )


def _cover(cursor: _Cursor) -> None:
    """Add the cells that reach down into this row from above."""
    row = cursor.row
    while row is not None and len(row) in cursor.spans:
        left, text = cursor.spans.pop(len(row))
        if left > 1:
            cursor.spans[len(row)] = (left - 1, text)
        row.append(text)
        cursor.cells += 1


def _end_row(cursor: _Cursor) -> None:
    if cursor.row is None or not cursor.open:
        return
    _cover(cursor)
    # A row may end before a column that a cell above reaches down into.
    while any(column >= len(cursor.row) for column in cursor.spans):
        cursor.row.append("")
        _cover(cursor)
    cursor.open[-1].append((len(cursor.open[-1]) + 1, cursor.row))
    cursor.row = None
