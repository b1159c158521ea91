"""QuantStudio workbooks and the generic table; hostile and broken workbooks."""

import io
import zipfile

import pytest
import xlsxwriter
from ingest_exports import PLAIN, read_export, read_folder, rejection, settings, workbook

from breakpoint_pcr.ingest.files import archive
from breakpoint_pcr.tables import CurveKind, State

TOP = [
    ["File Name", "x.eds"],
    ["Instrument Type", "QuantStudio™ 5 System"],
    ["Block Type", "96-Well Block"],
    ["Run End Data/Time", "2026-01-19 04:42:10 PM CST"],
    ["Passive Reference", "ROX"],
    ["Quantification Cycle Method", "CT"],
    ["Software Name and Version", "Design & Analysis Software v2.7.0"],
    [],
]
RESULTS = [
    *(["Well", "Well Position", "Omit", "Sample", "Target", "Task", "Reporter"]),
    *(["Cq", "Threshold", "Baseline Start", "Baseline End", "Result Quality Issues"]),
]
CURVES = ["Well", "Well Position", "Cycle Number", "Target", "Rn", "dRn"]


def quantstudio(*rows, top=TOP, headings=RESULTS, curves=()):
    sheets = {"Results": [*top, headings, *rows]}
    if curves:
        sheets["Amplification Data"] = [*top, CURVES, *curves]
    return workbook(sheets)


def row(number, well, ct, omit="FALSE", issues=""):
    return [number, well, omit, "S1", "ALB", "UNKNOWN", "FAM", ct, 0.2, 3.0, 39.0, issues]


def test_design_and_analysis(tmp_path):
    curves = [[1.0, "A1", i, "ALB", 1.5, i / 100] for i in range(1, 41)]
    content = quantstudio(
        row(1.0, "A1", 28.0376172641, issues="LOW_ROX, NOISE"),
        row(2.0, "A2", "UNDETERMINED"),
        row(3.0, "A3", 30.5, omit="TRUE"),
        row(4.0, "A4", 40.0),
        [5.0, "A5", "FALSE"],
        curves=curves,
    )
    export = read_export(tmp_path, content)
    head = (export.format, export.ct_kind, export.instrument, export.software, export.run_date)
    assert head == (
        *("quantstudio_workbook", "Cq", "QuantStudio™ 5 System"),
        *("Design & Analysis Software v2.7.0", "2026-01-19"),
    )
    assert [(r.well, r.state, r.ct, r.ct_text, r.flags) for r in export.records] == [
        ("A1", State.OK, 28.0376172641, "28.0376172641", ("LOW_ROX", "NOISE")),
        ("A2", State.UNDETERMINED, None, "UNDETERMINED", ()),
        ("A3", State.OMITTED, 30.5, "30.5", ()),
        ("A4", State.UNDETERMINED, None, "40.0", ()),
    ]
    assert export.records[0].values == tuple(i / 100 for i in range(1, 41))
    assert export.n_cycles == 40


def test_crt_is_named(tmp_path):
    top = [["Quantification Cycle Method", "Crt"] if r[:1] == [TOP[5][0]] else r for r in TOP]
    headings = ["CRT" if heading == "Cq" else heading for heading in RESULTS]
    content = quantstudio(row(1.0, "A1", 20.5), top=top, headings=headings)
    assert read_export(tmp_path, content).ct_kind == "Crt"
    content = quantstudio(row(1.0, "A1", 20.5), top=top)
    assert read_export(tmp_path, content, name="b").ct_kind == "Crt"


def test_padded_wells_of_a_384_plate_in_a_primary_result(tmp_path):
    top = [["Block Type", "384-Well Block"], ["Software name", "Diomni"], []]
    headings = ["Well", "Omit", "Sample", "Target", "Task", "Cq"]
    rows = [*top, headings, ["O023", "FALSE", "S1", "ALB", "NTC", 39.54]]
    rows[-1][0] = "O23"
    export = read_export(tmp_path, workbook({"Other": [], "Primary_result": rows}))
    assert [(r.well, r.ct) for r in export.records] == [("O23", 39.54)]
    assert export.plate_wells == 384


def test_sample_setup_of_version_1(tmp_path):
    top = [["Block Type", "96-Well Block"], ["Instrument Type", "QuantStudio™ 3 System"], []]
    headings = ["Well", "Well Position", "Sample Name", "Target Name", "Task", "CT"]
    setup = [[1, "A1", "S1", "ALB", "NTC"], [2, "A2", "S2", "ALB", "UNKNOWN"], [3, "A3", "", ""]]
    sheets = {
        "Sample Setup": [*top, headings[:5], *setup],
        "Results": [*top, headings, [1, "A1", "S1", "ALB", "NTC", "Undetermined"]],
    }
    export = read_export(tmp_path, workbook(sheets))
    assert [(r.well, r.state) for r in export.records] == [
        ("A1", State.UNDETERMINED),
        ("A2", State.OMITTED),
    ]


