"""The plate of an EDS file: what was set up in each well."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from breakpoint_pcr.errors import ExportError
from breakpoint_pcr.ingest.cells import shown
from breakpoint_pcr.ingest.formats.eds_archive import (
    Archive,
    Object,
    plate_of,
    plate_of_block,
    well_at,
    whole_of,
)
from breakpoint_pcr.ingest.formats.setup import Planned

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SETUP_XML = "apldbio/sds/plate_setup.xml"
SETUP_JSON = "setup/plate_setup.json"
K = TypeVar("K")
V = TypeVar("V")
# Codes in the file, and how the software's exports write them, as far as seen in both.
FLAGS = {"HSD": "HIGHSD", "CC": "CQCONF", "EAF": "EXPFAIL"}


@dataclass(frozen=True, slots=True)
class Plate:
    """What was set up. `reactions` is by well and target, `listed` and `omitted` name wells.

    `wells` is None where the file does not tell the size of the plate. `flags`, by well and target,
    are what the software raised when it analysed the run.
    """

    wells: int | None = None
    passive_reference: str = ""
    reactions: Mapping[tuple[str, str], Planned] = field(default_factory=dict)
    omitted: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    flags: Mapping[tuple[str, str], tuple[str, ...]] = field(
        default_factory=dict[tuple[str, str], tuple[str, ...]]
    )


def plate_from_xml(archive: Archive) -> Plate:
    """Return the plate of EDS 1.

    Raises:
        ExportError: The setup is damaged, or of a plate that no reader knows.
    """
    root = archive.xml_of(SETUP_XML)
    if root is None:
        return Plate()
    try:
        rows, columns = (whole_of(root.findtext(name, "0")) for name in ("Rows", "Columns"))
        wells = plate_of(rows, columns)
        if wells is None:
            raise _unknown_plate(archive, f"{rows} rows and {columns} columns")
        reference = root.findtext("PassiveReferenceDye", "")
        return Plate(
            wells=wells,
            passive_reference="" if reference in ("NULL", "None") else reference,
            reactions=_planned(root, wells),
            listed=frozenset(
                well_at(whole_of(well.findtext("Index", "")), wells)
                for well in root.iterfind("Wells/Well")
            ),
            omitted=frozenset(
                well_at(whole_of(well.findtext("Index", "")), wells)
                for well in root.iterfind("Wells/Well")
                if well.findtext("IsOmit", "").strip().casefold() == "true"
            ),
            flags=_flags(root, wells),
        )
    except ValueError:
        raise archive.damaged(SETUP_XML) from None


def _unknown_plate(archive: Archive, found: str) -> ExportError:
    return ExportError(
        archive.file, f"plate of {found}; expected 48, 96 or 384 wells; export the run as xlsx"
    )


def _planned(root: "Element", wells: int) -> dict[tuple[str, str], Planned]:
    samples: dict[str, str] = {}
    reactions: dict[tuple[str, str], Planned] = {}
    for well, item in _features(root, "sample", wells):
        _once(samples, well, item.findtext("Sample/Name", "").strip())
    for well, item in _features(root, "detector-task", wells):
        for task in item.iterfind("DetectorTaskList/DetectorTask"):
            target = task.findtext("Detector/Name", "").strip()
            plan = Planned(
                samples.get(well, ""),
                task.findtext("Task", "").strip(),
                task.findtext("Detector/Reporter", "").strip(),
            )
            _once(reactions, (well, target), plan)
    return reactions


def _flags(root: "Element", wells: int) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the flags of each reaction; in the file they read `HSD-target`."""
    flags: dict[tuple[str, str], tuple[str, ...]] = {}
    for well in root.iterfind("Wells/Well"):
        for flag in well.iterfind("FlagName"):
            code, _, target = "".join(flag.itertext()).strip().partition("-")
            key = (well_at(whole_of(well.findtext("Index", "")), wells), target)
            flags[key] = (*flags.get(key, ()), FLAGS.get(code, code))
    return flags


