"""Applied Biosystems 7500 and StepOne software v2, ViiA 7, QuantStudio Flex: `[Sections]`.

Header lines `* Key = value`, then `[Results]` and further sections, as tab or comma separated
text. The same rows may stand in the only sheet of a workbook. Of a file whose upper lines were cut
off the table is left, which its headings tell.
"""

import re
from collections.abc import Sequence

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Cell, Line, is_blank, text_of
from breakpoint_pcr.ingest.export import Export, Reader
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import check_end, decode, delimiter_after, lines_of
from breakpoint_pcr.ingest.formats.sections import (
    Sections,
    comma_in,
    delimiter_of_header,
    folded,
    table_of,
)
from breakpoint_pcr.ingest.formats.thermo import RESULTS, SETUP, export_of
from breakpoint_pcr.ingest.formats.thermo_curves import AMPLIFICATION
from breakpoint_pcr.ingest.settings import IngestSettings

# What a header line begins with, and what parts key and value; # of Design & Analysis 2.
HEADER_MARKS = {"*": "=", "#": ":"}
SECTION = re.compile(r"\[([^\[\]]{1,60})\]")
SIGNATURE = re.compile(
    r"^\"?(?:\* (?:Block Type|Chemistry|Experiment File Name|Instrument Type) *="
    r"|\[(?:Sample Setup|Results|Amplification Data|Raw Data|Multicomponent Data)\])",
    re.MULTILINE,
)
USED = (RESULTS, SETUP, AMPLIFICATION)
# A table without its section: the headings that only these programs write, and how many suffice.
RESULT_HEADINGS = frozenset(
    {
        *("quencher", "ct mean", "ct sd", "crt mean", "automatic ct threshold", "ct threshold"),
        *("automatic baseline", "baseline start", "well position", "target color"),
    }
)
RESULT_HEADINGS_MIN = 3
CURVE_HEADINGS = frozenset({"cycle", "target name", "rn"})


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by a header line or the name of a section."""
    if source.kind is Content.TEXT:
        text = decode(source).content
        return bool(SIGNATURE.search(text)) or bool(_bare_delimiter(text))
    lines = [cells for _, cells in _only_sheet(source) if not is_blank(cells)]
    signed = any(SIGNATURE.match(text_of(cells[0])) for cells in lines)
    return signed or bool(lines and _bare_table(lines[0]))


def _bare_delimiter(content: str) -> str | None:
    """Return the delimiter of a table that stands without its section; None without any."""
    return delimiter_of_header(content, _bare_table, word="well")


def _bare_table(cells: Sequence[Cell]) -> str:
    """Return the table whose headings these are; empty for any other row."""
    if not cells or folded(text_of(cells[0])) != "well":
        return ""
    names = [folded(text_of(cell)) for cell in cells]
    if set(names) >= CURVE_HEADINGS:
        return AMPLIFICATION
    known = len(RESULT_HEADINGS.intersection(names)) >= RESULT_HEADINGS_MIN
    return RESULTS if known and "target name" in names and {"ct", "crt"} & set(names) else ""


def _only_sheet(source: Source) -> list[Line]:
    book = source.book
    return book.lines(book.sheets[0]) if book and len(book.sheets) == 1 else []


def _read(source: Source, _: IngestSettings) -> Export:
    if source.book:
        return export_of(_sections(source.name, _only_sheet(source)), READER.name)
    text = decode(source)
    delimiter = delimiter_after(text, "Well") or _bare_delimiter(text.content)
    lines = lines_of(text, delimiter or ",")
    check_end(text, lines)
    return export_of(_sections(source.name, lines, text.guessed), READER.name)


def _sections(file: str, lines: Sequence[Line], guessed: str = "") -> Sections:
    header: dict[str, str] = {}
    blocks: dict[str, list[Line]] = {}
    names: list[str] = []
    current: list[Line] | None = None
    for line in lines:
        first = text_of(line[1][0]) if line[1] else ""
        match = SECTION.fullmatch(first)
        name = folded(match[1]) if match else "" if any(names) else _bare_table(line[1])
        if name:
            if name in blocks:
                found = first if match else f"[{name}]"
                raise ExportError(
                    file, f"section {found} stands twice; expected one plate a file", line[0]
                )
            names.append(first if match else "")
            current = blocks[name] = [] if match else [line]
        elif current is not None:
            current.append(line)
        else:
            header |= _header_line(line)
    tables = {
        name: table_of(f"{file} {written}".strip(), block)
        for written, (name, block) in zip(names, blocks.items(), strict=True)
        if name in USED
    }
    return Sections(
        file=file,
        header=header,
        tables={name: table for name, table in tables.items() if table},
        names=tuple(name for name in names if name),
        comma=comma_in(tables.values(), (cell for _, cells in lines for cell in cells)),
        guessed_encoding=guessed,
    )


def _header_line(line: Line) -> dict[str, str]:
    """Return key and value of `* Key = value`, `# Key: value`, or two cells (a sheet as csv)."""
    cells = [text_of(cell) for cell in line[1][:2]]
    first = cells[0] if cells else ""
    for mark, joint in HEADER_MARKS.items():
        if first.startswith(mark):
            key, _, value = first.removeprefix(mark).partition(joint)
            return {folded(key): value.strip()}
    return {folded(first): cells[1]} if len(cells) > 1 and all(cells) else {}


READER = Reader(
    name="abi_sections",
    title="Applied Biosystems 7500 and StepOne v2, ViiA 7, QuantStudio Flex: text or csv",
    sniff=_sniff,
    read=_read,
)