def test_a_workbook_without_results_names_its_sheets(tmp_path):
    content = workbook({"Sample Setup": [["Well", "a", "b"]], "Amplification Data": []})
    assert rejection(tmp_path, {"a.xls": content}) == (
        "a.xls: no table of results; found 'Sample Setup', 'Amplification Data'; "
        "export again with Results ticked"
    )


def test_row_numbers_of_a_sheet_are_named(tmp_path):
    assert rejection(tmp_path, {"a.xls": quantstudio(row(1.0, "A1", "soon"))}) == (
        "a.xls sheet Results line 10: Ct of A1 is 'soon'; expected a number or Undetermined"
    )


# The generic table.


def test_generic_text(tmp_path):
    text = (
        "My instrument\n\nPos,Sample,Target,Ct,Threshold,1,2,Cycle 3\n"
        "A01,S1,ALB,2.5,0.1,0,0.05,0.2\nA02,S1,X,-,0.1,,,\nA03,S1,X,3.0,,1,2,\nremark,,,,,,,\n"
    )
    export = read_export(tmp_path, text)
    assert export.format == "generic"
    assert [(r.well, r.state, r.ct, r.ct_text, r.values) for r in export.records] == [
        ("A1", State.OK, 2.5, "2.5", (0.0, 0.05, 0.2)),
        ("A2", State.UNDETERMINED, None, "-", ()),
        ("A3", State.UNDETERMINED, None, "3.0", (1.0, 2.0, None)),
    ]
    assert export.records[0].curve_kind is CurveKind.DELTA_RN
    assert (export.n_cycles, export.plate_wells) == (3, 96)


def test_generic_chinese(tmp_path):
    text = "孔位\t样本名称\t靶基因\tCt值\nA1\t张三\tALB\t24.5\nA2\t空白\tALB\t未检出\n"
    export = read_export(tmp_path, text.encode("gb18030"), settings(encoding="gb18030"))
    assert [(r.sample, r.ct, r.state) for r in export.records] == [
        ("张三", 24.5, State.OK),
        ("空白", None, State.UNDETERMINED),
    ]


def test_generic_decimal_comma_is_configured(tmp_path):
    text = "Well;Target;Ct\nA1;ALB;24,5\n"
    assert read_export(tmp_path, text, settings(decimal=",")).records[0].ct == 24.5
    assert rejection(tmp_path, {"a.csv": text}) == (
        "a.csv line 2: Ct is '24,5' may be a decimal or a thousands comma; export again with a "
        "decimal point; mend the cell or export again"
    )


def test_generic_workbook(tmp_path):
    rows = [["title"], [], ["Well", "Item", "Reporter", "Ct"], ["A1", "S1", "FAM", 24.5]]
    export = read_export(tmp_path, workbook({"Notes": [], "Data&Graph": rows}))
    assert [(r.well, r.dye, r.ct) for r in export.records] == [("A1", "FAM", 24.5)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Well,Ct\n", "a.csv: no reactions below the header; export again"),
        ("Well,Ct\nA1,x\n", "a.csv line 2: Ct is 'x'; expected a number or Undetermined; mend the"),
        ("Well,Ct\nX1,20\n", "a.csv line 2: 'X1' is no well; mend the cell or export again"),
        ("Well,Ct\nA1,20,5\n", "a.csv line 2: more cells than the header has; mend the cell"),
        ("Well,Sample,Ct\nA1,S\n", "a.csv line 2: the row ends before its Ct; mend the cell"),
        ("Well,Ct\nA1,20\nA1,21\n", "a.csv line 3: well A1 has target '' twice; expected one row"),
        (
            "Well,1,Ct\nA1,?,20\n",
            "a.csv line 2: cycle 1: '?' is no number; mend the cell or export again",
        ),
    ],
)
def test_bad_generic_tables(tmp_path, text, reason):
    assert rejection(tmp_path, {"a.csv": text}).startswith(reason)


# Broken and hostile workbooks.


