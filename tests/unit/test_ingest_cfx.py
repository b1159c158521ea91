"""Bio-Rad CFX: Cq table and curves, joined by the run and the dye that their names tell."""

import pytest
from ingest_exports import codes, read_export, read_folder, rejection, sentences, workbook
from round_trips import expected, found, round_trip

CQ = "run 7 -  Quantification Cq Results.csv"
FAM = "run 7 -  Quantification Amplification Results_FAM.csv"
HEX = "run 7 -  Quantification Amplification Results_HEX.csv"
HEADER = ",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq,Cq Mean,SQ Mean,Well Note\r\n"
# All curves cross 100 RFU at their Cqs: halfway between 50 and 150.
ROWS = (
    ",A01,FAM,F.4/R-7,Unkn-1,S1,,2.5,2.5,NaN,\r\n"
    ",A02,FAM,F.4/R-7,Unkn-2,S2,,3.5,3.5,NaN,\r\n"
    ",A03,FAM,F.4/R-7,NTC,,,NaN,0,NaN,\r\n"
    ",A04,FAM,F.4/R-7,Pos Ctrl,PC,,1.5,1.5,NaN,\r\n"
)
CURVES = (
    ",Cycle,A1,A2,A3,A4\r\n,1,-1.5,0,0,50\r\n,2,50,0,1.25,150\r\n"
    ",3,150,50,0,300\r\n,4,200,150,0,310\r\n,5,210,250,0,310\r\n"
)
GOOD = {CQ: HEADER + ROWS, FAM: CURVES}


def test_cqs_and_curves_of_one_run_join(tmp_path):
    record, reactions, curves = read_folder(tmp_path, GOOD)
    assert (record.status, record.format, record.ct_kind) == ("read", "cfx", "Cq")
    assert [(r.well, r.sample, r.target, r.dye, r.ct, r.ct_text, r.state) for r in reactions] == [
        ("A1", "S1", "F.4/R-7", "FAM", 2.5, "2.5", "ok"),
        ("A2", "S2", "F.4/R-7", "FAM", 3.5, "3.5", "ok"),
        ("A3", "", "F.4/R-7", "FAM", None, "NaN", "undetermined"),
        ("A4", "PC", "F.4/R-7", "FAM", 1.5, "1.5", "ok"),
    ]
    assert [r.role for r in reactions] == ["unknown", "unknown", "ntc", "positive_control"]
    assert {(r.curve_kind, r.n_cycles) for r in reactions} == {("rfu", 5)}
    assert [curve.values[:3] for curve in curves] == [
        (-1.5, 50, 150),
        (0, 0, 50),
        (0, 1.25, 0),
        (50, 150, 300),
    ]
    assert [file.format for file in record.files] == ["cfx", "cfx"]
    assert not {"ct_off_curve", "cts_off_one_line", "curves_missing"} & set(codes(record))


def test_two_dyes_in_one_well_join_by_dye(tmp_path):
    rows = ",A01,FAM,F.4/R-7,Unkn,S1,,2.5,,,\r\n,A01,HEX,ALB,Unkn,S1,,NaN,,,\r\n"
    curves = ",Cycle,A1\r\n,1,{}\r\n,2,{}\r\n,3,{}\r\n"
    files = {CQ: HEADER + rows, FAM: curves.format(0, 50, 150), HEX: curves.format(1, 2, 3)}
    _, reactions, found_curves = read_folder(tmp_path, files)
    assert [(r.target, r.dye) for r in reactions] == [("F.4/R-7", "FAM"), ("ALB", "HEX")]
    assert [curve.values for curve in found_curves] == [(0, 50, 150), (1, 2, 3)]


@pytest.mark.parametrize(
    ("word", "state"),
    [*((word, "undetermined") for word in ("NaN", "N/A", "n. def.", "0", "-1")), ("", "no_data")],
)
def test_faces_of_no_cq(tmp_path, word, state):
    export = read_export(tmp_path, HEADER + f",A01,FAM,T,Unkn,S1,,{word},0,0,\r\n")
    (record,) = export.records
    assert (record.ct, record.ct_text, record.state) == (None, word, state)


