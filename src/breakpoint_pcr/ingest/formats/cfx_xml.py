"""The XML that CFX Maestro exports: a root, a `Row` per row, an element per cell.

The root is the name of the sheet (the dye, or `_x0030_` for the table of Cqs), an element that of
the column: A1, A2 … beside Cycle, or Well, Fluor, Cq … Blanks of a heading became underscores, and
what XML does not allow in a name `_xHHHH_`. Expat is driven directly, without a tree.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, shown
from breakpoint_pcr.ingest.files.extent import COLUMNS_MAX, check_extent
from breakpoint_pcr.ingest.files.guarded_xml import feed, guarded_parser
from breakpoint_pcr.ingest.files.source import Content, Source

HEAD_BYTES = 8_192
BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<\?xml[^<>]{0,200}\?>)?\s*"
    rb"(?:<!DOCTYPE[^<>]{0,200}>\s*)?"
    rb"<[A-Za-z_][\w.-]{0,80}(?: [^<>]{0,200})?>\s*<Row(?: [^<>]{0,80})?>(?P<row>.*)",
    re.DOTALL,
)
TAG = re.compile(rb"<([A-Za-z_][^\s<>/]{0,80})[^<>]{0,80}>")
CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
ROW = "Row"
DEPTH = 3  # root, row, cell
# 384 wells and 200 cycles are 77,000; six dyes of a 384-well plate with 20 columns 46,000.
CELLS_MAX = 300_000
LETTERS_MAX = 10_000


def headings_of(source: Source) -> list[str]:
    """Return the first headings of an export as XML; none for any other file. For `sniff`."""
    if source.kind is not Content.TEXT:
        return []
    # Without its zeros UTF-16 reads like ASCII.
    match = BEGINNING.match(source.content[:HEAD_BYTES].replace(b"\0", b""))
    if not match:
        return []
    row = match["row"].partition(b"</Row>")[0]
    return [_heading(tag.decode("latin-1")) for tag in TAG.findall(row)]


def _heading(tag: str) -> str:
    """Return the name of an element as the table or sheet shows it."""
    return CODED.sub(lambda match: chr(int(match[1], 16)), tag).replace("_", " ").strip()


@dataclass(slots=True)
class _Cursor:
    """Where the parser stands, and what it found."""

    file: str
    root: str = ""
    depth: int = 0
    columns: dict[str, int] = field(default_factory=dict[str, int])
    rows: list[tuple[int, dict[int, str]]] = field(default_factory=list[tuple[int, dict[int, str]]])
    text: list[str] = field(default_factory=list[str])
    cells: int = 0


def sheet_of(source: Source) -> tuple[str, list[Line]]:
    """Return the name of the sheet, and its rows with the headings as the first.

    Raises:
        ExportError: No well-formed XML, or not built as CFX builds it.
    """
    cursor = _Cursor(source.name)
    parser = guarded_parser(source.name)
    parser.StartElementHandler = _starter(cursor, parser)
    parser.EndElementHandler = _ender(cursor, parser)
    parser.CharacterDataHandler = cursor.text.append
    feed(source.name, parser, source.content)
    width = len(cursor.columns)
    check_extent(source.name, "XML", len(cursor.rows), width)
    lines: list[Line] = [(1, [_heading(tag) for tag in cursor.columns])]
    for number, cells in cursor.rows:
        lines.append((number, [cells.get(column, "") for column in range(width)]))
    return _heading(cursor.root), lines


def _starter(cursor: _Cursor, parser: expat.XMLParserType) -> Callable[..., None]:
    def start(tag: str, _: object) -> None:
        cursor.text.clear()
        cursor.depth += 1
        if cursor.depth == 1:
            cursor.root = tag
        elif cursor.depth == DEPTH - 1 and tag == ROW:
            cursor.rows.append((parser.CurrentLineNumber, {}))
        elif cursor.depth == DEPTH:
            cursor.columns.setdefault(tag, len(cursor.columns))
        else:
            raise ExportError(
                cursor.file,
                f"XML element {shown(tag)} where a CFX writes rows of cells; export again",
                parser.CurrentLineNumber,
            )
        _check_size(cursor, parser)

    return start


def _check_size(cursor: _Cursor, parser: expat.XMLParserType) -> None:
    cursor.cells += 1
    if cursor.cells > CELLS_MAX or len(cursor.columns) > COLUMNS_MAX:
        raise ExportError(
            cursor.file,
            f"more than {CELLS_MAX} XML elements or {COLUMNS_MAX} columns; expected one plate; "
            "export fewer tables",
            parser.CurrentLineNumber,
        )


def _ender(cursor: _Cursor, parser: expat.XMLParserType) -> Callable[[str], None]:
    def end(tag: str) -> None:
        if cursor.depth == DEPTH:
            _add_cell(cursor, tag, parser.CurrentLineNumber)
        cursor.depth -= 1
        cursor.text.clear()

    return end


def _add_cell(cursor: _Cursor, tag: str, line: int) -> None:
    text, cells, column = "".join(cursor.text), cursor.rows[-1][1], cursor.columns[tag]
    if len(text) > LETTERS_MAX:
        raise ExportError(
            cursor.file, f"cell of {len(text)} letters; the file is damaged; export again", line
        )
    if column in cells:
        raise ExportError(
            cursor.file, f"{shown(tag)} twice in one row; expected one; export again", line
        )
    cells[column] = text.strip()
