"""Several exports of one plate, joined: each reaction stands in one file only."""

from collections.abc import Sequence
from dataclasses import dataclass

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.export import Export, Record
from breakpoint_pcr.ingest.samplesheet import SheetRow
from breakpoint_pcr.ingest.wells import position
from breakpoint_pcr.tables import State


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and the export that holds it."""

    record: Record
    export: Export


def merged(exports: Sequence[Export]) -> list[Placed]:
    """Return all records in plate order, then in the order of the exports.

    Raises:
        ExportError: A reaction stands twice, or a well holds two samples.
    """
    places = [Placed(record, export) for export in exports for record in export.records]
    check_single(places, [place.record.target for place in places])
    _check_samples(places)
    return in_plate_order(places)


def vacant(
    places: Sequence[Placed], rows: Sequence[SheetRow], exports: Sequence[Export]
) -> list[Placed]:
    """Return an empty place for each row of the sheet whose well an export lists as empty.

    A well that no export lists stays without one: then the sheet, or the export, is of another
    plate.
    """
    used = {place.record.well for place in places}
    owners = {well: export for export in exports for well in export.empty_wells - used}
    wells = [row.entry.well for row in rows]
    return [
        Placed(_empty(row, alone=wells.count(row.entry.well) == 1), owners[row.entry.well])
        for row in rows
        if row.entry.well in owners
    ]


def _empty(row: SheetRow, *, alone: bool) -> Record:
    """Return the record of an empty well; where it is to hold several, each needs its name."""
    target = row.target or ("" if alone else row.entry.assay)
    return Record(row.entry.well, "", target, "", "", State.EMPTY, None, "")


def in_plate_order(places: Sequence[Placed]) -> list[Placed]:
    """Return the places by row, then column of their wells."""
    return sorted(places, key=lambda place: position(place.record.well))


def check_single(places: Sequence[Placed], names: Sequence[str]) -> None:
    """Check that no well holds a name (of a target or an assay; empty ones aside) twice.

    Raises:
        ExportError: One does.
    """
    owners: dict[tuple[str, str], Placed] = {}
    for place, name in zip(places, names, strict=True):
        owner = owners.setdefault((place.record.well, name), place)
        if name and owner is not place:
            raise ExportError(_files(owner, place), _twice(owner, place, name))


def _twice(owner: Placed, place: Placed, name: str) -> str:
    claim = f"well {place.record.well} has {shown(name)} twice"
    if owner.record.target != place.record.target:
        claim += f" (targets {shown(owner.record.target)} and {shown(place.record.target)})"
    advice = "mend the sample sheet or the export"
    if owner.export.file != place.export.file:
        advice = "take one of the two exports out of the folder"
    return f"{claim}; expected each reaction once; {advice}"


def _check_samples(places: Sequence[Placed]) -> None:
    owners: dict[str, Placed] = {}
    for place in places:
        if not place.record.sample:
            continue
        owner = owners.setdefault(place.record.well, place)
        if owner.record.sample != place.record.sample:
            raise ExportError(
                _files(owner, place),
                f"well {place.record.well} holds {shown(owner.record.sample)} and "
                f"{shown(place.record.sample)}; one sample a well expected; mend the export",
            )


def _files(first: Placed, second: Placed) -> str:
    names = dict.fromkeys((first.export.file, second.export.file))
    return " and ".join(names)
