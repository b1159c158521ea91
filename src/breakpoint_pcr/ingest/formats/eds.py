"""EDS, the document of Applied Biosystems instruments: read where it holds the Cts of its wells.

Version 1 (QuantStudio 3, 5, Flex, ViiA 7) and version 2 (QuantStudio 6 and 7 Pro, Design & Analysis
2) hold them once the run was analysed; that of the 7500 and StepOne holds the dyes' signals alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from breakpoint_pcr.errors import ExportError, NoResultsError
from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.export import Export, Reader, Record
from breakpoint_pcr.ingest.files.source import EDS_DESCRIBED, Source
from breakpoint_pcr.ingest.formats.eds_archive import Archive, date_of, open_eds
from breakpoint_pcr.ingest.formats.eds_plate import (
    SETUP_JSON,
    Plate,
    plate_from_json,
    plate_from_xml,
    string,
)
from breakpoint_pcr.ingest.formats.eds_protocol import Protocol, cycles_set, protocol_of
from breakpoint_pcr.ingest.formats.eds_results import (
    RESULTS_JSON,
    RESULTS_TEXT,
    Found,
    cycles_of,
    is_threshold_of,
    read_json,
    read_text,
    record_of,
)
from breakpoint_pcr.ingest.formats.setup import UNPLANNED, contradictions
from breakpoint_pcr.ingest.formats.thermo import CRT, CT_KINDS
from breakpoint_pcr.ingest.formats.thermo_header import INSTRUMENTS
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.tables import Finding, Level, State

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME = "eds"
EXPERIMENT = "apldbio/sds/experiment.xml"
SUMMARY = "summary.json"
RUN_SUMMARY = "run/run_summary.json"
SETTINGS_JSON = "primary/analysis_setting.json"
# Its value in the settings of version 2, whatever the key.
CRT_VALUE = re.compile(r':\s*"(?:crt|relative[ _]threshold)"', re.IGNORECASE)
# Where version 1 names the instrument as people do; elsewhere stands a code name.
INSTRUMENT_PATH = (
    "ExperimentProperty[@type='InstrumentInfo']/PropertyValue[@key='instrumentType']/String"
)
COMPLETE = frozenset({"", "complete", "completed"})
EXPORT_INSTEAD = (
    "open it in the instrument's software and export Results and Amplification Data (csv, txt or "
    "xlsx)"
)


def _sniff(source: Source, _: IngestSettings) -> bool:
    """Tell by the folders of the archive."""
    return source.described == EDS_DESCRIBED


def _read(source: Source, settings: IngestSettings) -> Export:
    archive = open_eds(source.name, source.content)
    members = set(archive.content.namelist())
    if RESULTS_TEXT in members:
        return _version_1(archive, settings.ct_crossing_difference_max)
    if RESULTS_JSON in members or SETUP_JSON in members:
        return _version_2(archive)
    software = archive.software()
    raise NoResultsError(
        source.name,
        f"EDS file{f' of {software}' if software else ''} without results: it holds the dyes' "
        f"signals, but no Ct and no Rn; {EXPORT_INSTEAD}",
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What the file says of its run; `wells` is the size of the plate."""

    ct_kind: str
    wells: int
    instrument: str
    date: str
    name: str
    state: str
    chemistry: str = ""
    n_cycles: int | None = None


def _version_1(archive: Archive, limit: float) -> Export:
    plate = plate_from_xml(archive)
    found, wells, heading = read_text(archive, plate)
    protocol = protocol_of(archive, wells)
    root = archive.xml_of(EXPERIMENT)

    def said(name: str) -> str:
        return "" if root is None else root.findtext(name, "").strip()

    run = _Run(
        ct_kind=CT_KINDS[heading if protocol.usual_algorithm else CRT],
        wells=wells,
        instrument="" if root is None else _instrument(root),
        date=date_of(said("RunEndTime") or said("RunStartTime")),
        name=said("Name"),
        state=said("RunState"),
        chemistry=said("ChemistryType"),
        n_cycles=cycles_of(archive, found) or cycles_set(archive),
    )
    return _export(archive, _fitted(found, protocol, limit, run.n_cycles), plate, run)


def _instrument(root: "Element") -> str:
    """Return the instrument: `QuantStudio 5 - 96-Well 0.2-mL Block` without its block."""
    code = root.findtext("InstrumentTypeId", "").strip()
    named = root.findtext(INSTRUMENT_PATH, "").partition(" - ")[0].strip()
    return named or INSTRUMENTS.get(code.casefold(), code)


def _fitted(
    found: Sequence[Found], protocol: Protocol, limit: float, n_cycles: int | None
) -> list[Found]:
    """Return the reactions with thresholds and baselines, as far as the file tells them.

    A threshold of the software counts where most curves of its target cross it within `limit`
    cycles of their Cts: in a run that was not analysed it is the default.
    """
    thresholds = dict(protocol.thresholds)
    for target, threshold in protocol.chosen.items():
        of_target = [reaction for reaction in found if reaction.target == target]
        if is_threshold_of(of_target, threshold, limit=limit, n_cycles=n_cycles):
            thresholds[target] = threshold
    fitted: list[Found] = []
    for reaction in found:
        start, end = protocol.baseline(reaction.well, reaction.target) or (None, None)
        threshold = thresholds.get(reaction.target)
        fitted.append(
            replace(reaction, threshold=threshold, baseline_start=start, baseline_end=end)
        )
    return fitted


