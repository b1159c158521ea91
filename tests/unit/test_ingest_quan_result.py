"""Tables Quan. Result and Quan. AmpData of Chinese instruments, as a csv and as a workbook.

The headings are those that two programs which read such exports name; the values are ours.
"""

import pytest
from ingest_exports import codes, read_export, read_folder, rejection, sentences, workbook
from round_trips import expected, found, round_trip

HEADER = "Well,Sample ID,Property,Target,Dye,Ct,Ct Mean,Ct SD,Concentration,Aver. Con.,Con. SD\r\n"
ROWS = (
    "A01,S1,Unknown,F.4/R-7,FAM,3.25,,,,,\r\n"
    "A01,S1,Unknown,ALB,VIC,,,,,,\r\n"
    "A02,,NTC,F.4/R-7,FAM,,,,,,\r\n"
    "A03,S2,Unknown,F.4/R-7,FAM,,,,,,\r\n"
    "A04,,,,FAM,,,,,,\r\n"
)
CURVES = (
    "Well,Sample ID,Property,Target,Dye,1,2,3,4\r\n"
    "A01,S1,Unknown,F.4/R-7,FAM,0.5,-1.25,40,90\r\n"
    "A01,S1,Unknown,ALB,VIC,0,1,0,1\r\n"
    "A02,,NTC,F.4/R-7,FAM,0,0,,1\r\n"
)


def text(results=HEADER + ROWS, curves=CURVES, after=""):
    return f"Quan. AmpData\r\n{curves}\r\nQuan. Result\r\n{results}\r\n{after}"


def grid(*columns):
    """A sheet with a row per cycle."""
    return [list(row) for row in zip(["Cycle", 1, 2, 3, 4], *columns, strict=True)]


def sheets(**more):
    rows = [line.split(",") for line in (HEADER + ROWS).splitlines()]
    results = [[float(c) if c == "3.25" else c for c in row] for row in rows]
    return {
        "Quan. Result": results,
        "Amp FAM": grid(["A01", 0.5, -1.25, 40, 90], ["A02", 0, 0, "", 1]),
        "Amp VIC": grid(["A01", 0, 1, 0, 1]),
        **more,
    }


EXPECTED = [
    ("A1", "S1", "F.4/R-7", "FAM", "Unknown", "ok", 3.25, (0.5, -1.25, 40, 90)),
    ("A1", "S1", "ALB", "VIC", "Unknown", "undetermined", None, (0, 1, 0, 1)),
    ("A2", "", "F.4/R-7", "FAM", "NTC", "undetermined", None, (0, 0, None, 1)),
    ("A3", "S2", "F.4/R-7", "FAM", "Unknown", "no_data", None, ()),
    ("A4", "", "", "FAM", "", "empty", None, ()),
]


def rows(export):
    return [
        (r.well, r.sample, r.target, r.dye, r.task, r.state, r.ct, r.values) for r in export.records
    ]


@pytest.mark.parametrize(
    "content",
    [
        text(),
        text(after="SNP Result\r\nWell,Sample ID,Genotype\r\nA01,S1,A/A\r\n"),
        text().replace(",", "\t"),
        text().replace("3.25", '"3,25"').replace("-1.25", '"-1,25"').replace("0.5", '"0,5"'),
        "Device,X\r\n\r\n" + text(),
        workbook(sheets()),
        workbook(sheets(Setup=[["Cycle", "45"]])),
        workbook(sheets(**{"FAM notes": [["Cycle"], [45]]})),
    ],
    ids=[
        "csv",
        "genotypes behind",
        "tab",
        "decimal comma",
        "above",
        "workbook",
        "other sheet",
        "notes",
    ],
)
def test_a_blank_ct_is_not_reached_where_there_is_a_curve(tmp_path, content):
    export = read_export(tmp_path, content)
    assert (export.format, export.ct_kind, export.n_cycles) == ("quan_result", "Ct", 4)
    assert rows(export) == EXPECTED
    assert {r.curve_kind for r in export.records if r.values} == {"rfu"}
    assert export.noticed == ()


def test_a_well_alone_in_its_row_is_no_name_of_a_section(tmp_path):
    """What stands below it would be of another section, and lost."""
    empty = "A05,,,,,,,,,,\r\nA06,S3,Unknown,ALB,VIC,2.5,,,,,\r\n"
    export = read_export(tmp_path, text(HEADER + ROWS + empty))
    assert rows(export) == [
        *EXPECTED,
        ("A5", "", "", "", "", "empty", None, ()),
        ("A6", "S3", "ALB", "VIC", "Unknown", "ok", 2.5, ()),
    ]


def test_a_number_before_the_well_and_semicolons(tmp_path):
    """The well is not the first column, and Excel saved the name of the section with marks."""
    table = "No;Well;Sample ID;Target;Dye;Ct\r\n1;A01;S1;F.4/R-7;FAM;3,25\r\n2;A02;S2;ALB;VIC;\r\n"
    export = read_export(tmp_path, f"Quan. Result;;;;;\r\n{table}")
    assert rows(export) == [
        ("A1", "S1", "F.4/R-7", "FAM", "", "ok", 3.25, ()),
        ("A2", "S2", "ALB", "VIC", "", "no_data", None, ()),
    ]


def test_an_omitted_well_does_not_count(tmp_path):
    table = "Well,Target,Dye,Omit,Ct\r\nA01,ALB,VIC,Yes,3.5\r\nA02,ALB,VIC,No,2.5\r\n"
    export = read_export(tmp_path, f"Quan. Result\r\n{table}")
    assert [(r.state, r.ct) for r in export.records] == [("omitted", 3.5), ("ok", 2.5)]


