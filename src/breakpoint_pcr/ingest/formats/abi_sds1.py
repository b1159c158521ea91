"""Applied Biosystems 7000, 7300 and 7500 with SDS software v1: results as text.

`Key: value` lines, then one table: a results export with the columns Well to Ct, or that of a
relative quantification study, which begins with Plate and Well ID. The upper lines may be cut off.
In a well of several detectors only the first row names the well.

A study marks omitted wells in its column Omit. The other has no such column: a well without a Ct
and without a word for it is no data, which is never a negative.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from breakpoint_pcr.errors import ExportError, NoResultsError
from breakpoint_pcr.ingest.cells import Line, listed, text_of
from breakpoint_pcr.ingest.export import Export, Reader
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import Text, check_end, decode, lines_of
from breakpoint_pcr.ingest.formats.sections import (
    Sections,
    comma_in,
    delimiter_of_header,
    folded,
    quoted_lines,
    table_of,
)
from breakpoint_pcr.ingest.formats.thermo import RESULTS, export_of
from breakpoint_pcr.ingest.settings import IngestSettings

NAME = "abi_sds1"
# Columns before the well in the export of a study.
STUDY_COLUMNS = ("plate", "well id")
NEEDED = frozenset({"well", "detector", "ct"})
SAMPLE_HEADINGS = ("sample name", "sample")
# Rows without a well, of those with one, that no lost cell explains.
FURTHER_SHARE_MIN = 0.25
# The export of Cts alone, and the results of an ABI PRISM 7700.
CT_HEADINGS = ("well", "samplename", "start", "end", "ct")
SDS_7700 = frozenset({"well", "reporter", "type", "baseline stddev", "deltarn", "ct"})
VERSION = re.compile(r"SDS v1[.][0-9.]{1,8}")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
LONG_DATE = re.compile(rf"({'|'.join(MONTHS)}) ([0-9]{{1,2}}), ([0-9]{{4}})\b", re.IGNORECASE)
CHINESE_DATE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
# Lines of the block above the table, folded, and what the other exports call the same.
KEYS = {"instrument type": "instrument type", "document name": "document name"}


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by a row that names Well, Detector and Ct, or by one of the kindred tables."""
    return source.kind is Content.TEXT and bool(_delimiter(decode(source).content))


def _delimiter(content: str) -> str | None:
    return delimiter_of_header(content, _is_known, word="well")


def _is_known(cells: Sequence[str]) -> bool:
    return _is_header(cells) or tuple(cells[:5]) == CT_HEADINGS or set(cells) >= SDS_7700


def _is_header(cells: Sequence[str]) -> bool:
    start = len(STUDY_COLUMNS) if tuple(cells[: len(STUDY_COLUMNS)]) == STUDY_COLUMNS else 0
    return cells[start : start + 1] == ["well"] and set(cells) >= NEEDED


def _read(source: Source, _: IngestSettings) -> Export:
    text = decode(source)
    lines = lines_of(text, _delimiter(text.content) or ",")
    start = next((i for i, line in enumerate(lines) if _is_header(_folded(line))), None)
    if start is None:
        raise _other(source.name, lines)
    check_end(text, lines)
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
    sections = _sections(source.name, _header(above), _named(source.name, table), text)
    plate = plates[0] if plates else sections.header.get("document name", "")
    return replace(export_of(sections, NAME), plate=plate)


def _sections(file: str, header: Mapping[str, str], table: Sequence[Line], text: Text) -> Sections:
    results = table_of(file, table)
    return Sections(
        file=file,
        header=header,
        tables={RESULTS: results} if results else {},
        names=(),
        comma=comma_in([results], (cell for _, cells in table for cell in cells)),
        guessed_encoding=text.guessed,
    )


def _named(file: str, table: Sequence[Line]) -> list[Line]:
    """Return the rows with the well of the row above, and its sample, where they leave it out.

    Raises:
        ExportError: A row leaves its well out, and it is not the way of the file: the cell is lost.
    """
    headings = _folded(table[0])
    detector = headings.index("detector")
    sample = next((headings.index(name) for name in SAMPLE_HEADINGS if name in headings), None)
    rows = [table[0]]
    first: list[str] = []
    further: dict[int, str] = {}
    for number, cells in table[1:]:
        named = text_of(cells[detector]) if len(cells) > detector else ""
        if named and text_of(cells[0]):
            first.append(named)
        elif named:
            above = rows[-1][1]
            if len(rows) == 1 or len(above) <= detector or not text_of(above[detector]):
                raise ExportError(file, "no well, and none in the row above; export again", number)
            further[number] = named
            filled = [above[0], *cells[1:]]
            if sample is not None and not text_of(filled[sample]):
                filled[sample] = above[sample]
            rows.append((number, filled))
            continue
        rows.append((number, cells))
    for number, named in further.items():
        if named in first and len(further) < FURTHER_SHARE_MIN * len(first):
            raise ExportError(
                file, "no well, which most rows of this detector have; export again", number
            )
    return rows


def _other(file: str, lines: Sequence[Line]) -> ExportError:
    """Return the refusal of a kindred table that says too little of its wells."""
    if any(tuple(_folded(line)[:5]) == CT_HEADINGS for line in lines):
        return NoResultsError(
            file,
            "the export of Cts alone, in which a blank may be a well that was not reached or one "
            "that was omitted; export Results instead",
        )
    if not any(set(_folded(line)) >= SDS_7700 for line in lines):
        return quoted_lines(file)
    return NoResultsError(
        file,
        "results of an ABI PRISM 7700, which name no detector and write the number of cycles for "
        "a well that was not reached; enter the Cts into a generic table",
    )


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
        elif folded(key) == "run date" and (date := _date(value)):
            header["run end date/time"] = date
        elif VERSION.fullmatch(line):
            header["software version"] = line
    return header


def _date(text: str) -> str:
    """Return a long English or Chinese date as YYYY-MM-DD; empty for any other."""
    if date := LONG_DATE.search(text):
        month = MONTHS.index(date[1].casefold()) + 1
        return f"{date[3]}-{month:02}-{int(date[2]):02}"
    date = CHINESE_DATE.search(text)
    return f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}" if date else ""


READER = Reader(
    name=NAME,
    title="Applied Biosystems 7000, 7300, 7500 with SDS v1: results as csv",
    sniff=_sniff,
    read=_read,
)
