"""Applied Biosystems 7500 and StepOne software v2, ViiA 7, QuantStudio Flex: `[Sections]`.

Header lines `* Key = value`, then `[Results]` and further sections, as tab or comma separated
text. The same rows may stand in the only sheet of a workbook.
"""

import re
from collections.abc import Sequence

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, text_of
from breakpoint_pcr.ingest.export import Export, Reader
from breakpoint_pcr.ingest.numerals import comma_of
from breakpoint_pcr.ingest.sections import Sections, folded, table_of
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.source import Content, Source
from breakpoint_pcr.ingest.text import check_end, decode, delimiter_after, lines_of
from breakpoint_pcr.ingest.thermo import AMPLIFICATION, RESULTS, SETUP, export_of

HEADER_MARK = "*"
SECTION = re.compile(r"\[([^\[\]]{1,60})\]")
SIGNATURE = re.compile(
    r"^\"?(?:\* (?:Block Type|Chemistry|Experiment File Name|Instrument Type) *="
    r"|\[(?:Sample Setup|Results|Amplification Data|Raw Data|Multicomponent Data)\])",
    re.MULTILINE,
)
USED = (RESULTS, SETUP, AMPLIFICATION)


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by a header line or the name of a section."""
    if source.kind is Content.TEXT:
        return bool(SIGNATURE.search(decode(source).content))
    return bool(source.book) and any(
        SIGNATURE.match(text_of(cells[0])) for _, cells in _only_sheet(source) if cells
    )


def _only_sheet(source: Source) -> list[Line]:
    book = source.book
    return book.lines(book.sheets[0]) if book and len(book.sheets) == 1 else []


def _read(source: Source, _: IngestSettings) -> Export:
    if source.book:
        return export_of(_sections(source.name, _only_sheet(source)), READER.name)
    text = decode(source)
    lines = lines_of(text, delimiter_after(text, "Well") or ",")
    check_end(text, lines)
    return export_of(_sections(source.name, lines, text.guessed), READER.name)


def _sections(file: str, lines: Sequence[Line], guessed: str = "") -> Sections:
    header: dict[str, str] = {}
    blocks: dict[str, list[Line]] = {}
    names: list[str] = []
    current: list[Line] | None = None
    for line in lines:
        first = text_of(line[1][0]) if line[1] else ""
        if match := SECTION.fullmatch(first):
            name = folded(match[1])
            if name in blocks:
                raise ExportError(
                    file, f"section {first} stands twice; expected one plate a file", line[0]
                )
            names.append(first)
            current = blocks[name] = []
        elif current is not None:
            current.append(line)
        elif first.startswith(HEADER_MARK):
            key, _, value = first.removeprefix(HEADER_MARK).partition("=")
            header[folded(key)] = value.strip()
    tables = {
        name: table_of(f"{file} {written}", block)
        for written, (name, block) in zip(names, blocks.items(), strict=True)
        if name in USED
    }
    return Sections(
        file=file,
        header=header,
        tables={name: table for name, table in tables.items() if table},
        names=tuple(names),
        comma=comma_of(cell for _, cells in lines for cell in cells),
        guessed_encoding=guessed,
    )


READER = Reader(
    name="abi_sections",
    title="Applied Biosystems 7500 and StepOne v2, ViiA 7, QuantStudio Flex: text or csv",
    sniff=_sniff,
    read=_read,
)
