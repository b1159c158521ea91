"""Records of several exports as one plate: wells that an export lists as empty."""

from breakpoint_pcr.ingest.export import Export, Record
from breakpoint_pcr.ingest.merging import Placed, merged, vacant
from breakpoint_pcr.ingest.samplesheet import SheetRow
from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import State


def export(name, *records, empty=()):
    return Export(name, "generic", "Ct", records, empty_wells=frozenset(empty))


def record(well, target="ALB"):
    return Record(well, "S1", target, "", "", State.OK, 22.5, "22.5")


def row(well, target="", assay=""):
    return SheetRow(2, target, SheetEntry(well, assay=assay))


def names(places):
    return [(p.record.well, p.record.target, p.record.state, p.export.file) for p in places]


def test_a_well_that_another_export_fills_is_not_empty():
    """Two exports of a plate, a target each: each leaves the wells of the other empty."""
    first = export("a", record("A1"), empty=["A2", "A3"])
    second = export("b", record("A2"), empty=["A1"])
    places = merged([first, second])
    found = vacant(places, [row("A1"), row("A2"), row("A3"), row("B1")], [first, second])
    assert names(found) == [("A3", "", "empty", "a")]


def test_an_empty_well_of_several_rows_names_what_each_is_of():
    only = export("a", record("A1"), empty=["A2", "A3"])
    rows = [row("A2", assay="ALB"), row("A2", target="X"), row("A3", assay="ALB")]
    found = vacant(merged([only]), rows, [only])
    assert [(p.record.well, p.record.target) for p in found] == [
        ("A2", "ALB"),
        ("A2", "X"),
        ("A3", ""),
    ]


def test_the_plate_comes_row_by_row_whatever_the_files():
    first = export("a", record("B1"), record("A10"))
    second = export("b", record("A2"), record("B1", "X"))
    assert [(p.record.well, p.record.target) for p in merged([first, second])] == [
        ("A2", "ALB"),
        ("A10", "ALB"),
        ("B1", "ALB"),
        ("B1", "X"),
    ]


def test_nothing_is_vacant_without_a_plan():
    only = export("a", record("A1"), empty=["A2"])
    places: list[Placed] = merged([only])
    assert vacant(places, [], [only]) == []