def test_a_cq_at_the_last_cycle_of_the_joined_curves_is_not_reached(tmp_path):
    rows = ROWS.replace("3.5,3.5", "5,5")
    record, reactions, _ = read_folder(tmp_path, {CQ: HEADER + rows, FAM: CURVES})
    assert record.status == "read"
    assert [(r.ct, r.ct_text, r.state) for r in reactions][1] == (None, "5", "undetermined")


def test_older_headings_tab_and_decimal_comma(tmp_path):
    text = "\tWell\tFluor\tContent\tSample\tC(t)\t\r\n\tA01\tSYBR\tUnkn\t\t25,79\t\r\n"
    export = read_export(tmp_path, text)
    assert (export.format, export.ct_kind) == ("cfx", "Ct")
    assert [(r.well, r.dye, r.target, r.ct) for r in export.records] == [("A1", "SYBR", "", 25.79)]


def test_a_workbook_has_empty_cells_for_no_cq_and_a_sheet_per_dye(tmp_path):
    header = HEADER.strip().split(",")
    notes = [["File Name", "run 7.pcrd"]]
    files = {
        "run 7 -  Quantification Cq Results.xlsx": workbook(
            {
                "0": [
                    header,
                    ["", "A01", "FAM", "F.4/R-7", "Unkn", "S1", "", 2.5, 2.5],
                    ["", "A02", "FAM", "F.4/R-7", "NTC", "", "", "", 0],
                    ["", "A01", "HEX", "ALB", "Unkn", "S1", "", 1.5, 1.5],
                ],
                "Run Information": notes,
            }
        ),
        "run 7 -  Quantification Amplification Results.xlsx": workbook(
            {
                "FAM": [["", "Cycle", "A1", "A2"], ["", 1, 0, 1], ["", 2, 0, 2], ["", 3, 9, 3]],
                "HEX": [["", "Cycle", "A1", "A2"], ["", 1, 0, ""], ["", 2, 9, ""], ["", 3, 9, ""]],
                "Run Information": notes,
            }
        ),
    }
    _, reactions, curves = read_folder(tmp_path, files)
    assert [(r.well, r.dye, r.ct, r.state) for r in reactions] == [
        ("A1", "FAM", 2.5, "ok"),
        ("A1", "HEX", 1.5, "ok"),
        ("A2", "FAM", None, "undetermined"),
    ]
    assert [curve.values for curve in curves] == [(0, 0, 9), (0, 9, 9), (1, 2, 3)]


def test_the_summary_of_the_same_run_is_not_read_twice(tmp_path):
    summary = "".join(
        f",{well},FAM,F.4/R-7,{content},{sample},{cq},\r\n"
        for well, content, sample, cq in (
            ("A01", "Unkn-1", "S1", "2.5"),
            ("A02", "Unkn-2", "S2", "3.5"),
            ("A03", "NTC", "", "N/A"),
            ("A04", "Pos Ctrl", "PC", "1.5"),
        )
    )
    name = "run 7 -  Quantification Summary.csv"
    text = ",Well,Fluor,Target,Content,Sample,Cq,SQ\r\n" + summary
    record, reactions, _ = read_folder(tmp_path, GOOD | {name: text})
    assert len(reactions) == 4
    assert sentences(record, "file_not_used") == [f"{name} repeats {CQ}, which counts; not used"]


def test_a_well_with_a_curve_and_without_a_row_is_omitted(tmp_path):
    record, reactions, _ = read_folder(
        tmp_path, {CQ: HEADER + ROWS[: ROWS.index(",A04")], FAM: CURVES}
    )
    assert [(r.well, r.state) for r in reactions][3] == ("A4", "omitted")
    assert "missing_from_results" in codes(record)


def test_a_cq_off_the_line_of_the_others_is_found(tmp_path):
    """Six wells cross 100 at 2.5; the seventh has the same curve and Cq 4 (edited, say)."""
    wells = [f"B{n}" for n in range(1, 8)]
    rows = "".join(
        f",B{n:02d},FAM,F.4/R-7,Unkn,S{n},,{4 if n == 7 else 2.5},,,\r\n" for n in range(1, 8)
    )
    curves = ",Cycle," + ",".join(wells) + "\r\n"
    for cycle, value in enumerate((0, 50, 150, 200, 210), 1):
        curves += f",{cycle}," + ",".join([str(value)] * 7) + "\r\n"
    record, reactions, _ = read_folder(tmp_path, {CQ: HEADER + rows, FAM: curves})
    assert sentences(record, "ct_off_curve") == [
        "B7 F.4/R-7: Ct 4, but the curve does not cross the line of the other curves of FAM (100) "
        "there"
    ]
    assert reactions[6].ct == 4


