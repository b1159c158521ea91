"""SDS 2 of the 7900HT: layouts of 2.1, 2.3, 2.4, and of RQ Manager; the values are made up."""

import pytest
from ingest_exports import codes, read_export, read_folder, rejection

from breakpoint_pcr.ingest.export import Record
from breakpoint_pcr.tables import State

ABOVE = (
    "SDS 2.3\tAQ Results\t1.0\nFilename\tPlate 7\nPlateID\t\n"
    "Assay Type\tAbsolute Quantification\nRun DateTime\t8/23/11 12:10:33 PM\nOperator\t\n"
    "ThermalCycleParams\t\n\nSample Information\n\n"
)
HEAD = (
    "Well\tSample Name\tDetector Name\tReporter\tTask\tCt\tQuantity\tCt Mean\tBaseline Type\t"
    "Baseline Start\tBaseline Stop\tThreshold Type\tThreshold\tFOS\tHMD\t\n"
)
ROWS = (
    "25\tS1\tF.4/R-7\tFAM\tUnknown\t29.028391\t\t\tManual\t3\t15\tManual\t0.1\t\t\t\n"
    "26\tS1\tALB\tVIC\tUnknown\tUndetermined\t\t\tManual\t3\t15\tManual\t0.1\t\ttrue\t\n"
    "384\tW\tALB\tVIC\tNTC\t\t\t\tAutomatic\t\t\tManual\t0.1\t\t\t\n"
    "383\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\n"
)
BELOW = "Slope\t\tcycles/log decade\nY-Intercept\t\t\nR^2\t\t\n\n\n\nNAP\tLPL\n\t"
PLAIN = ABOVE + HEAD + ROWS + BELOW


def test_results_of_a_plate(tmp_path):
    export = read_export(tmp_path, PLAIN)
    head = (export.format, export.instrument, export.software, export.run_date, export.plate)
    assert head == (
        *("abi_sds2", "Applied Biosystems 7900HT", "SDS 2.3"),
        *("2011-08-23", "Plate 7"),
    )
    fit = {"threshold": 0.1, "baseline_start": 3, "baseline_end": 15}
    word, missing = "Undetermined", State.UNDETERMINED
    ct, ok = 29.028391, State.OK
    assert export.records == (
        Record("B1", "S1", "F.4/R-7", "Unknown", "FAM", ok, ct, "29.028391", **fit),
        Record("B2", "S1", "ALB", "Unknown", "VIC", missing, None, word, flags=("HMD",), **fit),
        Record("P24", "W", "ALB", "NTC", "VIC", State.NO_DATA, None, "", threshold=0.1),
    )
    assert (export.plate_wells, export.n_cycles) == (384, None)
    assert export.empty_wells == {"P23"}


def test_each_detector_has_a_table(tmp_path):
    """Those of detectors that the plate does not use are empty."""
    first, second, *rest = ROWS.splitlines(keepends=True)
    foot = BELOW.split("\n\n", maxsplit=1)[0] + "\n\n\n"
    tables = (HEAD + rows + foot for rows in ("", first, "", second + "".join(rest), ""))
    export = read_export(tmp_path, ABOVE + "".join(tables) + "\nNAP\tLPL\n\t")
    assert export.records == read_export(tmp_path, PLAIN, name="b").records


def test_positions_tell_a_plate_of_96(tmp_path):
    """Where the table has the column Plate Position."""
    head = HEAD.replace("Well\t", "Well\tPlate Position\t")
    rows = "13\tB1\tS1\tALB\tVIC\tUnknown\t24.5\t\t\tManual\t3\t15\tManual\t0.1\t\t\t\n"
    export = read_export(tmp_path, ABOVE.replace("2.3", "2.4") + head + rows + BELOW)
    assert [(r.well, r.ct) for r in export.records] == [("B1", 24.5)]
    assert (export.plate_wells, export.software) == (96, "SDS 2.4")


# SDS 2.1: a study of relative quantification, with a summary below it.
RQ = (
    "SDS 2.1RQ Results\t1.0\nFilename\tE1.sdm\nAssay Type\tRQ Study\nEmbeddedFile\tE1\n"
    "Run DateTime\tThu Nov 01 00:00:01 CET 2007\nOperator\nThermalCycleParams\n\n"
    "Well\tPlateID\tSample\tDetector\tTask\tCt\tdelta Rn\tCt Avg\tBaseline Type\t"
    "Baseline Start\tBaseline Stop\tThreshold\tFilename\n"
    "100\t\tS1\tALB\tTarget\t35.52575\t1.41\t\tAutomatic\t\t\t0.2\tE1\n"
    "101\t\tNTC\tALB\tTarget\tUndetermined\tUndetermined\t\tAutomatic\t\t\t0.2\tE1\n"
    "\nSummary Data for Study E1.sdm\nEndogenous Control\tALB\n"
    "PlateID\tSample\tDetector\tAvg delta Ct\tRQ\tRQ Min\tThreshold\n\tS1\tALB\t\t\t\t0.2\n"
)
# SDS 2.3, RQ Manager: wells in the column Pos, a column Omit, blank cells at the end left out.
MANAGER = (
    "SDS 2.3 RQ Results\t1.2\rFilename\tall.sdm\rAssay Type\tRQ Study\rEmbeddedFile\tFileA\r"
    "Run DateTime\tFri May 15 17:10:28 BST 2009\r"
    "#  \tPlate\tPos\tFlag\tSample\tDetector\tTask\tCt\tDelta Ct\tOmit\tHMD\tFOS\r"
    "1\tP1\tA1\tPassed\tS1\tALB\tEndogenous Control\t24.463166\t\tFALSE\t\t\r"
    "25\tP1\tB1\tFlagged\tS1\tF.4/R-7\tTarget\tUndetermined\t\tFALSE\r"
    "26\tP1\tB2\tPassed\tS2\tALB\tTarget\t23.1\t\tTRUE\t\tTRUE\r"
)


