"""Curves that an instrument exports apart from the Cts: they join the results of their own plate.

Files are joined by what they say of themselves: format, name of the plate or run, wells, targets or
dyes. Where they contradict each other, or a curve fits no reaction, the run is refused: a curve
beside the Ct of another reaction looks right and is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isclose
from pathlib import PurePath

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import listed, shown
from breakpoint_pcr.ingest.export import Export, Record
from breakpoint_pcr.ingest.formats.thermo import curves_cut
from breakpoint_pcr.ingest.repeats import without_repeats
from breakpoint_pcr.tables import CurveKind, Finding, Level, State

# The kind that serves where a reaction has curves of several, best first.
PREFERENCE = tuple(CurveKind)
ADVICE = "take the file of the other plate out of the folder"
# Where results say nothing of their plate but by their name.
NAME_ADVICE = f"{ADVICE}, or, if they are of one, name the results file as the curves' plate"
Key = tuple[str, str, str]  # well, target, dye


def joined(exports: Sequence[Export]) -> list[Export]:
    """Return the exports that hold results, with the curves of the others.

    Raises:
        ExportError: Curves without results, of another plate, or twice.
    """
    exports, notes = _without_notes(without_repeats(exports))
    owned: dict[str, list[Export]] = {}
    for curves in exports:
        if curves.joins:
            for owner, share in _shares(curves, _owners(curves, exports)):
                owned.setdefault(owner.file, []).append(share)
    return [
        _with_notes(
            _with_curves(export, owned[export.file]) if export.file in owned else export, notes
        )
        for export in exports
        if not export.joins
    ]


def _without_notes(exports: Sequence[Export]) -> tuple[list[Export], list[Export]]:
    """Return the exports that hold results or curves, and those that only tell of the run.

    Raises:
        ExportError: None holds any.
    """
    notes = [e for e in exports if e.joins and not e.records and e.n_cycles is None]
    rest = [export for export in exports if export not in notes]
    if not rest and notes:
        raise ExportError(
            notes[0].file,
            f"information on a run, but no results of it; expected both (format {notes[0].joins}); "
            "export the results too",
        )
    return rest, notes


def _with_notes(results: Export, notes: Sequence[Export]) -> Export:
    """Return the results with date and software as the run's own notes tell them."""
    for note in notes:
        if note.joins != results.format:
            continue
        if note.plate == results.plate and _one_plate(note, results):
            results = replace(
                results,
                run_date=results.run_date or note.run_date,
                software=results.software or note.software,
            )
            continue
        sentence = f"{note.file} is of plate {shown(note.plate)}; not used"
        finding = Finding(Level.INFO, "run", note.file, "file_not_used", sentence)
        results = replace(results, noticed=(*results.noticed, finding))
    return results


def _shares(curves: Export, owners: Sequence[Export]) -> Iterator[tuple[Export, Export]]:
    """Yield each results file with the curves of its own wells and dyes.

    A file of raw data may hold channels that nobody analysed: those are left out, with a finding.
    """
    spare = {*_spare_dyes(curves, owners), *_spare_targets(curves, owners)}
    if spare:
        sentence = f"{curves.file}: curves of {listed(sorted(spare))} are of no result; not used"
        finding = Finding(Level.INFO, "run", curves.file, "curves_not_used", sentence)
        records = tuple(r for r in curves.records if (r.target or r.dye) not in spare)
        curves = replace(curves, records=records, noticed=(*curves.noticed, finding))
    if len(owners) == 1:
        yield owners[0], curves
        return
    # A curve of a well that no file lists goes to the file of its dye, else to the first, where it
    # is refused or taken as omitted: none is dropped.
    by_dye = {record.dye: owner.file for owner in reversed(owners) for record in owner.records}
    by_well: dict[str, list[tuple[Record, str]]] = {}
    for owner in owners:
        for record in owner.records:
            by_well.setdefault(record.well, []).append((record, owner.file))
    shares: dict[str, list[Record]] = {owner.file: [] for owner in owners}
    for curve in curves.records:
        fits = (file for record, file in by_well.get(curve.well, ()) if _fits(curve, record))
        shares[next(fits, by_dye.get(curve.dye, owners[0].file))].append(curve)
    for owner in owners:
        noticed = curves.noticed if owner is owners[0] else ()
        yield owner, replace(curves, records=tuple(shares[owner.file]), noticed=noticed)


def _spare_dyes(curves: Export, owners: Sequence[Export]) -> set[str]:
    wanted = {record.dye for owner in owners for record in owner.records} - {""}
    held = {record.dye for record in curves.records if not record.target} - {""}
    return held - wanted if held & wanted else set()