def test_dyes_of_wells_without_a_target_stay_apart(tmp_path):
    rows = ",A01,FAM,,Unkn,S1,,2.5,,,\r\n,A01,HEX,,Unkn,S1,,NaN,,,\r\n"
    curves = ",Cycle,A1\r\n,1,{}\r\n,2,{}\r\n,3,{}\r\n"
    sheet = "well,target,assay\nA1,FAM,F.4/R-7\nA1,HEX,ALB\n"
    files = {CQ: HEADER + rows, FAM: curves.format(0, 50, 150), HEX: curves.format(1, 2, 3)}
    record, reactions, found_curves = read_folder(tmp_path, files | {"samplesheet.csv": sheet})
    assert record.status == "read", record.reason
    assert [(r.assay, r.dye, r.ct) for r in reactions] == [
        ("F.4/R-7", "FAM", 2.5),
        ("ALB", "HEX", None),
    ]
    assert [curve.values for curve in found_curves] == [(0, 50, 150), (1, 2, 3)]


@pytest.mark.parametrize("header", ["Time,Step,Cycle,A1,A2", ",Cycle,A1,Mean", ",Cycle,,"])
def test_other_tables_of_cycles_are_not_used(tmp_path, header):
    name = "run 7 -  Quantification Amplification Results_HEX.csv"
    record, _, _ = read_folder(tmp_path, GOOD | {name: f"{header}\r\n,1,0,0\r\n"})
    assert record.status == "read", record.reason
    assert [f.subject for f in record.noticed if f.code == "file_not_used"] == [name]


# The lines that curves cross


def targets_of_a_dye(cqs):
    """Wells of rows A, B … with four Cqs each, a target a row; all curves cross 100 at 2.5."""
    wells = [(f"{row}{column}", cq) for row in cqs for column, cq in enumerate(cqs[row], 1)]
    rows = "".join(
        f",{well[0]}0{well[1]},FAM,T{well[0]},Unkn,S{well[1]},,{cq},,,\r\n" for well, cq in wells
    )
    curves = ",Cycle," + ",".join(well for well, _ in wells) + "\r\n"
    for cycle, value in enumerate((0, 50, 150, 200, 210), 1):
        curves += f",{cycle}," + ",".join([str(value)] * len(wells)) + "\r\n"
    return {CQ: HEADER + rows, FAM: curves}


def test_targets_with_a_line_each_are_a_warning(tmp_path):
    """Three thresholds in one dye: 100, 180 (Cq 3.6) and 20 (Cq 1.4)."""
    files = targets_of_a_dye({"A": [2.5] * 4, "B": [3.6] * 4, "C": [1.4] * 4})
    record, reactions, _ = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert [r.ct for r in reactions] == [2.5] * 4 + [3.6] * 4 + [1.4] * 4
    assert sentences(record, "cts_off_one_line") == [
        f"{CQ}: 8 of 12 curves of FAM do not cross one line at their Cts; "
        "compare threshold and Cts with the instrument's screen"
    ]


@pytest.mark.parametrize(
    "cqs",
    [
        {"A": [2.5] * 4, "B": [3.6] * 4, "C": [1.4] * 2 + [3.6] * 2},
        {"A": [2.5] * 4, "B": [3.6] * 4, "C": [1.4] * 2},
        {"A": [2.5] * 4 + [3.6] * 3 + [1.4]},
    ],
    ids=["one target off", "too few of one", "one target"],
)
def test_curves_without_any_line_are_refused(tmp_path, cqs):
    message = rejection(tmp_path, targets_of_a_dye(cqs))
    assert "or were not analysed with one threshold; export Cts and curves of one run" in message


@pytest.mark.parametrize(
    ("off", "code"), [(1, "ct_off_curve"), (2, "cts_off_one_line"), (3, "cts_off_one_line")]
)
def test_how_many_are_off_decides(tmp_path, off, code):
    """Of seven: a fifth or less are told one by one, half or more would be of another run."""
    files = targets_of_a_dye({"A": [3.6] * off + [2.5] * (7 - off)})
    record, _, _ = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert {"ct_off_curve", "cts_off_one_line"} & set(codes(record)) == {code}


