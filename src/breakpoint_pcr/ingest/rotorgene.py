"""Qiagen (Corbett) Rotor-Gene: the csv of a quantitation analysis, and the run file (.rex, XML).

The csv has one table per channel, below `Quantitative analysis of Cycling A.FAM (Page 1)`; a blank
Ct means not reached. The run file holds raw curves and no Ct; it joins the csv that names it. The
channel stands as target and dye: neither file names a target. Tubes are numbers, or positions of
the 72-tube rotor (A1 to A8, B1 …); both become positions, eight to a letter.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath, PureWindowsPath
from typing import TYPE_CHECKING

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import Line, is_blank, shown, text_of
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.dates import iso_date
from breakpoint_pcr.ingest.export import CYCLES_MAX, Export, Reader, Record
from breakpoint_pcr.ingest.extent import check_tree
from breakpoint_pcr.ingest.headed import Layout, delimiter_of, header_of, rows_of, table_below
from breakpoint_pcr.ingest.numerals import comma_of, number_of
from breakpoint_pcr.ingest.sections import Row
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.source import Content, Source
from breakpoint_pcr.ingest.text import check_end, decode, lines_of
from breakpoint_pcr.ingest.wells import smallest_plate, well_of
from breakpoint_pcr.tables import CurveKind, State

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TABLE = Layout(
    headings={
        "well": ("no.",),
        "sample": ("name",),
        "task": ("type",),
        "ct": ("ct",),
        "issues": ("ct comment",),
        "given": ("given conc (ng/ul)", "given conc (copies/ul)", "given conc."),
        "mean": ("rep. ct",),
    },
    need=("well", "sample", "task", "ct"),
    numbers=("ct", "given", "mean"),
)
TITLE = re.compile(
    r"Quantitati\w+ (?:analysis )?of (?P<channel>.+?)(?: \(Page (?P<page>[0-9]+)\))?"
)
REX = re.compile(r"<Experiment>\s*<RexHeader>")
HEAD_LETTERS = 2_000
# A run of 100 tubes, 60 cycles and 6 channels is below 1 MB.
REX_BYTES_MAX = 5_000_000
TUBES_A_LETTER, TUBES_MAX = 8, 100
CYCLE_AXIS = "Cycle"
EXPORT_AGAIN = "export the quantitation analysis again"


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the headings of the analysis, or by the first element of a run file."""
    return bool(header_of(source, TABLE)) or _is_rex(source)


def _is_rex(source: Source) -> bool:
    head = decode(source).content[:HEAD_LETTERS] if source.kind is Content.TEXT else ""
    return bool(REX.search(head))


def _read(source: Source, _: IngestSettings) -> Export:
    return _run_file(source) if _is_rex(source) else _results(source)


# The csv of an analysis


def _results(source: Source) -> Export:
    text = decode(source)
    lines = lines_of(text, delimiter_of(text, TABLE) or ",")
    check_end(text, lines)
    records: dict[tuple[str, str], Record] = {}
    for channel, block in _blocks(source.name, lines):
        for row in rows_of(table_below(source.name, block, TABLE), TABLE):
            record = _record(row, channel)
            key = (record.well, channel)
            if key in records:
                raise row.problem(f"tube {record.well} has {channel} twice; {EXPORT_AGAIN}")
            records[key] = record
    if not records:
        raise ExportError(source.name, f"no reactions below the header; {EXPORT_AGAIN}")
    about = _about(lines)
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="Ct",
        records=tuple(records.values()),
        instrument="Rotor-Gene",
        run_date=iso_date(about.get("Date", "")),
        plate_wells=smallest_plate({well for well, _ in records}),
        plate=PureWindowsPath(about.get("File", "")).stem or PurePath(source.name).stem,
    )


def _about(lines: Sequence[Line]) -> dict[str, str]:
    """Return the pairs of key and value above the first table."""
    pairs = (tuple(map(text_of, cells[:2])) for _, cells in lines if len(cells) > 1)
    found: dict[str, str] = {}
    for pair in pairs:
        found.setdefault(*pair)
    return found


