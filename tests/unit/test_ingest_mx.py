"""Agilent Mx: text report and instrument data, joined by the run that their names tell."""

import pytest
from ingest_exports import read_export, read_folder, rejection
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


def test_the_report_alone_is_read(tmp_path):
    export = read_export(tmp_path, REPORT.replace("dRn", "dR"))
    assert [(r.well, r.ct) for r in export.records] == [("A1", 2.69), ("A2", None)]


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
]


@pytest.mark.parametrize(("files", "message"), REFUSED)
def test_refusals_are_one_line(tmp_path, files, message):
    assert message in rejection(tmp_path, files)


def test_round_trip(tmp_path):
    plate, _, (record, reactions, curves) = round_trip(tmp_path, "mx")
    assert record.status == "read", record.reason
    assert found(reactions, curves) == expected(plate, curve=1)
    assert {r.threshold for r in reactions if r.state != "omitted"} == {plate.readout.threshold}
    assert [(r.well, r.state) for r in reactions if r.state == "omitted"] == [("A5", "omitted")]
