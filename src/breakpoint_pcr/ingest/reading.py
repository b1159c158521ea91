"""A run folder, read: exports, sample sheet and run.yaml become reactions, curves and a record.

Only the files of the folder itself are looked at; folders below it and hidden files are not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from breakpoint_pcr.errors import ExportError, NoResultsError
from breakpoint_pcr.folders import FILE_NAME, RUN_NAME, folder_files
from breakpoint_pcr.ingest import checks, identity
from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.common_line import check_common_lines
from breakpoint_pcr.ingest.export import Export
from breakpoint_pcr.ingest.files.extent import check_folder
from breakpoint_pcr.ingest.files.source import (
    Content,
    Source,
    digest_file,
    head_of,
    open_source,
    opening,
)
from breakpoint_pcr.ingest.files.text import decode
from breakpoint_pcr.ingest.formats.readers import readers
from breakpoint_pcr.ingest.joining import joined
from breakpoint_pcr.ingest.merging import Placed, check_single, in_plate_order, merged, vacant
from breakpoint_pcr.ingest.names import with_clean_names, with_encoding
from breakpoint_pcr.ingest.privacy import judge_names
from breakpoint_pcr.ingest.rises import check_rises
from breakpoint_pcr.ingest.roles import role_of_name, role_of_task
from breakpoint_pcr.ingest.run_yaml import YAML_NAME, RunNotes, read_run_yaml
from breakpoint_pcr.ingest.samplesheet import (
    SHEET_NAME,
    SheetRow,
    check_patients,
    match_rows,
    read_sheet,
)
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.runs import FileKind, RunFile, RunRecord, SheetEntry, Status
from breakpoint_pcr.tables import Curve, CurveKind, Finding, Level, Reaction, Role, State

__all__ = ["IngestSettings", "read_run"]

EXPECTED = "a format that `breakpoint-pcr formats` lists"
KINDS = {SHEET_NAME: FileKind.SHEET, YAML_NAME: FileKind.RUN_YAML}
# Near misses of the two names, letters only.
MISSPELT = {
    "samplesheet": SHEET_NAME,
    "runyaml": YAML_NAME,
    "runyml": YAML_NAME,
}
Result = tuple[RunRecord, list[Reaction], list[Curve]]


@dataclass(frozen=True, slots=True)
class _Context:
    """What reading a folder needs throughout."""

    run: str
    panel: Panel
    settings: IngestSettings


def read_run(folder: Path, *, panel: Panel, settings: IngestSettings) -> Result:
    """Read a run folder.

    Every reaction of the exports is returned, in plate order; the i-th curve belongs to the i-th
    reaction that has one. A folder that cannot be read gives a record with status rejected and one
    line that says why, and nothing else: bad input never raises.
    """
    run = folder.absolute().name
    files: list[RunFile] = []
    try:
        return _read(folder, files, _Context(run, panel, settings))
    except ExportError as problem:
        reason = str(problem)
    except OSError as problem:
        place = Path(problem.filename).name if problem.filename else run
        why = problem.strerror or type(problem).__name__
        reason = f"{place}: cannot be read ({why}); mend its permissions, or copy it again"
    reason = " ".join(reason.split())
    return RunRecord(run, Status.REJECTED, reason, files=tuple(files)), [], []


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What the files of a folder hold."""

    exports: Sequence[Export]
    rows: Sequence[SheetRow]
    notes: RunNotes
    noticed: Sequence[Finding]


def _read(folder: Path, files: list[RunFile], context: _Context) -> Result:
    _check_folder(folder, context.run)
    gathered = _gathered(folder, files, context)
    places = merged(gathered.exports)
    empties = vacant(places, gathered.rows, gathered.exports)
    places = in_plate_order([*places, *empties])
    assay_of = cache(context.panel.assay_of_target)
    matches = match_rows(gathered.rows, [place.record for place in places], assay_of)
    reactions = [
        _reaction(place, row.entry if row else SheetEntry(""), assay_of, context)
        for place, row in zip(places, matches, strict=True)
    ]
    check_single(places, [reaction.assay for reaction in reactions])
    check_patients(matches, [reaction.sample for reaction in reactions])
    record = _record(gathered, files, context.run)
    noticed = (
        *record.noticed,
        *checks.check_empty_wells(empties),
        *_noticed(places, matches, reactions, context.settings),
        *identity.check_identity(places, matches, reactions, context.panel, context.settings),
    )
    curves = [
        Curve(context.run, reaction.well, reaction.assay, place.record.values)
        for place, reaction in zip(places, reactions, strict=True)
        if reaction.curve_kind is not CurveKind.NONE
    ]
    sheet = _sheet_entries(matches, reactions)
    privacy = context.settings.privacy
    personal = judge_names(reactions, sheet, privacy, run_date=record.run_date)
    return replace(record, noticed=(*noticed, *personal), sheet=sheet), reactions, curves