def _blocks(file: str, lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Yield channel and rows, from the header on, of each table of the file."""
    channel = ""
    block: list[Line] = []
    for line in lines:
        first = text_of(line[1][0]) if line[1] else ""
        if match := TITLE.fullmatch(first):
            channel = match["channel"]
        elif block and is_blank(line[1]):
            yield channel, block
            block = []
        elif block:
            block.append(line)
        elif TABLE.is_header(line[1]):
            if not channel:
                raise ExportError(file, f"a table that names no channel; {EXPORT_AGAIN}", line[0])
            block = [line]
    if block:
        yield channel, block


def _record(row: Row, channel: str) -> Record:
    try:
        well = _tube(row.text("well"))
        ct, state = judge_ct(row.cell("ct"), comma=row.comma, n_cycles=None)
    except ValueError as problem:
        raise row.problem(f"{problem}; {EXPORT_AGAIN}") from None
    comment = row.text("issues")
    return Record(
        well=well,
        sample=row.text("sample"),
        target=channel,
        task=row.text("task"),
        dye=channel,
        state=State.UNDETERMINED if state is State.NO_DATA else state,
        ct=ct,
        ct_text=row.exact_text("ct"),
        flags=(comment,) if comment else (),
    )


def _tube(text: str) -> str:
    """Return the position of a tube: A1 as it stands, 1 as A1, 8 as A8, 9 as B1."""
    if not (text.isascii() and text.isdigit()):
        return well_of(text, None)
    number = int(text) if len(text) < len(str(TUBES_MAX)) + 1 else 0
    if not 1 <= number <= TUBES_MAX:
        raise ValueError(f"{shown(text)} is no tube from 1 to {TUBES_MAX}")
    letter, place = divmod(number - 1, TUBES_A_LETTER)
    return f"{chr(ord('A') + letter)}{place + 1}"


# The run file


def _run_file(source: Source) -> Export:
    root = _parsed(source)
    if not root.findtext("FinishTime", "").strip():
        raise ExportError(
            source.name, "a run that has not finished; save it after its end and export again"
        )
    samples = _samples(source.name, root)
    channels = _channels(source.name, root)
    lengths = {len(values) for tubes in channels.values() for values in tubes if values}
    counts = [(element.text or "").strip() for element in root.iter("RepeatCount")]
    repeats = [int(count) for count in counts if count.isdigit()]
    if len(lengths) != 1 or (repeats and not lengths & set(repeats)):
        found = ", ".join(map(str, sorted(lengths))) or "none"
        raise ExportError(
            source.name, f"curves of {found} cycles; expected {repeats}; the run was not finished"
        )
    records = tuple(
        replace(samples[tube], dye=channel, values=values)
        for tube in samples
        for channel, tubes in channels.items()
        for values in tubes[tube - 1 : tube]
        if values
    )
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="",
        records=records,
        software=root.findtext("RexHeader", "").strip(),
        run_date=root.findtext("StartTime", "").partition("T")[0].strip(),
        plate_wells=smallest_plate({record.well for record in records}),
        n_cycles=lengths.pop(),
        joins=READER.name,
        plate=PurePath(source.name).stem,
    )


def _parsed(source: Source) -> "Element":
    # XML costs 20 ms of import and few runs need it.
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415

    from defusedxml import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    if len(source.content) > REX_BYTES_MAX:
        raise ExportError(
            source.name,
            f"run file of {len(source.content)} bytes, at most {REX_BYTES_MAX} expected; "
            "export the analysis as csv",
        )
    check_tree(source.name, source.content)
    try:
        return fromstring(source.content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise ExportError(source.name, "cut off or damaged XML; save the run file again") from None


def _samples(file: str, root: "Element") -> dict[int, Record]:
    """Return tube by number, without curve; every page must name a tube alike."""
    samples: dict[int, Record] = {}
    for sample in root.iterfind("Samples/Page/Sample"):
        position = sample.findtext("TubePosition", "").strip()
        name, kind = sample.findtext("Name", "").strip(), sample.findtext("Type", "").strip()
        try:
            well = _tube(position)
        except ValueError as problem:
            raise ExportError(file, f"{problem}; save the run file again") from None
        record = Record(
            well=well,
            sample=name,
            target="",
            task=kind,
            dye="",
            state=State.NO_DATA,
            ct=None,
            ct_text="",
            curve_kind=CurveKind.RAW,
        )
        if not position.isdigit():
            raise ExportError(file, f"tube {shown(position)} is no number; save the run file again")
        if samples.setdefault(int(position), record) != record:
            raise ExportError(
                file,
                f"tube {well} is {shown(samples[int(position)].sample)} on one page and "
                f"{shown(name)} on another; make the pages agree",
            )
    return samples


def _channels(file: str, root: "Element") -> Mapping[str, list[tuple[float | None, ...]]]:
    """Return the curves over cycles, by channel, in the order of the tubes."""
    found: dict[str, list[tuple[float | None, ...]]] = {}
    for channel in root.iterfind("RawChannels/RawChannel"):
        if channel.findtext("XAxisLabel", "").strip() != CYCLE_AXIS:
            continue
        name = channel.findtext("Name", "").strip()
        words = [(reading.text or "").split() for reading in channel.iterfind("Reading")]
        if name in found or not words or max(map(len, words)) > CYCLES_MAX:
            raise ExportError(
                file, f"channel {shown(name)} twice, empty or endless; save the run file again"
            )
        comma = comma_of(word for line in words for word in line)
        try:
            found[name] = [tuple(number_of(word, comma) for word in line) for line in words]
        except ValueError as problem:
            raise ExportError(file, f"channel {shown(name)}: {problem}; save it again") from None
    if not found:
        raise ExportError(file, "a run file without cycling (a melt or HRM alone); no Ct in it")
    return found


READER = Reader(
    name="rotorgene",
    title="Qiagen Rotor-Gene: csv of the quantitation analysis, and the run file .rex beside it",
    sniff=_sniff,
    read=_read,
)
