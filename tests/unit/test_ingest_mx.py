"""Agilent Mx: text report and instrument data, joined by the run that their names tell."""

import pytest
from ingest_exports import read_export, read_folder, rejection, sentences, workbook
from round_trips import expected, found, round_trip

HEADER = (
    "Well \tAssay \tWell Type \tReplicate \tThreshold (dRn) \tCt (dRn) \tQuantity (copies) \t\n"
)
ROWS = (
    "  A1 \t SYBR \t  Unknown \t 1 \t  0,0044 \t  2,69 \t 8,940e+003 \t\n"
    "  A2 \t SYBR \t      NTC \t 2 \t  0,0044 \t No Ct \t      No Ct \t\n"
)
REPORT = HEADER + ROWS
COLUMNS = "Segment\tRamp/Plateau\tRamp/Plateau #\tWell\tDye\tCycle #\tFluorescence\tTemperature\n"


def data(wells=(1, 2), cycles=12, step=" 2\tP\t 2", dye="SYBR", path="C:\\runs\\run 7.mxp\n"):
    rows = [
        f"{step}\t {well}\t{dye}\t {cycle}\t  {1000 * well + cycle}\t59.6\n"
        for well in wells
        for cycle in range(1, cycles + 1)
    ]
    return path + COLUMNS + "".join(rows)


MELT = data(step=" 3\tR\t 1").partition(COLUMNS)[2]
FILES = {"run 7 - Text Report.txt": REPORT, "x.txt": data() + MELT}


def test_report_and_instrument_data_join(tmp_path):
    record, reactions, curves = read_folder(tmp_path, FILES)
    assert (record.status, record.reason) == ("read", "")
    assert [(r.well, r.target, r.ct, r.ct_text, r.state, r.role) for r in reactions] == [
        ("A1", "SYBR", 2.69, "2,69", "ok", "unknown"),
        ("A2", "SYBR", None, "No Ct", "undetermined", "ntc"),
    ]
    assert {(r.threshold, r.curve_kind, r.n_cycles) for r in reactions} == {(0.0044, "raw", 12)}
    assert [curve.values[0] for curve in curves] == [1001, 2001]


# As MxPro writes the report where other columns are chosen: no well type, dashes for no name.
OTHER_REPORT = (
    "Well\tWell Name\tDye\tAssay\tReplicate\tThreshold (dR)\tCt (dR)\tCt Avg. Treated Ind.\t\r\n"
    "A1\tS 1\tSYBR\tL1\t1\t2407,292\t8,84\t8,76\t\r\n"
    "A2\tS 2\tSYBR\tSYBR\t2\t947,994\tNo Ct\tNo Ct\t\r\n"
    "A3\t---\tSYBR\tSYBR\t---\t947,994\t7,14\t1,00\t\r\n"
    "A4\tS 3\tSYBR\tL1\t4\t2407,292\t\t1,00\t\r\n"
)


def test_other_columns_a_melt_and_a_reference_dye(tmp_path):
    """A melt is a ramp whose readings are all of cycle 1; ROX is light, and no assay."""
    light = "".join(
        data(wells=[well], dye=dye, path="").partition(COLUMNS)[2].replace("59.6", "59,6")
        for well, name in ((1, "L1"), (2, "SYBR"), (3, "SYBR"), (4, "L1"))
        for dye in (name, "ROX")
    )
    melt = " 4\tR\t 2\t 1\tL1\t  1\t    12197\t71,5\n" * 3
    files = {"run 7 - Text Report Data.txt": OTHER_REPORT, "x.txt": data(()) + light + melt}
    record, reactions, curves = read_folder(tmp_path, files)
    assert (record.status, record.reason) == ("read", "")
    assert [(r.well, r.sample, r.target, r.dye, r.ct, r.state, r.threshold) for r in reactions] == [
        ("A1", "S 1", "L1", "SYBR", 8.84, "ok", 2407.292),
        ("A2", "S 2", "SYBR", "SYBR", None, "undetermined", 947.994),
        ("A3", "", "SYBR", "SYBR", 7.14, "ok", 947.994),
        ("A4", "S 3", "L1", "SYBR", None, "no_data", 2407.292),
    ]
    assert [curve.values[0] for curve in curves] == [1001, 2001, 3001, 4001]
    assert sentences(record, "curves_not_used") == [
        "x.txt: curves of 'ROX' are of no result; not used"
    ]


def test_the_row_of_a_reference_dye_is_no_reaction(tmp_path):
    """The word is from memory; so a finding names what is left out for it."""
    row = "  A2 \t ROX \t      NTC \t 2 \t Reference \t Reference \t Reference \t\n"
    record, reactions, _ = read_folder(tmp_path, {"a.txt": REPORT + row})
    assert [(r.well, r.target) for r in reactions] == [("A1", "SYBR"), ("A2", "SYBR")]
    assert sentences(record, "reference_not_used") == [
        "a.txt: rows of 'A2 ROX' are of a reference dye; not used"
    ]


def test_a_well_that_is_not_in_use_is_empty(tmp_path):
    """From memory of MxPro; read as not reached, it would be a negative."""
    row = "  A3 \t SYBR \t Not in Use \t 1 \t  0,0044 \t {} \t      No Ct \t\n"
    for written, state in (("No Ct", "empty"), ("20,5", "ok")):
        export = read_export(tmp_path, REPORT + row.format(written))
        assert export.records[2].state == state


