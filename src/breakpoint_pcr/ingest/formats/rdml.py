"""RDML 1.0 to 1.4, zipped (whatever the member is called) or as bare XML. Format: rdml.org.

One plate is read from a file. The runs of one experiment and day are one plate where they hold the
same samples in the same wells and differ in targets, or are called alike but for a dye, as CFX
writes one run per dye. A file of several plates is refused: a control must not serve another plate.

Not reached is written as no Cq (CFX), -1 (the standard), the number of cycles (StepOne) or 100
(LightCycler 96, whose archive, .lc96p too, holds exclusions and calls beside the RDML). Melt points
are passed over.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict
from zipfile import ZipFile

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import listed, shown
from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.export import Export, Reader, Record
from breakpoint_pcr.ingest.files.archive import check_archive, open_archive, read_head, read_member
from breakpoint_pcr.ingest.files.source import ZIP_MAGICS, Content, Source
from breakpoint_pcr.ingest.formats import lightcycler96_run
from breakpoint_pcr.ingest.formats.rdml_document import Document, React, Run, parse
from breakpoint_pcr.ingest.formats.rdml_plate import (
    EXPORT_ALONE,
    Entry,
    Plate,
    day,
    named,
    plate_of,
)
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.ingest.wells import smallest_plate
from breakpoint_pcr.tables import CurveKind, Finding, Level, State

VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4")
HEAD_BYTES = 4_096
ROOT = re.compile(r"<(?:!DOCTYPE\s+)?(?:[\w.-]{1,20}:)?rdml[\s>/\[]")
MEMBER = ".xml"
MEMBERS_PEEKED = 50
# Written where no Cq was found, whatever the number of cycles (LightCycler 96).
NO_CQ_FROM = 100
# How XML writes a number without end: no curve reaches its line there.
INFINITE = frozenset({"inf", "+inf", "-inf"})
NOT_EXCLUDED = frozenset({"false", "0"})
SUBTRACTED = re.compile(r"baseline[ -]subtracted", re.IGNORECASE)
CHARACTER = re.compile(r"&#([0-9]{2,4}|[1-4][0-9]{4}|5[0-4][0-9]{3});")

Key = tuple[str, str]  # well and target


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the root element of the file or of a member of the archive."""
    if source.kind is Content.TEXT:
        return _is_rdml(source.content[:HEAD_BYTES])
    if not source.content.startswith(ZIP_MAGICS) or source.book:
        return False
    try:
        archive = open_archive(source.name, source.content)
        return any(_members(source.name, archive))
    except ExportError:
        return False


def _is_rdml(head: bytes) -> bool:
    """Tell by the first bytes; without its zeros UTF-16 reads like ASCII."""
    return bool(ROOT.search(head.replace(b"\0", b"").decode("latin-1")))


def _members(name: str, archive: ZipFile) -> Iterator[str]:
    """Yield the members that hold RDML."""
    found = [m for m in archive.infolist() if m.filename.casefold().endswith(MEMBER)]
    for member in found[:MEMBERS_PEEKED]:
        if _is_rdml(read_head(name, archive, member, size=HEAD_BYTES)):
            yield member.filename


def _read(source: Source, _: IngestSettings) -> Export:
    document = _document(source)
    if document.version and document.version not in VERSIONS:
        raise ExportError(
            source.name,
            f"RDML version {shown(document.version)}; expected {VERSIONS[0]} to {VERSIONS[-1]}; "
            "save it as one of these",
        )
    plate = plate_of(source.name, document)
    records = tuple(_records(plate))
    return Export(
        file=source.name,
        format=READER.name,
        ct_kind="Cq",
        records=records,
        plate_wells=plate.wells or smallest_plate({record.well for record in records}),
        n_cycles=plate.n_cycles,
        noticed=tuple(_noticed(plate, records)),
        **_about(plate),
    )


def _document(source: Source) -> Document:
    if source.kind is Content.TEXT:
        return parse(source.name, source.content)
    archive = open_archive(source.name, source.content)
    check_archive(source.name, archive)
    members = list(_members(source.name, archive))
    if len(members) != 1:
        raise ExportError(
            source.name, f"RDML in {listed(members)}; expected one of them; {EXPORT_ALONE}"
        )
    xml = read_member(source.name, archive, archive.getinfo(members[0]))
    document = parse(source.name, xml)
    lightcycler96_run.add_results(source.name, archive, document)
    return document