def test_studies(tmp_path):
    export = read_export(tmp_path, RQ)
    found = [(r.well, r.sample, r.target, r.ct, r.ct_text) for r in export.records]
    assert found == [
        ("E4", "S1", "ALB", 35.52575, "35.52575"),
        ("E5", "NTC", "ALB", None, "Undetermined"),
    ]
    assert (export.run_date, export.software) == ("2007-11-01", "SDS 2.1")
    export = read_export(tmp_path, MANAGER, name="b")
    assert [(r.well, r.target, r.state, r.flags) for r in export.records] == [
        ("A1", "ALB", State.OK, ()),
        ("B1", "F.4/R-7", State.UNDETERMINED, ()),
        ("B2", "ALB", State.OMITTED, ("FOS",)),
    ]
    assert export.run_date == "2009-05-15"


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("10/6/10 7:56:11 PM", ""),
        ("10/10/10 7:56:11 PM", "2010-10-10"),
        ("31/03/15 8:32", "2015-03-31"),
        ("3/31/2015 8:32:00 AM", "2015-03-31"),
        ("31/31/15 8:32", ""),
    ],
)
def test_a_date_of_two_meanings_is_left_out(tmp_path, said, date):
    text = PLAIN.replace("8/23/11 12:10:33 PM", said)
    assert read_export(tmp_path, text).run_date == date


def test_the_upper_lines_may_be_cut_off(tmp_path):
    records = read_export(tmp_path, HEAD + ROWS).records
    assert records == read_export(tmp_path, PLAIN, name="b").records


def test_curves_beside_the_results_are_not_used(tmp_path):
    """Their layout is not known; positives without a curve go to review."""
    other = "SDS 2.3\tAQ Clipped\t1.0\nWell\tSample\tDetector\t1\t2\t3\n25\tS1\tALB\t0\t0\t1\n"
    record, reactions, curves = read_folder(tmp_path, {"a.txt": PLAIN, "b.txt": other})
    assert (record.status, len(reactions), curves) == ("read", 3, [])
    assert {"file_not_used", "no_curves"} <= set(codes(record))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            ABOVE + HEAD + ROWS,
            "a.txt: no standard curve below the last table; the file is cut off; copy or export it "
            "again",
        ),
        (
            PLAIN + HEAD.replace("Ct Mean", "Mean Ct") + ROWS,
            "a.txt line 24: a row without a well within the table, or rows below its end; the "
            "file is damaged or edited; export again",
        ),
        (
            ABOVE + HEAD + ROWS.partition("384")[0] + BELOW,
            "a.txt: wells are numbers up to 26, and nothing says whether of a plate of 96 or of "
            "384 wells; write the positions (A1, A2, ...) into the column Well",
        ),
        (
            MANAGER.replace("26\tP1", "26\tP2"),
            "a.txt: plates 'P1', 'P2' in one study; expected one plate a file; export each "
            "plate's own document",
        ),
        (
            PLAIN.replace("26\tS1", "2x6\tS1"),
            "a.txt line 13: a row without a well within the table, or rows below its end; the "
            "file is damaged or edited; export again",
        ),
        (
            PLAIN.replace("26\tS1", "Slope\t\t\n26\tS1"),
            "a.txt line 14: a row without a well within the table, or rows below its end; the "
            "file is damaged or edited; export again",
        ),
        (
            PLAIN.replace("384\tW", "385\tW"),
            "a.txt line 14: '385' is no well of a 16x24 plate; the file is damaged or edited; "
            "export again",
        ),
        (
            PLAIN.replace("26\tS1\tALB", "25\tS1\tF.4/R-7"),
            "a.txt line 13: well B1 has target 'F.4/R-7' twice; expected one row each; "
            "export again",
        ),
        (
            "SDS 2.4\tAD Results\t1.0\nWell\tCall\n1\tBoth\n",
            "a.txt: SDS 2.4 AD Results: no Ct of a well in it; export AQ Results as text instead",
        ),
    ],
)
def test_refusals_are_one_line(tmp_path, text, reason):
    assert rejection(tmp_path, {"a.txt": text}) == reason
