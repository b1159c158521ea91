"""SDS v1: results, curves exported apart from them, and how the two are joined."""

import pytest
from ingest_exports import codes, read_export, read_folder, rejection, sentences

from breakpoint_pcr.ingest.export import Record
from breakpoint_pcr.tables import CurveKind, State

ABOVE = (
    "Document Name: Plate 7 \r\nPlate Type: Absolute Quantification\r\nUser: user1\r\n\r\n"
    "Operator: user1\r\nRun Date: Wednesday, December 12, 2007 12:30:20\r\n"
    "Last Modified: Thursday, December 13, 2007 14:06:01\r\n"
    "Instrument Type: Applied Biosystems 7500 Real-Time PCR System\r\n\r\nComments:\r\nSDS v1.4\r\n"
    "\r\n"
)
HEAD = "Well,Sample Name,Detector,Task,Ct,StdDev Ct,Qty,Mean Qty,StdDev Qty,Filtered,Tm\r\n"
ROWS = (
    "A1,S1,F.4/R-7,Unknown,3.25,0.2,,,,,\r\n"
    "A2,S1,ALB,EndogControl,Undetermined,,,,,,\r\n"
    "A3,,ALB,NTC,36.00,,,,,,\r\n"
    "A4,,,,,,,,,,\r\n"
)
PLAIN = ABOVE + HEAD + ROWS
# Rn over five cycles; ΔRn = Rn - 1. The third curve crosses nothing.
RISING = (1.0, 0.9, 1.1, 1.5, 2.0)
FLAT = (1.0, 1.01, 0.99, 1.0, 1.0)


def blocks(*rows):
    """A clipped export: Well, Detector, Rn and Delta Rn blocks."""
    cycles = "\t".join("12345")
    lines = [f"SDS v1.4\tClipped\nWell\tDetector\tRn\t{cycles}\tDelta Rn\t{cycles}\n"]
    for well, target, rn in rows:
        values = "\t".join(map(str, rn))
        delta = "\t".join(f"{value - 1:.2f}" for value in rn)
        lines.append(f"{well}\t{target}\t\t{values}\t\t{delta}\n")
    return "".join(lines)


def single(*rows, head="Well,Detector,Reporter Dye"):
    """A plain table of one kind; wells are numbers."""
    cycles = ",".join(f"Cycle {i}" for i in range(1, 6))
    lines = [f"{head},{cycles}\n"]
    lines += [f"{well},{target},FAM,{','.join(map(str, v))}\n" for well, target, v in rows]
    return "".join(lines)


CURVES = blocks(("A1", "F.4/R-7", RISING), ("A2", "ALB", FLAT), ("A3", "ALB", FLAT))


def test_results(tmp_path):
    export = read_export(tmp_path, PLAIN)
    head = (export.format, export.instrument, export.software, export.run_date, export.plate)
    assert head == (
        *("abi_sds1", "Applied Biosystems 7500 Real-Time PCR System", "SDS v1.4"),
        *("2007-12-12", "Plate 7"),
    )
    ok, missing = State.OK, State.UNDETERMINED
    assert export.records == (
        Record("A1", "S1", "F.4/R-7", "Unknown", "", ok, 3.25, "3.25"),
        Record("A2", "S1", "ALB", "EndogControl", "", missing, None, "Undetermined"),
        Record("A3", "", "ALB", "NTC", "", ok, 36.0, "36.00"),
    )
    assert export.empty_wells == {"A4"}
    assert (export.n_cycles, export.noticed) == (None, ())


def test_the_upper_lines_may_be_cut_off(tmp_path):
    text = HEAD.replace(",Ct,StdDev", ",CT,Std. Dev.") + ROWS
    assert read_export(tmp_path, text).records == read_export(tmp_path, PLAIN, name="b").records


STUDY = (
    "Exported RQ Study Well Information,,,\nInstrument Type: Applied Biosystems 7000,,\n,,\n"
    "Data Collection : Stage 3\n,,\nCalibrator, CMO,,\n,,\n"
    "Plate,Well ID,Well,Sample,Detector,Ct,Ct std err,Omit,Filtered,Threshold,Auto Ct,Baseline,"
    "Start,End\n,,,,,,,,,,,,,\n"
)