def test_two_cts_show_no_line(tmp_path):
    record, _, _ = read_folder(tmp_path, targets_of_a_dye({"A": [1.4, 3.6]}))
    assert record.status == "read", record.reason
    assert not {"ct_off_curve", "cts_off_one_line"} & set(codes(record))


REFUSED = [
    (
        {CQ: HEADER.replace("Well Note", "C(t)") + ROWS},
        "columns 'Cq', 'C(t)'; expected one of Cts",
    ),
    ({CQ: HEADER + ROWS, FAM: CURVES[: CURVES.index(",1,-")]}, "no cycles below the header"),
    (
        {CQ: HEADER + ROWS, FAM: ",Cycle,A1\r\n" + "".join(f",{n},0\r\n" for n in range(1, 202))},
        "more than 200 cycles; expected one run",
    ),
    (
        {CQ: HEADER + ROWS, FAM: CURVES, HEX: CURVES[: CURVES.index(",5,")]},
        "curves of different lengths",
    ),
    ({FAM: CURVES}, "no results of their plate"),
    (
        {CQ: HEADER + ROWS, FAM.replace("run 7", "run 8"): CURVES},
        "curves of plate 'run 8', results in run 7 - Quantification Cq Results.csv of plate ",
    ),
    ({"cq.csv": HEADER + ROWS, FAM: CURVES}, "curves of plate 'run 7', results in cq.csv"),
    (
        {CQ: HEADER + ROWS, "amplification.csv": CURVES},
        "the name tells no run; keep the file names",
    ),
    (
        {CQ: HEADER + ROWS, FAM.replace("_FAM", ""): CURVES},
        "the name tells no dye; keep the file names of CFX",
    ),
    ({CQ: HEADER + ROWS, HEX: CURVES}, "well A1 has a curve of 'HEX'"),
    ({CQ: HEADER + ROWS, FAM: CURVES.replace(",A4", ",A3")}, "a well has two columns"),
    ({CQ: HEADER + ROWS, FAM: CURVES.replace(",3,150", ",4,150")}, "cycle '4' where cycle 3"),
    ({CQ: HEADER + ROWS, FAM: CURVES[:-8]}, "cut off"),
    ({CQ: HEADER + ROWS[:-20]}, "cut off"),
    ({CQ: HEADER + ROWS + ",A01,FAM,F.4/R-7,Unkn,S1,,9,9,,\r\n"}, "has 'F.4/R-7' twice"),
    ({CQ: HEADER + ROWS.replace("2.5,2.5", "2.5x,2.5")}, "Cq of A1 is '2.5x'; expected a number"),
    ({CQ: HEADER + ROWS.replace("A04", "Q04")}, "'Q04' is no well"),
    ({CQ: HEADER + ROWS.replace("2.5,2.5", "2,5,2.5")}, "12 cells where the header has 11"),
    (
        # The curves of another plate under the names of this one: none crosses at its Cq.
        {CQ: HEADER + ROWS.replace("2.5,", "4.2,").replace("1.5,", "3.8,"), FAM: CURVES},
        "do not cross one line at their Cts; the curves seem to be of another run, or were not",
    ),
]


@pytest.mark.parametrize(("files", "message"), REFUSED)
def test_refusals_are_one_line(tmp_path, files, message):
    assert message in rejection(tmp_path, files)


def test_a_summary_that_differs_is_refused(tmp_path):
    text = ",Well,Fluor,Target,Content,Sample,Cq,SQ\r\n,A01,FAM,F.4/R-7,Unkn-1,S1,2.9,\r\n"
    files = GOOD | {"run 7 -  Quantification Summary.csv": text}
    assert "curves that may be of" in rejection(tmp_path, files)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("cfx", 2),
        ("cfx_workbook", 2),
        ("cfx_xml", 3),
    ],
)
def test_round_trip(tmp_path, name, files):
    plate, folder, (record, reactions, curves) = round_trip(tmp_path, name)
    assert record.status == "read", record.reason
    assert found(reactions, curves) == expected(plate, curve=2)
    assert [(r.well, r.state) for r in reactions if r.state == "omitted"] == [("A5", "omitted")]
    assert len([path for path in folder.iterdir() if path.is_file()]) == files
    assert {file.kind for file in record.files if file.name.startswith(plate.name)} == {"export"}
