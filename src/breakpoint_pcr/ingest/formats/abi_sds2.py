"""Applied Biosystems 7900HT with Sequence Detection Systems (SDS) 2.x: results as text.

The first line names software and table (`SDS 2.3 <tab> AQ Results <tab> 1.0`), lines `Key <tab>
value` follow, then tables. AQ is the absolute quantification: a table of each detector that the
software knows, most of them empty, and a standard curve below each. RQ is the relative one: one
table, and the summary of the study; that of RQ Manager has its wells in a column Pos.

Wells are numbers along the rows, and the file does not say of how many wells the plate is: 25 is C1
of 96 and B1 of 384. Positions tell it where they stand (RQ Manager; a column Plate Position), and
so does any number above 96; any other file is refused.
"""

import re
from collections.abc import Sequence

from breakpoint_pcr.errors import ExportError, NoResultsError
from breakpoint_pcr.ingest.cells import Line, is_blank, listed, text_of
from breakpoint_pcr.ingest.dates import iso_date
from breakpoint_pcr.ingest.export import Export, Reader
from breakpoint_pcr.ingest.files.source import Content, Source
from breakpoint_pcr.ingest.files.text import check_end, decode, lines_of
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
from breakpoint_pcr.ingest.wells import well_of

NAME = "abi_sds2"
SIGNATURE = re.compile(r"\"?(SDS 2[.][0-9.]{1,6}?)[\s,;]*((?:AQ|RQ|AD) [A-Za-z ]{3,40})?[\t,;\"\n]")
HEAD_LETTERS = 20_000
# The first columns of a study of RQ Manager.
STUDY = ("#", "plate", "pos")
# Columns that tell one plate from another.
PLATE_HEADINGS = ("plate", "plateid", "filename")
NEEDED = frozenset({"ct", "task"})
DETECTORS = frozenset({"detector", "detector name"})
FOOTED = "AQ Results"
INSTRUMENT = "Applied Biosystems 7900HT"
SMALL, LARGE = 96, 384
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
JAVA_DATE = re.compile(rf"({'|'.join(MONTHS)}) ([0-9]{{1,2}}) [0-9:]{{8}} .{{0,12}}\b([0-9]{{4}})")
NUMBER = re.compile(r"[0-9]{1,6}")
SHORT_YEAR = re.compile(r"^([0-9]{1,2}/[0-9]{1,2}/)([0-9]{2})(?![0-9])")


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the first line, or by the headings of a table whose upper lines were cut off."""
    if source.kind is not Content.TEXT:
        return False
    content = decode(source).content
    return bool(_signature(content)) or bool(_delimiter(content))


def _signature(content: str) -> re.Match[str] | None:
    return SIGNATURE.match(content[:HEAD_LETTERS].lstrip())


def _delimiter(content: str) -> str | None:
    return delimiter_of_header(content, _is_header, word="detector")


def _is_header(names: Sequence[str]) -> bool:
    """Tell the headings, apart from those of SDS v1, which has neither plate nor detector name."""
    if not (set(names) >= NEEDED and DETECTORS.intersection(names)):
        return False
    kind = {"detector name", "plateid"}.intersection(names)
    return tuple(names[:3]) == STUDY or (names[0] == "well" and bool(kind))


def _read(source: Source, _: IngestSettings) -> Export:
    text = decode(source)
    lines = lines_of(text, _delimiter(text.content) or "\t")
    start = next((i for i, line in enumerate(lines) if _is_header(_folded(line))), None)
    match = _signature(text.content)
    if start is None:
        if _delimiter(text.content):
            raise quoted_lines(source.name)
        found = " ".join(filter(None, match.groups())) if match else ""
        raise NoResultsError(
            source.name, f"{found}: no Ct of a well in it; export AQ Results as text instead"
        )
    check_end(text, lines)
    footed = bool(match) and match[2] == FOOTED
    rows = _rows(source.name, lines[start:], footed=footed)
    _check_plates(source.name, rows)
    if tuple(_folded(rows[0])[:3]) == STUDY:
        rows = [(number, cells[2:]) for number, cells in rows]
        rows[0] = (rows[0][0], ["Well", *rows[0][1][1:]])
    size = _size(source.name, rows)
    results = table_of(source.name, rows)
    sections = Sections(
        file=source.name,
        header={
            **_header(lines[:start]),
            "instrument type": INSTRUMENT,
            "software version": match[1] if match else "",
            "block type": str(size or ""),
        },
        tables={RESULTS: results} if results else {},
        names=(),
        comma=comma_in([results], (cell for _, cells in rows for cell in cells)),
        guessed_encoding=text.guessed,
    )
    return export_of(sections, NAME)


def _folded(line: Line) -> list[str]:
    return [folded(text_of(cell)) for cell in line[1]]


def _rows(file: str, lines: Sequence[Line], *, footed: bool) -> list[Line]:
    """Return header and rows of the tables, one a detector, without what stands below each.

    Raises:
        ExportError: A row has a Ct and no well, rows of wells stand outside a table, or the last
            table has no foot (`footed`), so that rows may be missing.
    """
    header = _folded(lines[0])
    ct = header.index("ct")
    rows = [lines[0]]
    inside = True
    for number, cells in lines[1:]:
        if is_blank(cells):
            continue
        if _folded((number, cells)) == header:
            inside = True
            continue
        well = _is_place(text_of(cells[0]))
        if (well and not inside and len(cells) > ct) or (
            inside and not well and not is_blank(cells[ct : ct + 1])
        ):
            raise ExportError(
                file,
                "a row without a well within the table, or rows below its end; the file is "
                "damaged or edited; export again",
                number,
            )
        inside = inside and well
        if inside:
            rows.append((number, cells))
    if inside and footed:
        raise ExportError(
            file,
            "no standard curve below the last table; the file is cut off; copy or export it again",
        )
    return rows


def _is_place(text: str) -> bool:
    try:
        well_of(text, LARGE)
    except ValueError:
        return bool(NUMBER.fullmatch(text))
    return True


def _check_plates(file: str, rows: Sequence[Line]) -> None:
    """Refuse a table of several plates."""
    names = _folded(rows[0])
    for index in (names.index(name) for name in PLATE_HEADINGS if name in names):
        plates = {text_of(cells[index]): None for _, cells in rows[1:] if len(cells) > index}
        if len(plates) > 1:
            raise ExportError(
                file,
                f"plates {listed(list(plates))} in one study; expected one plate a file; "
                "export each plate's own document",
            )


def _size(file: str, rows: Sequence[Line]) -> int | None:
    """Return the wells of the plate; None where the positions tell the wells without it.

    Raises:
        ExportError: Numbers of which nothing tells what plate they count.
    """
    texts = [text_of(cells[0]) for _, cells in rows[1:]]
    numbers = [int(text) for text in texts if NUMBER.fullmatch(text)]
    if not numbers or "plate position" in _folded(rows[0]):
        return None
    if max(numbers) > SMALL:
        return LARGE
    raise ExportError(
        file,
        f"wells are numbers up to {max(numbers)}, and nothing says whether of a plate of {SMALL} "
        f"or of {LARGE} wells; write the positions (A1, A2, ...) into the column Well",
    )


def _header(lines: Sequence[Line]) -> dict[str, str]:
    """Return what the lines above the table say, by the names that other exports use."""
    said: dict[str, str] = {}
    for _, cells in lines:
        if len(cells) > 1:
            said.setdefault(folded(text_of(cells[0])), text_of(cells[1]))
    return {
        "file name": said.get("filename", ""),
        "run start date/time": _date(said.get("run datetime", "")),
    }


def _date(text: str) -> str:
    """Return a date as YYYY-MM-DD; empty where day and month could be exchanged."""
    if date := JAVA_DATE.search(text):
        return f"{date[3]}-{MONTHS.index(date[1]) + 1:02}-{int(date[2]):02}"
    return iso_date(SHORT_YEAR.sub(r"\g<1>20\2", text))


READER = Reader(
    name=NAME,
    title="Applied Biosystems 7900HT with SDS 2: results of a plate as text",
    sniff=_sniff,
    read=_read,
)