def repacked(content, change, name="xl/worksheets/sheet1.xml"):
    """The workbook with one member changed by `change(bytes) -> bytes`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member.filename, change(data) if member.filename == name else data)
    return out.getvalue()


GOOD = quantstudio(row(1.0, "A1", 20.5))
STRAY = {
    "XFD1048576": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "single quotes": b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "blanks": b'<row  r = "1048576"><c s="0" r  =\t"XFD1048576"><v>1</v></c></row>',
    "row without reference": b'<row r="1048575"></row><row><c r="A1048576"><v>1</v></c></row>',
    "a far row": b'<row r="300000"><c r="A300000"><v>1</v></c></row>',
    "a far column": b'<row r="60"><c r="ZZ60"><v>1</v></c></row>',
    "a large grid": b'<row r="199999"><c r="SE199999"><v>1</v></c></row>',
    "a reference of eight digits": b'<row r="60"><c r="A10000000"><v>1</v></c></row>',
}


@pytest.mark.parametrize("name", STRAY)
def test_a_stray_cell_is_refused_before_the_library_sees_it(tmp_path, name):
    cell = STRAY[name]
    hostile = repacked(GOOD, lambda xml: xml.replace(b"</sheetData>", cell + b"</sheetData>"))
    assert hostile != GOOD
    reason = rejection(tmp_path, {"a.xlsx": hostile})
    assert reason.startswith("a.xlsx: 'xl/worksheets/sheet1.xml' reaches row ")
    assert reason.endswith(
        "; at most 200000 rows, 500 columns and 2000000 cells expected; delete stray cells"
    )


def test_prefixed_and_far_sheets_elsewhere_are_looked_at_too(tmp_path):
    """The workbook may name any member as its sheet."""
    sheet = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<x:sheetData><x:row r="1048576"><x:c r="XFD1048576"/></x:row></x:sheetData></x:worksheet>'
    )
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a", 8) as new:
        new.writestr("xl/media/logo.png", sheet)
    assert "'xl/media/logo.png' reaches row 1048576" in rejection(
        tmp_path, {"a.xlsx": out.getvalue()}
    )


def test_an_unusual_but_sane_sheet_is_read(tmp_path):
    """Single quotes and cells without a reference are legal."""
    odd = repacked(GOOD, lambda xml: xml.replace(b'<row r="9"', b"<row r='9'"))
    assert odd != GOOD
    assert read_export(tmp_path, odd).records[0].ct == 20.5


def bomb(*sizes):
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as new:
        for index, size in enumerate(sizes):
            new.writestr(f"xl/media/{index}.bin", bytes(size))
    return out.getvalue()


def test_a_zip_bomb_is_refused(tmp_path):
    reason = rejection(tmp_path, {"a.xlsx": bomb(40_000_000)})
    assert reason.startswith("a.xlsx: archive member 'xl/media/0.bin' unpacks from ")
    assert reason.endswith(" to 40000000 bytes; no instrument writes that; export again")


def test_limits_of_archives(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "TOTAL_BYTES_MAX", 1000)
    assert "at most 1000 expected; no instrument" in rejection(tmp_path, {"a": GOOD})
    monkeypatch.setattr(archive, "MEMBERS_MAX", 3)
    (tmp_path / "run-1" / "a").unlink()
    (tmp_path / "run-1").rmdir()
    assert "members, at most 3 expected" in rejection(tmp_path, {"a": GOOD})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            GOOD[: len(GOOD) // 2],
            "damaged zip archive; expected a whole file; copy or export it again",
        ),
        (
            GOOD[:4] + b"\0" * 50,
            "damaged zip archive; expected a whole file; copy or export it again",
        ),
        (
            repacked(GOOD, lambda xml: xml[: len(xml) // 2]),
            "damaged workbook; expected xlsx or xls as the instrument writes it; export again",
        ),
        (
            repacked(GOOD, lambda xml: xml.replace(b'<row r="9"', b"<row r='9'")[:-40]),
            "'xl/worksheets/sheet1.xml' is damaged; copy or export it again",
        ),
        (
            repacked(
                GOOD,
                lambda xml: b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + xml[55:].replace(b' r="', b" r='"),
            ),
            "XML with a document type or entities; save it again as xlsx",
        ),
    ],
)
def test_broken_workbooks(tmp_path, content, reason):
    assert rejection(tmp_path, {"a.xlsx": content}) == f"a.xlsx: {reason}"


def test_damage_anywhere_in_a_workbook_is_one_line(tmp_path):
    """A byte changed at 40 places: read as before or refused, never another exception."""
    whole = read_export(tmp_path, GOOD).records
    for index, place in enumerate(range(0, len(GOOD), len(GOOD) // 40)):
        content = bytearray(GOOD)
        content[place] ^= 0xFF
        folder = tmp_path / str(index)
        folder.mkdir()
        record, reactions, _ = read_folder(folder, {"a.xlsx": bytes(content)})
        assert record.status == "rejected" or len(reactions) == len(whole)


def test_the_name_of_a_file_decides_nothing(tmp_path):
    assert read_export(tmp_path, GOOD, name="a.txt").format == "quantstudio_workbook"
    assert read_export(tmp_path, PLAIN, name="b.xlsx").format == "abi_sections"


def test_a_chart_sheet_is_passed_over(tmp_path):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        chart = book.add_chart({"type": "line"})
        book.add_chartsheet("Chart").set_chart(chart)
        sheet = book.add_worksheet("Results")
        for index, cells in enumerate([*TOP, RESULTS, row(1.0, "A1", 20.5)]):
            sheet.write_row(index, 0, cells)
        chart.add_series({"values": "=Results!$H$9:$H$9"})
    assert read_export(tmp_path, content.getvalue()).records[0].ct == 20.5