def test_a_sheet_of_another_dye_is_not_taken(tmp_path):
    """Cy5 and Cy5.5 are two dyes."""
    sheet = [["Well", "Dye", "Ct"], ["A01", "Cy5", 3.25]]
    for name, values in (("Amp Cy5.5", ()), ("Amp Cy5", (1, 2, 3, 4))):
        book = workbook({"Quan. Result": sheet, name: grid(["A01", 1, 2, 3, 4])})
        assert [r.values for r in read_export(tmp_path, book).records] == [values]


def test_results_without_curves_have_no_negatives(tmp_path):
    export = read_export(tmp_path, text().partition("\r\n\r\n")[2])
    assert [(r.state, r.ct) for r in export.records] == [
        ("ok", 3.25),
        *[("no_data", None)] * 3,
        ("empty", None),
    ]


def test_a_ct_at_the_last_cycle_and_a_zero_are_not_reached(tmp_path):
    content = text().replace("FAM,3.25", "FAM,4").replace("ALB,VIC,,", "ALB,VIC,0,")
    export = read_export(tmp_path, content)
    assert [(r.ct, r.ct_text, r.state) for r in export.records][:2] == [
        (None, "4", "undetermined"),
        (None, "0", "undetermined"),
    ]


def test_two_sheets_of_one_dye_are_not_told_apart(tmp_path):
    again = grid(["A01", 7, 7, 7, 7])
    record, reactions, _ = read_folder(tmp_path, {"a.xlsx": workbook(sheets(**{"Raw FAM": again}))})
    assert sentences(record, "curves_not_used") == [
        "sheets 'Amp FAM', 'Raw FAM' hold curves of one dye; none of them was used; delete others"
    ]
    assert [(r.dye, r.curve_kind) for r in reactions][:3] == [
        ("FAM", "none"),
        ("VIC", "rfu"),
        ("FAM", "none"),
    ]


def test_curves_of_no_reaction_are_a_finding(tmp_path):
    first = ROWS.splitlines(keepends=True)[0]
    record, _, curves = read_folder(tmp_path, {"a.csv": text(HEADER + first)})
    assert sentences(record, "curves_not_used") == [
        "a.csv: curves of 'A1 VIC', 'A2 FAM' are of no result; not used"
    ]
    assert len(curves) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (text(ROWS), "wells below 'Quan. Result' without a header; export the run again"),
        (text(HEADER.replace("Dye", "Fluor") + ROWS), "no header with 'Well', 'Dye' and 'Ct'; ex"),
        (text().replace("3.25", "3.x"), "Ct of A1 is '3.x'; expected a number"),
        (text().replace("VIC,,", "FAM,,"), "well A1 has dye 'FAM' twice; expected one row"),
        (text().replace("A02", "Q2"), "'Q2' is no well"),
        (text().replace(",1,2,3,4", ",0,1,2,3"), "cycles are not counted 1, 2, … up to 200"),
        (text().replace(",1,2,3,4", ",a,b,c,d"), "cycles are not counted 1, 2, … up to 200"),
        (text().replace("-1.25", "x"), "curve of A1: 'x' is no number"),
        (text(curves=CURVES + CURVES.splitlines()[1] + "\r\n"), "A1 has curves of 'FAM' twice"),
        (text(curves="Well,Dye,1\r\nA1,FAM,1\r\n").replace("Dye,1", "Fluor,1"), "no header with"),
        ('"a note\nQuan. Result\n"\nWell,Dye,Ct\nA1,FAM,3\n', "no header with 'Well', 'Dye'"),
        (text() + "Quan. Result\r\n" + HEADER, "section 'Quan. Result' stands twice"),
        (text().rstrip()[:-4], "cut off"),
        (text(curves=CURVES.replace(",40,90", "")), "row ends before its last cycle"),
        (
            text(HEADER + ROWS + "Note: x,,,,,,,,,,\r\nA09,S9,Unknown,ALB,VIC,3.5,,,,,\r\n"),
            "wells below 'Note: x' without a header; export the run again",
        ),
    ],
)
def test_what_is_refused(tmp_path, content, message):
    assert message in rejection(tmp_path, {"a.csv": content})


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (grid(["A01", 1, 2, 3, 4], ["A1", 1, 2, 3, 4]), "a well has two columns"),
        (grid(["A01", 1, 2, 3, 4], ["mean", 1, 2, 3, 4]), "column 'mean' is no well"),
        (grid(["A01", 1, 2, "x", 4]), "'x' is no number"),
        ([["Cycle", "A01"], [1, 1], [3, 1]], "cycles are not counted"),
    ],
)
def test_what_is_refused_in_a_workbook(tmp_path, bad, message):
    assert message in rejection(tmp_path, {"a.xlsx": workbook(sheets(**{"Amp FAM": bad}))})


@pytest.mark.parametrize("name", ["quan_result", "quan_result_workbook"])
def test_round_trip(tmp_path, name):
    """P1's curve is missing where the plan says so: then a blank Ct is no data."""
    plate, _, (record, reactions, curves) = round_trip(tmp_path, name)
    assert (record.status, record.format) == ("read", "quan_result")
    assert found(reactions, curves) == expected(plate, curve=2)
    assert not {"cts_off_one_line", "ct_beyond_cycles", "curves_missing"} & set(codes(record))
    roles = {"NTC": "ntc", "PC": "positive_control"}
    assert {r.sample: r.role for r in reactions} == {
        name: roles.get(name, "unknown") for name in {r.sample for r in reactions}
    }