ARIA = (
    "Well\tWell Name\tWell Type\tDye\tTarget\tReplicate\tThreshold (∆R)\tCq (∆R)\tTm Product 1\n"
    "A1\tS 1\tUnknown\tFAM\tL1\t1\t250.3\t19.83\t82.5\n"
    "A1\tS 1\tUnknown\tHEX\tCG\t1\t250.3\t24.5\t\n"
    "A2\tNTC\tNTC\tFAM\tL1\t2\t250.3\tNo Cq\t\n"
)


def test_tabular_results_of_an_ariamx(tmp_path):
    export = read_export(tmp_path, ARIA, name="p 1 - Tabular Results.txt")
    assert (export.instrument, export.ct_kind, export.plate) == ("Agilent AriaMx", "Cq", "p 1")
    assert [(r.well, r.sample, r.target, r.dye, r.task, r.ct, r.state) for r in export.records] == [
        ("A1", "S 1", "L1", "FAM", "Unknown", 19.83, "ok"),
        ("A1", "S 1", "CG", "HEX", "Unknown", 24.5, "ok"),
        ("A2", "NTC", "L1", "FAM", "NTC", None, "undetermined"),
    ]


def test_tabular_results_in_a_workbook(tmp_path):
    rows = [line.split("\t") for line in ARIA.splitlines()]
    rows[1][7] = 19.83
    sheets = {"Plate Setup": [["Well"]], "Tabular Results": rows}
    export = read_export(tmp_path, workbook(sheets), name="p 1.xlsx")
    assert [(r.well, r.ct_text) for r in export.records] == [
        ("A1", "19.83"),
        ("A1", "24.5"),
        ("A2", "No Cq"),
    ]
    more = workbook(sheets | {"Again": rows})
    assert "several reports in one workbook" in rejection(tmp_path, {"p 1.xlsx": more})


def test_the_report_alone_is_read(tmp_path):
    export = read_export(tmp_path, REPORT.replace("dRn", "dR"))
    assert [(r.well, r.ct) for r in export.records] == [("A1", 2.69), ("A2", None)]


TWO_CTS = "Well\tCt (dRn)\tCt (dR)\nA1\t20.5\t21.5\nA2\t20.5\t21.5\n"
REFUSED = [
    ({"x.txt": data()}, "no results of their plate"),
    ({"run 8.txt": REPORT, "x.txt": data()}, "curves of plate 'run 7', results in run 8.txt"),
    ({"run 7.txt": REPORT, "x.txt": data(dye="FAM")}, "well A1 has a curve of 'FAM'"),
    ({"run 7.txt": REPORT, "x.txt": data(path="")}, "name no run in their first line"),
    ({"run 7.txt": REPORT, "x.txt": data(step=" 3\tR\t 1")}, "0 steps that may be the amplific"),
    (
        {"run 7.txt": REPORT, "x.txt": data() + data(step=" 4\tP\t 1").partition(COLUMNS)[2]},
        "2 steps that may be the amplification; found segment and step '2 P 2', '4 P 1'",
    ),
    ({"run 7.txt": REPORT, "x.txt": data(wells=(1, 97))}, "'97' is no well of a 8x12 plate"),
    ({"run 7.txt": REPORT, "x.txt": data()[:-20]}, "cut off"),
    ({"run 7.txt": REPORT, "x.txt": data() + data().splitlines()[2] + "\n"}, "cycle 1 twice"),
    ({"run 7.txt": REPORT + ROWS[: ROWS.index("  A2")]}, "well A1 has 'SYBR' twice"),
    ({"run 7.txt": REPORT.replace("2,69", "2.69")}, "'2.69' has a point where the file's decimal"),
    ({"run 7.txt": REPORT[:-40]}, "cut off"),
    (
        {
            "run 7.txt": REPORT,
            "x.txt": data().replace(" 2\tP\t 2\t 2\tSYBR\t 5\t  2005\t59.6\n", ""),
        },
        "A2 'SYBR' has 11 of 12 cycles",
    ),
    ({"run 7.txt": TWO_CTS}, "columns 'Ct (dRn)', 'Ct (dR)'; expected one; export one of them"),
]


@pytest.mark.parametrize(("files", "message"), REFUSED)
def test_refusals_are_one_line(tmp_path, files, message):
    assert message in rejection(tmp_path, files)


def test_round_trip_of_an_ariamx(tmp_path):
    plate, _, (record, reactions, curves) = round_trip(tmp_path, "ariamx")
    assert (record.status, curves) == ("read", [])
    assert found(reactions, curves) == [(*row[:4], ()) for row in expected(plate, curve=1)]


def test_round_trip(tmp_path):
    plate, _, (record, reactions, curves) = round_trip(tmp_path, "mx")
    assert record.status == "read", record.reason
    assert found(reactions, curves) == expected(plate, curve=1)
    assert {r.threshold for r in reactions if r.state != "omitted"} == {plate.readout.threshold}
    assert [(r.well, r.state) for r in reactions if r.state == "omitted"] == [("A5", "omitted")]