def test_a_study(tmp_path):
    rows = (
        "run4,61,F1,S 1,Gene1,29.233,0.019,,,0.387662,Auto,Auto,1,23\n"
        "run4,89,H5,NTC,Gene1,Undet.,,true,,0.387662,Auto,Auto,1,26\n"
    )
    export = read_export(tmp_path, STUDY + rows)
    fit = {"threshold": 0.387662, "baseline_start": 1}
    state = State.OMITTED
    assert export.records == (
        Record("F1", "S 1", "Gene1", "", "", State.OK, 29.233, "29.233", baseline_end=23, **fit),
        Record("H5", "NTC", "Gene1", "", "", state, None, "Undet.", baseline_end=26, **fit),
    )
    assert export.plate == "run4"


@pytest.mark.parametrize(("mark", "omitted"), [("X", True), ("Yes", True), ("False", False)])
def test_any_mark_in_the_column_omit_omits(tmp_path, mark, omitted):
    """Which word the software writes is not known, so that a word for no is the exception."""
    row = f"run4,61,F1,S 1,Gene1,29.233,0.019,{mark},,0.387662,Auto,Auto,1,23\n"
    state = read_export(tmp_path, STUDY + row).records[0].state
    assert state is (State.OMITTED if omitted else State.OK)


# Read by a laboratory's own program: the second detector of a well has a row without a well.
DUPLEX = (
    "A1,S1,F.4/R-7,Unknown,30.25,0.2,,,,,\r\n"
    ",,ALB,Unknown,24.10,,,,,,\r\n"
    "A2,NTC,F.4/R-7,NTC,Undetermined,,,,,,\r\n"
    ",NTC,ALB,NTC,Undetermined,,,,,,\r\n"
)


def test_a_second_detector_has_a_row_without_a_well(tmp_path):
    records = read_export(tmp_path, ABOVE + HEAD + DUPLEX).records
    assert [(r.well, r.sample, r.target, r.task, r.ct) for r in records] == [
        ("A1", "S1", "F.4/R-7", "Unknown", 30.25),
        ("A1", "S1", "ALB", "Unknown", 24.10),
        ("A2", "NTC", "F.4/R-7", "NTC", None),
        ("A2", "NTC", "ALB", "NTC", None),
    ]


def test_curves_of_a_second_detector_have_a_row_without_a_well(tmp_path):
    curves = blocks(("A1", "F.4/R-7", RISING), ("", "ALB", FLAT))
    _, reactions, found = read_folder(tmp_path, {"a.csv": ABOVE + HEAD + DUPLEX, "b.txt": curves})
    assert [(r.target, r.curve_kind) for r in reactions if r.well == "A1"] == [
        ("F.4/R-7", CurveKind.DELTA_RN),
        ("ALB", CurveKind.DELTA_RN),
    ]
    assert found[1].values == (0.0, 0.01, -0.01, 0.0, 0.0)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (",,ALB,Unknown,24.10,,,,,,\r\n", "line 14: no well, and none in the row above; "),
        ("A4,,,,,,,,,,\r\n,,ALB,Unknown,24,,,,,,\r\n", "line 15: no well, and none in the row "),
        (
            "".join(f"A{i},,ALB,Unknown,25.10,,,,,,\r\n" for i in range(1, 6))
            + "A6,,GUS,Unknown,24,,,,,,\r\n,,ALB,Unknown,24,,,,,,\r\n",
            "line 20: no well, which most rows of this detector have; export again",
        ),
        (DUPLEX + ",,ALB,NTC,25.10,,,,,,\r\n", "line 18: well A2 has target 'ALB' twice; "),
        (DUPLEX + ",S3,GUS,Unknown,25.10,,,,,,\r\n", "well A2 holds 'NTC' and 'S3'; one sample "),
    ],
)
def test_a_row_without_a_well_that_fits_none_is_refused(tmp_path, rows, reason):
    assert reason in rejection(tmp_path, {"a.csv": ABOVE + HEAD + rows})


# Written by SDS v1 for the menu Export, Ct; and by the software of an ABI PRISM 7700.
CTS_ALONE = (
    "Detector,Reporter,Start,End,Threshold\nSYBR,SYBR,(Auto),(Auto),Auto:0.554813\n"
    "Well,SampleName,Start,End,Ct\n1,S 1,1,17,24.0792\n2,S 1,1,30\n"
)
PRISM = (
    "Well\tReporter\tType\tBaseline StdDev\tdeltaRn\tCt\tQuantity\tSample Name\n"
    "1\tFAM\tUNKN\t2.5e-03\t2.98\t40\t-1.0\tS1\n"
)


def test_tables_that_do_not_tell_omitted_from_not_reached_are_refused(tmp_path):
    assert rejection(tmp_path, {"a.csv": CTS_ALONE}) == (
        "a.csv: the export of Cts alone, in which a blank may be a well that was not reached or "
        "one that was omitted; export Results instead"
    )
    (tmp_path / "b").mkdir()
    assert rejection(tmp_path / "b", {"a.txt": PRISM}).startswith(
        "a.txt: results of an ABI PRISM 7700, which name no detector "
    )


