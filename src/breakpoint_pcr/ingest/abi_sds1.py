"""Applied Biosystems 7000, 7300 and 7500 with SDS software v1: results as text.

`Key: value` lines, then one table: a results export with the columns Well to Ct, or that of a
relative quantification study, which begins with Plate and Well ID. The upper lines may be cut off.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, listed, text_of
from breakpoint_pcr.ingest.export import Export, Reader
from breakpoint_pcr.ingest.numerals import comma_of
from breakpoint_pcr.ingest.sections import Sections, folded, table_of
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.source import Content, Source
from breakpoint_pcr.ingest.text import DELIMITERS, check_end, decode, lines_of
from breakpoint_pcr.ingest.thermo import RESULTS, export_of

NAME = "abi_sds1"
# Columns before the well in the export of a study.
STUDY_COLUMNS = ("plate", "well id")
NEEDED = frozenset({"well", "detector", "ct"})
HEADER_LINES_MAX = 100
VERSION = re.compile(r"SDS v1[.][0-9.]{1,8}")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
LONG_DATE = re.compile(rf"({'|'.join(MONTHS)}) ([0-9]{{1,2}}), ([0-9]{{4}})\b", re.IGNORECASE)
# Lines of the block above the table, folded, and what the other exports call the same.
KEYS = {"instrument type": "instrument type", "document name": "document name"}


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by a row that names Well, Detector and Ct."""
    return source.kind is Content.TEXT and bool(_delimiter(decode(source).content))


def _delimiter(content: str) -> str | None:
    head = content[: HEADER_LINES_MAX * 1000].split("\n")[:HEADER_LINES_MAX]
    for line in head:
        for delimiter in DELIMITERS:
            cells = [folded(cell.strip(' "')) for cell in line.split(delimiter)]
            if _is_header(cells):
                return delimiter
    return None


def _is_header(cells: Sequence[str]) -> bool:
    start = len(STUDY_COLUMNS) if tuple(cells[: len(STUDY_COLUMNS)]) == STUDY_COLUMNS else 0
    return cells[start : start + 1] == ["well"] and set(cells) >= NEEDED


def _read(source: Source, _: IngestSettings) -> Export:
    text = decode(source)
    lines = lines_of(text, _delimiter(text.content) or ",")
    check_end(text, lines)
    start = next(i for i, line in enumerate(lines) if _is_header(_folded(line)))
    above, table = lines[:start], lines[start:]
    plates: list[str] = []
    if _folded(table[0])[0] == STUDY_COLUMNS[0]:
        plates = list(dict.fromkeys(text_of(c[0]) for _, c in table[1:] if c and text_of(c[0])))
        table = [(number, cells[len(STUDY_COLUMNS) :]) for number, cells in table]
    if len(plates) > 1:
        raise ExportError(
            source.name,
            f"plates {listed(plates)} in one study; expected one plate a file; "
            "export each plate's own document",
        )
    results = table_of(source.name, table)
    sections = Sections(
        file=source.name,
        header=_header(above),
        tables={RESULTS: results} if results else {},
        names=(),
        comma=comma_of(cell for _, cells in table for cell in cells),
        guessed_encoding=text.guessed,
    )
    plate = plates[0] if plates else sections.header.get("document name", "")
    return replace(export_of(sections, NAME), plate=plate)


def _folded(line: Line) -> list[str]:
    return [folded(text_of(cell)) for cell in line[1]]


def _header(lines: Sequence[Line]) -> Mapping[str, str]:
    """Return what the lines above the table say, by the names that other exports use.

    A date holds commas, so that it spreads over several cells of its line.
    """
    header: dict[str, str] = {}
    for _, cells in lines:
        line = ",".join(map(str, cells)).strip(" ,")
        key, _, value = line.partition(":")
        if folded(key) in KEYS:
            header[KEYS[folded(key)]] = value.strip()
        elif folded(key) == "run date" and (date := LONG_DATE.search(value)):
            month = MONTHS.index(date[1].casefold()) + 1
            header["run end date/time"] = f"{date[3]}-{month:02}-{int(date[2]):02}"
        elif VERSION.fullmatch(line):
            header["software version"] = line
    return header


READER = Reader(
    name=NAME,
    title="Applied Biosystems 7000, 7300, 7500 with SDS v1: results as csv",
    sniff=_sniff,
    read=_read,
)