def _spare_targets(curves: Export, owners: Sequence[Export]) -> set[str]:
    """Return targets of raw light (a reference dye) that the results of the same run leave out."""
    if not curves.plate or any(owner.plate != curves.plate for owner in owners):
        return set()
    wanted = {record.target for owner in owners for record in owner.records} - {""}
    light = (record for record in curves.records if record.curve_kind is CurveKind.RAW)
    held = {record.target for record in light} - {""}
    return held - wanted if held & wanted else set()


def _are_parts_of_one_plate(owners: Sequence[Export]) -> bool:
    """Tell results of one named plate, a file per dye or per group of its wells."""
    parts = [{(record.well, record.dye) for record in owner.records} for owner in owners]
    apart = sum(map(len, parts)) == len(set[tuple[str, str]]().union(*parts))
    named = all(dye for part in parts for _, dye in part)
    return apart and named and len({owner.plate for owner in owners}) == 1 and bool(owners[0].plate)


def _owners(curves: Export, exports: Sequence[Export]) -> list[Export]:
    """Return the results that the curves belong to: one file, or the parts of one plate."""
    results = [e for e in exports if e.format == curves.joins and not e.joins]
    if not results:
        raise ExportError(
            curves.file,
            f"curves, but no results of their plate; expected both (format {curves.joins}); "
            "export the results too",
        )
    same = [export for export in results if _one_plate(export, curves)]
    if len(same) == 1 or (same and _are_parts_of_one_plate(same)):
        return same
    if same:
        files = listed([export.file for export in same])
        raise ExportError(
            curves.file, f"curves that may be of {files}; expected one plate a folder; {ADVICE}"
        )
    names = ", ".join(f"{export.file} of plate {shown(export.plate)}" for export in results)
    named = any(PurePath(export.file).stem == export.plate for export in results)
    advice = NAME_ADVICE if named else ADVICE
    raise ExportError(
        curves.file,
        f"curves of plate {shown(curves.plate)}, results in {names}; expected one plate; {advice}",
    )


def _one_plate(first: Export, second: Export) -> bool:
    """Tell whether nothing that two files say of their plate differs."""
    pairs = ((first.plate, second.plate), (first.run_date, second.run_date))
    return all(not a or not b or a == b for a, b in pairs)


def _with_curves(results: Export, files: Sequence[Export]) -> Export:
    """Return the results with the curves of all files."""
    n_cycles = _cycles(results, files)
    chosen, extra = _placed(results, files)
    records = [_attached(record, chosen, n_cycles) for record in results.records]
    omitted = [replace(curve, state=State.OMITTED) for curve in extra.values()]
    all_files = (results, *files)
    return replace(
        results,
        records=(*records, *omitted),
        n_cycles=n_cycles,
        run_date=_first(e.run_date for e in all_files),
        chemistry=_first(e.chemistry for e in all_files),
        passive_reference=_first(e.passive_reference for e in all_files),
        noticed=(
            *(finding for e in all_files for finding in e.noticed),
            *(curves_cut(e.file, e.n_cycles) for e in files if e.n_cycles and n_cycles is None),
            *_noticed(results.file, records, omitted),
        ),
        empty_wells=results.empty_wells - {curve.well for curve in omitted},
        curve_files=tuple(e.file for e in files),
    )


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def _placed(
    results: Export, files: Iterable[Export]
) -> tuple[dict[Key, Record], dict[Key, Record]]:
    """Return the curves by the reaction that they are of, and those of wells without one."""
    chosen: dict[Key, Record] = {}
    extra: dict[Key, Record] = {}
    wells: dict[str, list[Record]] = {}
    for record in results.records:
        wells.setdefault(record.well, []).append(record)
    for curves in files:
        for curve in curves.records:
            owner = _reaction(curve, wells.get(curve.well, []), files=(results.file, curves.file))
            if owner is None and curve.state is State.EMPTY:
                continue  # a place of the rotor that nobody named or analysed
            place = extra if owner is None else chosen
            if owner is None:
                _check_extra(curve, results, curves, len(wells))
                owner = curve
            key = (owner.well, owner.target, owner.dye)
            place[key] = _better(place.get(key), curve, curves)
    return chosen, extra