def _features(root: "Element", name: str, wells: int) -> Iterable[tuple[str, "Element"]]:
    for feature in root.iterfind("FeatureMap"):
        if feature.findtext("Feature/Id", "") != name:
            continue
        for value in feature.iterfind("FeatureValue"):
            item = value.find("FeatureItem")
            if item is not None:
                yield well_at(whole_of(value.findtext("Index", "")), wells), item


def plate_from_json(archive: Archive) -> Plate:
    """Return the plate of EDS 2.

    Raises:
        ExportError: The setup is missing, damaged, or of a plate that no reader knows.
    """
    root = archive.json_of(SETUP_JSON)
    if root is None:
        raise ExportError(
            archive.file, f"EDS file without {SETUP_JSON}, so without samples; export it as xlsx"
        )
    try:
        return _json_plate(archive, root)
    except ValueError:
        raise archive.damaged(SETUP_JSON) from None


def _json_plate(archive: Archive, root: Object) -> Plate:
    block = string(root, "blockType")
    wells = plate_of_block(block)
    if wells is None:
        raise _unknown_plate(archive, f"block {shown(block)}")
    dyes = {
        string(target, "name"): string(target, "reporter") for target in objects(root, "targets")
    }
    reactions: dict[tuple[str, str], Planned] = {}
    omitted: set[str] = set()
    for entry in objects(root, "wells"):
        well, sample = well_at(whole(entry, "index"), wells), string(entry, "sampleName")
        if true(entry, "omitted"):
            omitted.add(well)
        for assigned in objects(entry, "targetAssignments"):
            target = string(assigned, "targetName")
            plan = Planned(sample, string(assigned, "task"), dyes.get(target, ""))
            _once(reactions, (well, target), plan)
    return Plate(
        wells=wells,
        passive_reference=string(root, "passiveReference"),
        reactions=reactions,
        omitted=frozenset(omitted),
        # The setup is of the whole block; wells that it leaves out are empty.
        listed=frozenset(well_at(index, wells) for index in range(wells)),
    )


def _once(entries: dict[K, V], key: K, value: V) -> None:
    """Enter a value; of two that differ nobody can tell which counts."""
    if entries.setdefault(key, value) != value:
        raise ValueError(f"{key} stands twice")


def objects(owner: Object, key: str) -> list[Object]:
    """Return the objects of a list; none where the key is missing or null.

    Raises:
        ValueError: The key holds something else.
    """
    found = owner.get(key)
    items = cast("Sequence[object]", [] if found is None else found)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError(f"{key} is no list of objects")
    return [cast("Object", item) for item in items]


def mapping(owner: Object, key: str) -> Object:
    """Return an object; an empty one where the key is missing or null.

    Raises:
        ValueError: The key holds something else.
    """
    found = owner.get(key)
    if found is not None and not isinstance(found, dict):
        raise ValueError(f"{key} is no object")
    return cast("Object", found or {})


def string(owner: Object, key: str) -> str:
    """Return a text; empty where the key is missing or null.

    Raises:
        ValueError: The key holds something else.
    """
    found = owner.get(key)
    if found is not None and not isinstance(found, str):
        raise ValueError(f"{key} is no text")
    return found.strip() if found else ""


def true(owner: Object, key: str) -> bool:
    """Tell whether a mark is set; it is not where the key is missing or null.

    Raises:
        ValueError: The key holds something else than true or false.
    """
    found = owner.get(key)
    if found is not None and not isinstance(found, bool):
        raise ValueError(f"{key} is neither true nor false")
    return found is True


def whole(owner: Object, key: str) -> int:
    """Return a whole number.

    Raises:
        ValueError: The key is missing or holds something else.
    """
    found = owner.get(key)
    if type(found) is not int:
        raise ValueError(f"{key} is no whole number")
    return found