def _version_2(archive: Archive) -> Export:
    plate = plate_from_json(archive)
    found = read_json(archive, plate)
    instrument, name, state = _said(archive, "instrumentType", "name", "runStatus")
    times = archive.json_of(RUN_SUMMARY) or {}
    is_crt = CRT_VALUE.search(archive.text_of(SETTINGS_JSON) or "")
    run = _Run(
        ct_kind=CT_KINDS[CRT if is_crt else "cq"],
        wells=plate.wells or 0,
        instrument=instrument,
        date=date_of(times.get("endTime") or times.get("startTime")),
        name=name,
        state=state,
        n_cycles=cycles_of(archive, found),
    )
    return _export(archive, found, plate, run)


def _said(archive: Archive, *keys: str) -> list[str]:
    summary = archive.json_of(SUMMARY) or {}
    try:
        return [string(summary, key) for key in keys]
    except ValueError:
        raise archive.damaged(SUMMARY) from None


def _export(archive: Archive, found: Sequence[Found], plate: Plate, run: _Run) -> Export:
    plans = [plate.reactions.get((reaction.well, reaction.target), UNPLANNED) for reaction in found]
    measured = [
        record_of(archive, reaction, plan, n_cycles=run.n_cycles)
        for reaction, plan in zip(found, plans, strict=True)
    ]
    _check_once(archive, measured)
    missing = _missing(plate, measured)
    if not measured:
        raise NoResultsError(archive.file, f"EDS file without a reaction; {EXPORT_INSTEAD}")
    return Export(
        file=archive.file,
        format=NAME,
        ct_kind=run.ct_kind,
        records=(*measured, *missing),
        instrument=run.instrument,
        software=archive.software(),
        run_date=run.date,
        chemistry=run.chemistry,
        passive_reference=plate.passive_reference,
        plate_wells=run.wells,
        n_cycles=run.n_cycles,
        noticed=(
            *_noticed_of_run(archive, plate, run),
            *_noticed_of_reactions(archive, measured, missing),
            *contradictions(
                archive.file,
                ((p, r, f.task) for p, r, f in zip(plans, measured, found, strict=True)),
            ),
        ),
        plate=run.name,
        empty_wells=plate.listed - {record.well for record in (*measured, *missing)},
    )


def _check_once(archive: Archive, records: Sequence[Record]) -> None:
    seen: set[tuple[str, str]] = set()
    for record in records:
        if (key := (record.well, record.target)) in seen:
            raise ExportError(
                archive.file,
                f"well {record.well} has target {shown(record.target)} twice; expected each "
                "reaction once; export the run as xlsx",
            )
        seen.add(key)


def _missing(plate: Plate, measured: Sequence[Record]) -> list[Record]:
    """Return an omitted record for what is set up and not in the results."""
    known = {(record.well, record.target) for record in measured}
    return [
        Record(well, plan.sample, target, plan.task, plan.dye, State.OMITTED, None, "")
        for (well, target), plan in plate.reactions.items()
        if (well, target) not in known and target
    ]


def _noticed_of_run(archive: Archive, plate: Plate, run: _Run) -> Iterator[Finding]:
    if plate.wells is None:
        sentence = (
            "the file does not tell the size of its plate; its wells are numbers, and "
            f"were counted on a plate of {run.wells}; check them"
        )
        yield Finding(Level.WARNING, "run", archive.file, "plate_size_assumed", sentence)
    if run.state.casefold() not in COMPLETE:
        sentence = f"the run is not complete: its state is {shown(run.state)}"
        yield Finding(Level.WARNING, "run", archive.file, "run_not_complete", sentence)


def _noticed_of_reactions(
    archive: Archive, measured: Sequence[Record], missing: Sequence[Record]
) -> Iterator[Finding]:
    if missing:
        names = ", ".join(f"{record.well} {record.target}" for record in missing)
        sentence = f"set up, but not in the results, so taken as omitted: {names}"
        yield Finding(Level.WARNING, "run", archive.file, "missing_from_results", sentence)
    bare = [f"{r.well} {r.target}" for r in measured if r.target and not r.values]
    if 0 < len(bare) < len(measured):
        sentence = f"{len(bare)} of {len(measured)} reactions have no curve: {', '.join(bare)}"
        yield Finding(Level.WARNING, "run", archive.file, "curves_missing", sentence)


READER = Reader(
    name=NAME,
    title=(
        "EDS files of analysed runs (QuantStudio, ViiA 7), version 1, and 2"
        " (layout from documentation, no real file seen)"
    ),
    sniff=_sniff,
    read=_read,
)