def test_the_export_of_cts_beside_the_results_is_not_used(tmp_path):
    record, reactions, _ = read_folder(tmp_path, {"a.csv": PLAIN, "b.csv": CTS_ALONE})
    assert (record.status, len(reactions)) == ("read", 3)
    assert "file_not_used" in codes(record)


def test_a_chinese_windows_writes_the_date_its_own_way(tmp_path):
    text = PLAIN.replace("Wednesday, December 12, 2007", "2007年12月12日").replace("S1", "样本")
    export = read_export(tmp_path, text.encode("gb18030"))
    assert (export.run_date, export.records[0].sample) == ("2007-12-12", "样本")


def test_a_study_of_two_plates_is_refused(tmp_path):
    rows = "p1,1,A1,S,G,20,,,,0.2,,,1,9\np2,1,A1,S,G,21,,,,0.2,,,1,9\n"
    assert rejection(tmp_path, {"a.csv": STUDY + rows}) == (
        "a.csv: plates 'p1', 'p2' in one study; expected one plate a file; export each plate's own "
        "document"
    )


def test_curves_join_their_results(tmp_path):
    record, reactions, curves = read_folder(tmp_path, {"a.csv": PLAIN, "b.txt": CURVES})
    assert record.status == "read"
    assert [file.format for file in record.files] == ["abi_sds1", "abi_sds1_curves"]
    assert [(c.well, c.values) for c in curves][:2] == [
        ("A1", (0.0, -0.1, 0.1, 0.5, 1.0)),
        ("A2", (0.0, 0.01, -0.01, 0.0, 0.0)),
    ]
    assert {(r.curve_kind, r.n_cycles) for r in reactions} == {(CurveKind.DELTA_RN, 5)}
    assert "no_curves" not in codes(record)


def test_a_ct_at_the_last_cycle_is_not_reached_once_the_curves_are_there(tmp_path):
    """The results alone do not tell how many cycles were run: 36 of 5 is none."""
    _, reactions, _ = read_folder(tmp_path, {"a.csv": PLAIN, "b.txt": CURVES})
    assert [(r.ct, r.ct_text, r.state) for r in reactions][2] == (
        *(None, "36.00"),
        State.UNDETERMINED,
    )


@pytest.mark.parametrize(
    ("shift", "kind"), [(0, CurveKind.RN), (1, CurveKind.DELTA_RN)], ids=["Rn", "ΔRn"]
)
def test_the_values_tell_rn_from_delta_rn(tmp_path, shift, kind):
    rows = [(n, t, [round(v - shift, 2) for v in values]) for n, t, values in SINGLE]
    export = read_export(tmp_path, single(*rows))
    assert {record.curve_kind for record in export.records} == {kind}
    assert [record.well for record in export.records] == ["A1", "A2", "A3"]


SINGLE = (("1", "F.4/R-7", RISING), ("2", "ALB", FLAT), ("3", "ALB", FLAT))


def test_rn_and_delta_rn_in_two_files(tmp_path):
    """ΔRn serves, whatever the order of the files."""
    delta = [(n, t, [round(v - 1, 2) for v in values]) for n, t, values in SINGLE]
    files = {"a.csv": PLAIN, "b.csv": single(*SINGLE), "c.csv": single(*delta)}
    record, reactions, curves = read_folder(tmp_path, files)
    assert record.status == "read"
    assert {r.curve_kind for r in reactions} == {CurveKind.DELTA_RN}
    assert curves[0].values == (0.0, -0.1, 0.1, 0.5, 1.0)


def test_a_reaction_without_a_curve_is_said(tmp_path):
    files = {"a.csv": PLAIN, "b.txt": blocks(("A1", "F.4/R-7", RISING))}
    record, _, _ = read_folder(tmp_path, files)
    assert sentences(record, "curves_missing") == ["2 of 3 reactions have no curve: A2 ALB, A3 ALB"]


