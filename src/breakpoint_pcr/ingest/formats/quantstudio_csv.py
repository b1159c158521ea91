"""QuantStudio Design & Analysis v2 as csv: one file per table, each below lines `# Key: value`.

Results and amplification data are two files of one run; the lines above the table name the run.
The other tables (raw, multicomponent, replicate groups) hold neither a well's Ct nor its curve and
are not read. A table whose upper lines were cut off, or are those of Thermo Fisher's cloud, is told
by its headings.
"""

import re
from collections.abc import Mapping, Sequence

from breakpoint_pcr.errors import NoResultsError
from breakpoint_pcr.ingest.cells import Line, listed, text_of
from breakpoint_pcr.ingest.export import Export, Reader
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import Text, check_end, decode, delimiter_after, lines_of
from breakpoint_pcr.ingest.formats.sections import Sections, Table, comma_in, folded, table_of
from breakpoint_pcr.ingest.formats.thermo import RESULTS, curves_of, export_of
from breakpoint_pcr.ingest.formats.thermo_curves import AMPLIFICATION
from breakpoint_pcr.ingest.settings import IngestSettings

NAME = "quantstudio_csv"
HEADER_MARK = "#"
SIGNATURE = re.compile(
    r"^\"?# (?:File Name|Instrument Type|Block Type|Quantification Cycle Method):", re.MULTILINE
)
HEAD_LETTERS = 20_000
# Headings that only these tables have together.
TABLES = (frozenset({"cq", "auto threshold"}), frozenset({"cycle number", "drn"}))
HEADINGS = re.compile(r"^\"?Well\"?[\t;,].*", re.MULTILINE)


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by a header line, or by headings."""
    if source.kind is not Content.TEXT:
        return False
    head = decode(source).content[:HEAD_LETTERS]
    if SIGNATURE.search(head):
        return True
    line = HEADINGS.search(head)
    cells = re.split(r"[\t;,]", line[0]) if line else ()
    names = {folded(cell.strip(' "')) for cell in cells}
    return any(table <= names for table in TABLES)


def _read(source: Source, _: IngestSettings) -> Export:
    text = decode(source)
    lines = _lines(text)
    check_end(text, lines)
    body = [line for line in lines if not _is_header(line) and line[1]]
    table = table_of(source.name, body)
    kind = _kind(table) if table else ""
    if table is None or not kind:
        found = listed([text_of(cell) for cell in body[0][1]]) if body else "none"
        raise NoResultsError(
            source.name,
            f"a table without a Ct or curve of a well; found {found}; export the tables Results "
            "and Amplification Data",
        )
    sections = Sections(
        file=source.name,
        header=_header(lines),
        tables={kind: table},
        names=(),
        comma=comma_in([table], (cell for _, cells in lines for cell in cells)),
        guessed_encoding=text.guessed,
    )
    return (curves_of if kind == AMPLIFICATION else export_of)(sections, NAME)


def _lines(text: Text) -> list[Line]:
    return lines_of(text, delimiter_after(text, "Well") or ",")


def _is_header(line: Line) -> bool:
    return bool(line[1]) and text_of(line[1][0]).startswith(HEADER_MARK)


def _kind(table: Table) -> str:
    """Return what a table holds; empty where it is of no use."""
    if "cycle" in table.columns:
        return AMPLIFICATION if {"rn", "drn"} & table.columns.keys() else ""
    return RESULTS if "ct" in table.columns else ""


def _header(lines: Sequence[Line]) -> Mapping[str, str]:
    header: dict[str, str] = {}
    for line in filter(_is_header, lines):
        key, _, value = ",".join(map(str, line[1])).rstrip(" ,").partition(":")
        header[folded(key.lstrip(f"{HEADER_MARK} "))] = value.strip()
    return header


READER = Reader(
    name=NAME,
    title=(
        "QuantStudio Design & Analysis 2: csv of results and of amplification data (the latter:"
        " layout from documentation, no real file seen)"
    ),
    sniff=_sniff,
    read=_read,
)