def _records(plate: Plate) -> Iterator[Record]:
    """Yield one record per target and well, then one per well with a sample and nothing else.

    Raises:
        ExportError: No well, or a target twice in a well.
    """
    seen: dict[Key, str] = {}
    answered = {(id(entry.run), entry.data.target) for entry in plate.entries if entry.data.cq}
    for entry in plate.entries:
        well, target = plate.well(entry.react), entry.data.target
        if (well, target) in seen:
            where = f"runs {shown(seen[well, target])} and {shown(entry.run.id)}"
            raise ExportError(
                plate.file,
                f"well {well} has target {shown(target)} twice ({where}); expected one plate; "
                f"{EXPORT_ALONE}",
                entry.react.line,
            )
        seen[well, target] = entry.run.id
        silent = plate.silent and (id(entry.run), target) in answered
        yield _record(plate, entry, silent=silent)
    used = {well for well, _ in seen}
    for react in (react for run in plate.runs for react in run.reacts):
        if react.sample and (well := plate.well(react)) not in used:
            used.add(well)
            sample = plate.names.get(react.sample, react.sample).strip()
            yield Record(well, sample, "", _task(plate, react, ""), "", State.EMPTY, None, "")


def _record(plate: Plate, entry: Entry, *, silent: bool) -> Record:
    react, data, well = entry.react, entry.data, plate.well(entry.react)
    try:
        limit = plate.n_cycles or NO_CQ_FROM
        ct, state = judge_ct(data.cq or "", comma=plate.comma, n_cycles=limit, missing=INFINITE)
    except ValueError as problem:
        raise ExportError(
            plate.file, f"Cq of {well} {shown(data.target)} is {problem}; mend it", react.line
        ) from None
    if silent and entry.values and data.cq is None:
        state = State.UNDETERMINED
    if data.excluded is not None and data.excluded.casefold() not in NOT_EXCLUDED:
        state = State.OMITTED
    return Record(
        well=well,
        sample=plate.names.get(react.sample, react.sample).strip(),
        target=plate.names.get(data.target, data.target).strip(),
        task=_task(plate, react, data.target),
        dye=plate.document.dyes.get(data.target, ""),
        state=state,
        ct=ct,
        ct_text=data.cq or "",
        curve_kind=_kind(entry.run, entry.values),
        values=entry.values,
    )


def _kind(run: Run, values: Sequence[float | None]) -> CurveKind:
    if not values:
        return CurveKind.NONE
    subtracted = SUBTRACTED.search(run.about.get("background", ""))
    return CurveKind.RFU if subtracted else CurveKind.RAW


def _task(plate: Plate, react: React, target: str) -> str:
    sample = plate.document.samples.get(react.sample)
    types = sample.types if sample else {}
    return types.get(target, types.get("", ""))


class _About(TypedDict):
    """What the file says of its run, by the fields of an Export."""

    instrument: str
    software: str
    run_date: str


def _about(plate: Plate) -> _About:
    about = plate.runs[0].about
    software = f"{about.get('software', '')} {about.get('version', '')}".strip()
    return {
        "instrument": about.get("instrument", ""),
        "software": CHARACTER.sub(lambda match: chr(int(match[1])), software),
        "run_date": day(plate.runs[0]),
    }


def _noticed(plate: Plate, records: Sequence[Record]) -> Iterator[Finding]:
    def finding(level: Level, code: str, sentence: str) -> Finding:
        return Finding(level, "run", plate.file, code, sentence)

    if len(plate.runs) > 1:
        sentence = f"{named(plate.runs)} hold the targets of one plate and were joined"
        yield finding(Level.INFO, "runs_joined", sentence)
    if plate.shortened:
        sentence = "each sample bears the name of its target behind its own, which was taken off"
        yield finding(Level.INFO, "samples_shortened", sentence)
    silent = _wells(r for r in records if r.state is State.UNDETERMINED and not r.ct_text)
    if silent:
        sentence = f"the software writes no Cq where none was reached: undetermined in {silent}"
        yield finding(Level.INFO, "cq_silent", sentence)
    called = zip(plate.entries, records, strict=False)  # behind them stand wells without a target
    if not_shown := _wells(r for entry, r in called if r.ct is not None and _is_denied(entry)):
        sentence = (
            "the LightCycler 96 software calls these Negative or Invalid and shows no Cq, though "
            f"the file holds one: {not_shown}; compare with its result table"
        )
        yield finding(Level.WARNING, "cq_not_shown", sentence)
    if unknown := _wells(r for r in records if r.state is State.NO_DATA and r.values):
        sentence = (
            f"a curve without Cq in {unknown}: the file does not say whether none was reached or "
            "none was looked for; analyse the run and export it again"
        )
        yield finding(Level.WARNING, "cq_missing", sentence)


def _is_denied(entry: Entry) -> bool:
    return entry.data.call.casefold() not in ("", lightcycler96_run.POSITIVE)


def _wells(records: Iterable[Record]) -> str:
    names = [f"{record.well} {record.target}" for record in records]
    return f"{len(names)} reactions ({listed(names)})" if names else ""


READER = Reader(
    name="rdml",
    title="RDML 1.0 to 1.4 (StepOne, CFX, LightCycler 96 and others): rdml or xml",
    sniff=_sniff,
    read=_read,
)
