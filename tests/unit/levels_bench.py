"""Plates with standards for the tests of levels, built on the plates of the tests of calling.

Standards stand in columns 20 and beyond, samples where `calling_bench` puts them.
"""

from pathlib import Path

from calling_bench import (
    FLAT,
    NEG,
    PAIRS,
    PANEL,
    POS,
    STANDARD,
    call,
    controls,
    entry,
    products,
)

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.levels import LevelSettings, levels_of
from breakpoint_pcr.runs import RunRecord, SheetEntry, Status
from breakpoint_pcr.tables import Role

LEVEL = read_yaml(Path("config/config.yaml"))["level"]
# Ct = 38 - 10/3 log10(N): one copy at 38.
SLOPE, ONE_COPY = -10 / 3, 38.0
GOOD = (22.0, STANDARD)


def lod(**copies):
    """Entries of level.lod; names as F4_R7 for F.4/R-7."""
    names = {name.replace(".", "").replace("/", "_").replace("-", ""): name for name in PAIRS}
    return [
        {"assay": names[name], "copies": number, "by": "dr-x", "date": "2026-01-31"}
        for name, number in copies.items()
    ]


EVERY_LOD = lod(**{name.replace(".", "").replace("/", "_").replace("-", ""): 12 for name in PAIRS})


def ct_of(quantity_log10):
    """Ct of a quantity on the exact line."""
    return ONE_COPY + SLOPE * quantity_log10


def standards(assay, column, points, **kept):
    """Entries and sheet lines of standards: points are (what the sheet says, Ct or None)."""
    entries, sheet = [], []
    for row, (cells, ct) in zip("ABCDEFGHIJKLMNOP", points, strict=False):
        well = f"{row}{column}"
        reading = (ct, STANDARD) if ct is not None else (None, FLAT)
        entries.append(entry(f"STD {assay} {well}", assay, reading, Role.STANDARD, well))
        sheet.append(SheetEntry(well, role=Role.STANDARD, **cells, **kept))
    return entries, sheet


def exact(assay, column, logs, key="copies", **kept):
    """Standards that lie on the exact line."""
    points = [({key: 10.0**x}, ct_of(x)) for x in logs]
    return standards(assay, column, points, **kept)


def patient(name, readings=None, alb=GOOD, pairs=PAIRS, wells=1):
    """Return a sample: readings by assay, all others dark, in so many wells each."""
    found = []
    for _ in range(wells):
        found += [entry(name, pair, (readings or {}).get(pair, NEG)) for pair in pairs]
    return [*found, entry(name, "ALB", alb)] if alb else found


def at(ct):
    """A good positive at a Ct."""
    return (ct, STANDARD)


def settings(**changes):
    return LevelSettings.from_config(LEVEL | changes)


def measured(*groups, sheet=(), overrides=(), limits=None, level=None, unconfirmed=()):
    """Call a plate with its controls, and return calls and levels."""
    entries, lines = list(controls()), list(sheet)
    for group in groups:
        made, more = group if isinstance(group, tuple) else (group, [])
        entries += made
        lines += more
    called = call(entries, sheet=lines, overrides=overrides, limits=limits, unconfirmed=unconfirmed)
    record = RunRecord("run", Status.READ, sheet=tuple(lines), overrides=tuple(overrides))
    found = levels_of(record, called, products(), panel=PANEL, settings=settings(**(level or {})))
    return called, found


def wells_of(called, name, assay=None):
    """The wells of a sample."""
    return [w.well for w in called.wells if w.sample == name and assay in (None, w.assay)]


def with_sheet(*groups, lines, **options):
    """Measure a plate on which the sheet says `lines(called)`; wells are known only then."""
    called, _ = measured(*groups, **options)
    return measured(*groups, **(options | {"sheet": lines(called)}))


def said(name, **cells):
    """Sheet lines for every well of a sample."""
    return lambda called: [SheetEntry(well, **cells) for well in wells_of(called, name)]


def level(found, label, name="S"):
    return next(row for row in found.levels if (row.sample, row.deletion) == (name, label))


def curve(found, assay, quantity="copies", patient=""):
    return next(
        row
        for row in found.standards
        if (row.assay, row.quantity, row.patient_ref) == (assay, quantity, patient)
    )


__all__ = ["NEG", "PAIRS", "POS"]
