"""Files of a folder that say the same again, such as a table in two formats: one of them counts."""

from collections.abc import Sequence
from dataclasses import replace

from breakpoint_pcr.ingest.export import Export, Record
from breakpoint_pcr.tables import Finding, Level, State


def without_repeats(exports: Sequence[Export]) -> list[Export]:
    """Return the exports without those that say the same again, less exactly.

    A CFX writes a table `Quantification Summary` beside that of its Cqs. The same means: format,
    name of the plate, wells, names, tasks, and Cts to two decimals; anything else stays in. What a
    Cq is that was not found, a workbook leaves blank where a text says NaN.
    """
    found: list[Export] = []
    for export in sorted(exports, key=_exactness, reverse=True):
        twin = next((e for e in found if e.plate and _repeats(export, e)), None)
        if twin is None:
            found.append(export)
            continue
        sentence = f"{export.file} repeats {twin.file}, which counts; not used"
        finding = Finding(Level.INFO, "run", export.file, "file_not_used", sentence)
        found[found.index(twin)] = replace(twin, noticed=(*twin.noticed, finding))
    names = [export.file for export in exports]
    return sorted(found, key=lambda export: names.index(export.file))


def _exactness(export: Export) -> int:
    return sum(len(record.ct_text) for record in export.records)


def _repeats(export: Export, other: Export) -> bool:
    if export.joins or other.joins:
        return False
    same = (export.format, export.plate) == (other.format, other.plate)
    return same and set(map(_gist, export.records)) == set(map(_gist, other.records))


def _gist(record: Record) -> tuple[str, ...]:
    ct = "" if record.ct is None else f"{record.ct:.2f}"
    names = (record.sample, record.target, record.task, record.dye)
    state = State.UNDETERMINED if record.state is State.NO_DATA else record.state
    return (record.well, *names, state, ct)