def _cycles(results: Export, files: Iterable[Export]) -> int | None:
    """Return the cycles that the plate was run for; all files must say the same.

    Unknown where a baseline reaches beyond the curves: then they are not whole.
    """
    said = {curves.file: curves.n_cycles for curves in files if curves.n_cycles}
    if len(set(said.values())) > 1:
        found = ", ".join(f"{file} {cycles}" for file, cycles in said.items())
        raise ExportError(results.file, f"curves of different lengths ({found} cycles); {ADVICE}")
    cycles = next(iter(said.values()), results.n_cycles)
    baseline = max((record.baseline_end or 0 for record in results.records), default=0)
    return cycles if cycles and cycles >= baseline else None


def _reaction(curve: Record, in_well: Sequence[Record], *, files: tuple[str, str]) -> Record | None:
    """Return the reaction of a curve; None where its well is not in the results."""
    fits = [record for record in in_well if _fits(curve, record)]
    if not in_well or len(fits) == 1:
        return fits[0] if fits else None
    samples = [r.sample for r in in_well if _fits(replace(curve, sample=""), r)]
    if samples and not fits:
        raise ExportError(
            files[1],
            f"well {curve.well} has a curve of sample {shown(curve.sample)}, the results in "
            f"{files[0]} say {listed(samples)}; expected one sample; {ADVICE}, or export both "
            "again",
        )
    name = curve.target or curve.dye
    found = listed([record.target or record.dye for record in in_well])
    what = f"a curve of {shown(name)}" if name else "a curve that names no target"
    raise ExportError(
        files[1],
        f"well {curve.well} has {what}, the results in {files[0]} have {found}; "
        f"expected one and the same reaction; {ADVICE}, or export both again",
    )


def _fits(curve: Record, record: Record) -> bool:
    """Tell whether nothing that curve and reaction say of themselves differs."""
    pairs = (
        (curve.target, record.target),
        (curve.dye, record.dye),
        (curve.sample, record.sample),
    )
    return all(not a or not b or a == b for a, b in pairs)


def _check_extra(curve: Record, results: Export, curves: Export, wells: int) -> None:
    """Refuse a curve of a well that the results lack, unless both files name the same plate."""
    if not (curves.plate and curves.plate == results.plate):
        raise ExportError(
            curves.file,
            f"a curve of well {curve.well}, which the results in {results.file} do not hold "
            f"({wells} wells); expected one plate; {ADVICE}, or export both again",
        )


def _better(first: Record | None, second: Record, curves: Export) -> Record:
    """Return the curve of the better kind."""
    if first is None:
        return second
    if first.curve_kind is second.curve_kind:
        if first.dye != second.dye:
            raise ExportError(
                curves.file,
                f"well {second.well} has curves of {shown(first.dye)} and {shown(second.dye)}, and "
                "the results tell no dye; expected one; export the curves of the analysed dye "
                "alone",
            )
        if _are_same(first.values, second.values):
            return first
        raise ExportError(
            curves.file,
            f"well {second.well} {shown(second.target or second.dye)} has two curves; "
            f"expected one; {ADVICE}",
        )
    return min(first, second, key=lambda record: PREFERENCE.index(record.curve_kind))


def _are_same(first: Sequence[float | None], second: Sequence[float | None]) -> bool:
    """Tell one curve in two exports of it, such as csv and xlsx, which differ in digits written."""
    return len(first) == len(second) and all(
        a == b if a is None or b is None else isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
        for a, b in zip(first, second, strict=True)
    )


def _attached(record: Record, chosen: Mapping[Key, Record], n_cycles: int | None) -> Record:
    """Return the reaction with its curve; a Ct at the last cycle run or later is not reached."""
    if record.ct is not None and n_cycles and record.ct >= n_cycles:
        state = State.UNDETERMINED if record.state is State.OK else record.state
        record = replace(record, ct=None, state=state)
    curve = chosen.get((record.well, record.target, record.dye))
    if curve is None or record.state is State.EMPTY:
        return record
    return replace(
        record, dye=record.dye or curve.dye, curve_kind=curve.curve_kind, values=curve.values
    )


def _noticed(file: str, records: Sequence[Record], omitted: Sequence[Record]) -> Iterator[Finding]:
    if omitted:
        names = ", ".join(f"{record.well} {record.target or record.dye}" for record in omitted)
        sentence = f"measured, but not in the results, so taken as omitted: {names}"
        yield Finding(Level.WARNING, "run", file, "missing_from_results", sentence)
    bare = [f"{r.well} {r.target}" for r in records if r.state is not State.EMPTY and not r.values]
    if bare:
        sentence = f"{len(bare)} of {len(records)} reactions have no curve: {', '.join(bare)}"
        yield Finding(Level.WARNING, "run", file, "curves_missing", sentence)