def _gathered(folder: Path, files: list[RunFile], context: _Context) -> _Gathered:
    """Read the files; `files` grows as they are listed, so that a rejected run shows them too."""
    paths = {path.name: path for path in folder_files(folder)}
    check_folder(context.run, {name: path.stat().st_size for name, path in paths.items()})
    files += [RunFile(name, *digest_file(path), _kind(name)) for name, path in paths.items()]
    exports: list[Export] = []
    foreign: list[Source] = []
    without: list[tuple[str, NoResultsError]] = []
    for name in (name for name in paths if name not in KINDS):
        source = open_source(paths[name])
        try:
            export = _export(source, context.settings)
        except NoResultsError as problem:
            without.append((name, problem))
            continue
        if export is None:
            foreign.append(source)
            continue
        exports.append(export)
        index = next(i for i, file in enumerate(files) if file.name == name)
        files[index] = replace(
            files[index], kind=FileKind.EXPORT, format=export.format, ct_kind=export.ct_kind
        )
    if not exports:
        raise without[0][1] if without else _no_export(context.run, foreign)
    exports = joined(exports)
    rows, notes = _laboratory(paths, context.panel)
    return _Gathered(
        exports=exports,
        rows=rows,
        notes=notes,
        noticed=[
            *map(_not_used, foreign),
            *(Finding(Level.INFO, "run", n, "file_not_used", str(why)) for n, why in without),
            *(n for export in exports for n in export.noticed),
        ],
    )


def _laboratory(paths: Mapping[str, Path], panel: Panel) -> tuple[Sequence[SheetRow], RunNotes]:
    """Return what sample sheet and run.yaml say, as far as they are there."""
    rows: Sequence[SheetRow] = ()
    notes = RunNotes({}, ())
    if sheet := paths.get(SHEET_NAME):
        with opening(sheet):
            rows = read_sheet(sheet, panel)
    if yaml := paths.get(YAML_NAME):
        with opening(yaml):
            notes = read_run_yaml(yaml, panel)
    return rows, notes


def _kind(name: str) -> FileKind:
    return KINDS.get(name, FileKind.OTHER)


def _export(source: Source, settings: IngestSettings) -> Export | None:
    """Return the export; None where no reader knows the file."""
    head = head_of(source)
    known = (reader for reader in readers(source.kind) if reader.sniff(head, settings))
    reader = next(known, None)
    if reader is None:
        from breakpoint_pcr.ingest.refusals import refusal_of  # noqa: PLC0415 - seldom needed

        if refusal := refusal_of(head):
            raise NoResultsError(source.name, refusal)
        return None
    if not source.whole:
        raise ExportError(source.name, f"{source.described}; export fewer tables")
    return with_encoding(with_clean_names(reader.read(source, settings)), source)


def _not_used(source: Source) -> Finding:
    level = Level.WARNING if source.kind is Content.EMPTY else Level.INFO
    sentence = f"{source.name} is no export that a reader knows ({source.described}); not used"
    return Finding(level, "run", source.name, "file_not_used", sentence)


def _no_export(run: str, sources: Sequence[Source]) -> ExportError:
    if len(sources) == 1:
        found = f"{_shown_source(sources[0])}, which no reader knows"
        return ExportError(sources[0].name, f"{found}; expected {EXPECTED}; export the run again")
    found = ", ".join(f"{source.name} ({source.described})" for source in sources) or "no file"
    return ExportError(run, f"no export; found {found}; expected {EXPECTED}; add the run's export")


def _shown_source(source: Source) -> str:
    if source.kind is not Content.TEXT:
        return source.described
    first = next((line for line in decode(head_of(source)).content.split("\n") if line.strip()), "")
    return f"text that begins with {shown(first.strip())}"