@pytest.mark.parametrize(
    ("curves", "reason"),
    [
        (
            blocks(("A1", "ALB", RISING)),
            "b.txt: well A1 has a curve of 'ALB', the results in a.csv have 'F.4/R-7'; expected "
            "one and the same reaction; take the file of the other plate out of the folder, or "
            "export both again",
        ),
        (
            blocks(("H9", "ALB", FLAT)),
            "b.txt: a curve of well H9, which the results in a.csv do not hold (3 wells); expected "
            "one plate; take the file of the other plate out of the folder, or export both again",
        ),
        (
            blocks(("A1", "F.4/R-7", RISING), ("A1", "F.4/R-7", FLAT)),
            "b.txt: well A1 'F.4/R-7' has two curves; expected one; take the file of the other "
            "plate out of the folder",
        ),
        (
            single(("1", "F.4/R-7", RISING), ("2", "ALB", (0.0, 0.1, -0.1, 0.0, 0.0))),
            "b.txt: 1 of 2 curves go to 0 or below, which Rn never does and delta Rn always does; "
            "expected one of the two; export Rn and Delta Rn again",
        ),
        (
            blocks(("A1", "F.4/R-7", RISING)).replace("\t0.50\t1.00", ""),
            "b.txt line 3: the row ends before its last cycle; the file is cut off; export again",
        ),
        (
            blocks(("A1", "F.4/R-7", RISING)).replace("Rn\t1\t2", "Rn\t2\t1", 1),
            "b.txt line 2: column '2' where cycle 1 was expected; export again",
        ),
        (
            blocks(("A1", "F.4/R-7", RISING)).replace("\t5\tDelta", "\tDelta"),
            "b.txt line 2: blocks of different lengths: 'Rn 4', 'dRn 5'; export again",
        ),
        (
            blocks(("97", "F.4/R-7", RISING)),
            "b.txt line 3: '97' is no well of a 8x12 plate; export again",
        ),
    ],
)
def test_a_doubtful_join_is_refused(tmp_path, curves, reason):
    assert rejection(tmp_path, {"a.csv": PLAIN, "b.txt": curves}) == reason


def test_a_decimal_comma_in_a_comma_separated_file_is_refused(tmp_path):
    """3,25 must not be read as 3, nor the curve be moved by a cell."""
    rows = PLAIN.replace("3.25,0.2,,,,,", "3,25,0.2,,,,,")
    assert rejection(tmp_path, {"a.csv": rows}).startswith(
        "a.csv line 14: 12 cells where the header has 11; "
    )
    (tmp_path / "curves").mkdir()
    curves = single(*SINGLE).replace("0.9,1.1", "0,9,1.1")
    assert rejection(tmp_path / "curves", {"a.csv": PLAIN, "b.csv": curves}).startswith(
        "b.csv line 2: 9 cells where the header has 8; "
    )


def test_curves_alone_are_refused(tmp_path):
    assert rejection(tmp_path, {"b.txt": CURVES}) == (
        "b.txt: curves, but no results of their plate; expected both (format abi_sds1); export the "
        "results too"
    )


def test_curves_of_two_plates_are_refused(tmp_path):
    other = PLAIN.replace("Plate 7", "Plate 8").replace("A1,", "B1,").replace("A2,", "B2,")
    files = {"a.csv": PLAIN, "c.csv": other.replace("A3,", "B3,"), "b.txt": CURVES}
    assert rejection(tmp_path, files) == (
        "b.txt: curves that may be of 'a.csv', 'c.csv'; expected one plate a folder; take the file "
        "of the other plate out of the folder"
    )


def plate_of(cts):
    """Results and curves: each ΔRn doubles from 2**-ct and passes 1 at its Ct, by hand."""
    rows = [f"A{i},S{i},ALB,Unknown,{ct:.2f},,,,,,\r\n" for i, ct in enumerate(cts, 1)]
    return ABOVE + HEAD + "".join(rows)


def doubling(cts):
    head = "Well\tDetector\tRn\t" + "\t".join(map(str, range(1, 13)))
    lines = [head.replace("Rn", "Delta Rn") + "\n"]
    for i, ct in enumerate(cts, 1):
        values = [0.0 if c < 3 else 2.0 ** (c - ct) for c in range(1, 13)]
        lines.append(f"A{i}\tALB\t\t" + "\t".join(f"{v:.5f}" for v in values) + "\n")
    return "".join(lines)


def test_a_ct_off_the_line_of_its_target_is_said(tmp_path):
    """Five curves pass 1 at whole cycles; the Ct of the last one was typed as 9 in place of 8."""
    files = {"a.csv": plate_of([4, 5, 6, 7, 7, 9]), "b.txt": doubling([4, 5, 6, 7, 7, 8])}
    record, _, _ = read_folder(tmp_path, files)
    assert [f.subject for f in record.noticed if f.code == "ct_off_curve"] == ["A6"]


def test_curves_of_another_run_are_refused(tmp_path):
    files = {"a.csv": plate_of([4, 5, 6, 7]), "b.txt": doubling([7, 6, 5, 4])}
    assert "seem to be of another run" in rejection(tmp_path, files)