def _reaction(
    place: Placed, entry: SheetEntry, assay_of: Callable[[str], str | None], context: _Context
) -> Reaction:
    record = place.record
    sample = entry.sample or record.sample
    role = (
        entry.role
        or role_of_task(record.task)
        or role_of_name(sample, context.settings)
        or Role.UNKNOWN
    )
    return Reaction(
        run=context.run,
        file=place.export.file,
        well=record.well,
        sample=sample,
        assay=entry.assay or assay_of(record.target) or "",
        target=record.target,
        dye=record.dye,
        role=role,
        state=State.OMITTED if entry.exclude else record.state,
        ct=record.ct,
        ct_text=record.ct_text,
        threshold=record.threshold,
        baseline_start=record.baseline_start,
        baseline_end=record.baseline_end,
        curve_kind=record.curve_kind,
        n_cycles=len(record.values) or place.export.n_cycles,
        input_ng=entry.input_ng,
    )


def _record(gathered: _Gathered, files: Sequence[RunFile], run: str) -> RunRecord:
    exports = gathered.exports

    def said(values: Iterable[str]) -> str:
        return " + ".join(dict.fromkeys(value for value in values if value))

    kinds = [export.ct_kind for export in exports]
    return RunRecord(
        run=run,
        status=Status.READ,
        format=said(export.format for export in exports),
        instrument=said(export.instrument for export in exports),
        software=said(export.software for export in exports),
        run_date=next((export.run_date for export in exports if export.run_date), ""),
        chemistry=said(export.chemistry for export in exports),
        passive_reference=said(export.passive_reference for export in exports),
        plate_wells=max(export.plate_wells for export in exports),
        ct_kind=checks.CRT if checks.CRT in kinds else kinds[0],
        files=tuple(files),
        noticed=tuple(gathered.noticed),
        laboratory=gathered.notes.laboratory or None,
        overrides=gathered.notes.overrides,
    )


def _sheet_entries(
    matches: Sequence[SheetRow | None], reactions: Sequence[Reaction]
) -> tuple[SheetEntry, ...]:
    """Return what the sheet says by well, or by well and assay where its row names one."""
    entries: list[SheetEntry] = []
    for row, reaction in zip(matches, reactions, strict=True):
        if row is None:
            continue
        if not (row.target or row.entry.assay):
            entries.append(row.entry)
        elif reaction.assay:
            entries.append(replace(row.entry, assay=reaction.assay))
    return tuple(dict.fromkeys(entries))


def _noticed(
    places: Sequence[Placed],
    matches: Sequence[SheetRow | None],
    reactions: Sequence[Reaction],
    settings: IngestSettings,
) -> Iterator[Finding]:
    why = {index: row.entry.exclude for index, row in enumerate(matches) if row}
    yield from checks.check_targets(reactions)
    yield from checks.check_plates(places)
    yield from checks.check_curves(reactions)
    yield from checks.check_samples(reactions)
    yield from checks.check_roles(places, reactions, settings)
    yield from checks.check_exclusions(reactions, why)
    yield from checks.check_ct_range(places)
    yield from checks.check_rounding(places)
    yield from checks.check_crossings(places, reactions, settings.ct_crossing_difference_max)
    yield from check_common_lines(places, settings.ct_crossing_difference_max)
    yield from check_rises(places)
    yield from checks.check_flags(places)


def _check_folder(folder: Path, run: str) -> None:
    if not RUN_NAME.fullmatch(run):
        raise ExportError(
            ascii(run),
            "not a run name; expected up to 64 of A-Z a-z 0-9 . _ -; rename the folder",
        )
    if not folder.is_dir():
        raise ExportError(run, "no such folder; expected a folder that holds a run's export")
    for path in folder_files(folder):
        if not FILE_NAME.fullmatch(path.name):
            raise ExportError(
                ascii(path.name), "braces or control characters in the name; rename the file"
            )
        if path.name not in KINDS and (meant := _meant(path)):
            raise ExportError(path.name, f"looks like {meant}; rename it to {meant}, or remove it")


def _meant(path: Path) -> str | None:
    letters = "".join(letter for letter in path.name.casefold() if letter.isalpha())
    stem = "".join(letter for letter in path.stem.casefold() if letter.isalpha())
    return MISSPELT.get(letters) or MISSPELT.get(stem)
