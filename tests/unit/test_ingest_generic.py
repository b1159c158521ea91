"""The table that the configuration describes: docs/generic-tables.md, commas, encodings, limits."""

import io
import re
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from ingest_exports import codes, read_export, read_folder, rejection, settings, workbook
from round_trips import expected, found, round_trip

from breakpoint_pcr.ingest.numerals import Comma

PAGE = Path("docs/generic-tables.md").read_text(encoding="utf-8")
TABLES = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
OVERLAYS = [
    yaml.safe_load(text)["ingest"]["generic"]
    for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
]
# As the page prints them: well, sample, target, dye, state, Ct.
EXPECTED = [
    [
        ("A1", "NTC", "F.4/R-7", "FAM", "undetermined", None),
        ("A2", "PC", "F.4/R-7", "FAM", "ok", 27.31),
        ("B1", "S-01", "F.4/R-7", "FAM", "ok", 30.02),
        ("B1", "S-01", "ALB", "VIC", "ok", 24.87),
        ("B2", "S-02", "F.4/R-7", "FAM", "undetermined", None),
    ],
    [
        ("A1", "S-01", "ALB", "", "ok", 24.87),
        ("A2", "S-01", "F.4/R-7", "", "undetermined", None),
    ],
    [
        ("A1", "S-01", "FAM", "FAM", "ok", 30.02),
        ("A1", "S-01", "VIC", "VIC", "ok", 24.87),
        ("A2", "S-02", "FAM", "FAM", "undetermined", None),
        ("A2", "S-02", "VIC", "VIC", "ok", 25.10),
    ],
    [("A1", "S-01", "ALB", "", "ok", 3.25), ("A2", "S-02", "ALB", "", "undetermined", None)],
]


def rows(export):
    return [(r.well, r.sample, r.target, r.dye, r.state, r.ct) for r in export.records]


def as_sheet(text, delimiter=","):
    """The same table as a workbook, numbers as numbers."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_numbers": True}) as book:
        sheet = book.add_worksheet("Data&Graph")
        for index, line in enumerate(text.splitlines()):
            sheet.write_row(index, 0, line.split(delimiter))
    return content.getvalue()


@pytest.mark.parametrize("number", range(len(EXPECTED)))
def test_every_worked_example_is_read(tmp_path, number):
    chosen = settings(**OVERLAYS[number])
    encoding = OVERLAYS[number].get("encoding", "utf-8")
    export = read_export(tmp_path, TABLES[number].encode(encoding), chosen)
    assert export.format == "generic"
    assert rows(export) == EXPECTED[number]
    assert export.noticed == ()


def test_there_is_a_configuration_for_each_example():
    assert len(TABLES) == len(OVERLAYS) == len(EXPECTED)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_examples_as_workbooks(tmp_path, number):
    export = read_export(tmp_path, as_sheet(TABLES[number]), settings(**OVERLAYS[number]))
    assert rows(export) == EXPECTED[number]


def test_a_table_without_a_target_is_mapped_by_the_sheet(tmp_path):
    """MA-6000: Well, Item, Reporter, Ct."""
    book = workbook({"Data&Graph": [["Well", "Item", "Reporter", "Ct"], ["A1", "S", "FAM", 30.5]]})
    files = {"a.xlsx": book, "samplesheet.csv": "well,sample,assay\nA1,S-9,F.4/R-7\n"}
    record, reactions, _ = read_folder(tmp_path, files, settings(**OVERLAYS[1]))
    assert (record.status, record.reason) == ("read", "")
    assert [(r.sample, r.assay, r.dye, r.ct) for r in reactions] == [
        ("S-9", "F.4/R-7", "FAM", 30.5)
    ]


def test_curves_and_their_kind(tmp_path):
    export = read_export(tmp_path, TABLES[3], settings(**OVERLAYS[3]))
    assert [(r.curve_kind, r.values) for r in export.records] == [
        ("rfu", (0.01, 0.02, 0.10, 0.50, 1.00)),
        ("rfu", (0.0, 0.01, 0.0, -0.01, 0.0)),
    ]
    assert export.n_cycles == 5


def table(*cts, threshold="0.2"):
    body = "".join(f"A{n};S;T;{ct};{threshold}\n" for n, ct in enumerate(cts, 1))
    return f"Well;Sample;Target;Ct;Threshold\n{body}"


@pytest.mark.parametrize(
    ("text", "decimal", "reason"),
    [
        (table("22,5"), ".", r"line 2: Ct is '22,5' may be a decimal or a thousands comma"),
        (
            table("22.5"),
            ",",
            r"line 2: Ct is '22.5' has a point where the file's decimal mark is a",
        ),
        (table("1,234"), ".", r"line 2: Ct is '1,234' may be a decimal or a thousands comma"),
        (table("1,234.5"), ",", r"line 2: Ct is '1,234.5' has a point where"),
        (
            table("22,5", "1,234.5"),
            ".",
            r"numbers with a decimal comma and numbers with commas for",
        ),
        (
            table("22,5", "1,234.5"),
            ",",
            r"numbers with a decimal comma and numbers with commas for",
        ),
        (table("22.5", threshold="0,2"), ".", r"line 2: threshold '0,2' may be a decimal or"),
        (table("22.5.1"), ".", r"line 2: Ct is '22.5.1'; expected a number"),
        (table('"22.5"74'), ".", r"line 2: unreadable line \(';' expected after '\"'\)"),
        (table("22 5"), ".", r"line 2: Ct is '22 5'; expected a number"),
        (table("２２"), ".", r"line 2: Ct is '２２'; expected a number"),
    ],
)
def test_a_mark_is_never_guessed(tmp_path, text, decimal, reason):
    assert re.search(reason, rejection(tmp_path, {"a.csv": text}, settings(decimal=decimal)))


def test_thousands_that_the_numbers_show(tmp_path):
    """A threshold in raw light; the name with a comma in it shows nothing."""
    text = table("22.5", threshold="36,431.130").replace(";S;", ";1,5;")
    (record,) = read_export(tmp_path, text).records
    assert (record.sample, record.ct, record.threshold) == ("1,5", 22.5, 36431.13)


def test_a_name_with_a_comma_decides_no_mark(tmp_path):
    text = table("22,5", threshold="0,2").replace(";S;", ";1,234.5;")
    (record,) = read_export(tmp_path, text, settings(decimal=",")).records
    assert (record.sample, record.ct) == ("1,234.5", 22.5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_encodings(tmp_path, encoding):
    content = "孔位,样本名称,Ct值\nA1,样本一,22.5\n".encode(encoding)
    export = read_export(tmp_path, content, settings(encoding="gb18030"))
    assert [(r.well, r.sample, r.ct) for r in export.records] == [("A1", "样本一", 22.5)]
    assert export.noticed == ()


def test_letters_that_fit_no_encoding_are_a_finding(tmp_path):
    """0x81 0xFF is no letter of GB18030 and none of UTF-8."""
    content = b"Well,Sample,Ct\nA1,\x81\xff,22.5\n"
    record, reactions, _ = read_folder(tmp_path, {"a.csv": content}, settings(encoding="gb18030"))
    assert "encoding_guessed" in codes(record)
    assert [r.ct for r in reactions] == [22.5]


@pytest.mark.parametrize("heading", ["1" * 5000, "Cycle " + "9" * 10, "²", "٣"])
def test_odd_headings_are_no_cycles(tmp_path, heading):
    export = read_export(tmp_path, f"Well,Sample,Target,Ct,{heading}\nA1,S,T,22.5,7\n")
    assert [(r.ct, r.values) for r in export.records] == [(22.5, ())]


def test_a_pattern_that_catches_no_number(tmp_path):
    chosen = settings(cycle_columns="^(?:Signal ?)?(.+)?$")
    export = read_export(tmp_path, "Well,Sample,Ct,Signal\nA1,S,22.5,7\n", chosen)
    assert [(r.ct, r.values) for r in export.records] == [(22.5, ())]


def test_the_comma_of_a_ct_beyond_the_cycles_is_the_files(tmp_path):
    """41,5 of 40 cycles; 40,000 may be 40 or 40 thousand, and says nothing."""
    head = "Well;Sample;Target;Ct;" + ";".join(map(str, range(1, 41)))
    light = ";".join(["0,1"] * 40)
    text = f"{head}\nA1;S;T;41,5;{light}\nA2;S;T;40,000;{light}\nA3;S;T;39,9;{light}\n"
    record, reactions, _ = read_folder(tmp_path, {"a.csv": text}, settings(decimal=","))
    assert [(r.ct, r.ct_text) for r in reactions] == [
        (None, "41,5"),
        (None, "40,000"),
        (39.9, "39,9"),
    ]
    beyond = [f.subject for f in record.noticed if f.code == "ct_beyond_cycles"]
    assert beyond == ["A1"]


# Web pages that are called .xls, as software of some Chinese instruments writes them.

PAGE_ROWS = (
    "<tr><td rowspan=2>A1</td><td rowspan=2>S&amp;1</td><td>F.4/R-7</td><td>FAM<td>30.5</tr>"
    "<tr><td>ALB</td><td>VIC</td><td>&nbsp;24.87 </td></tr><!-- <tr><td>A9<td>x</tr> -->"
    "<tr><td>A2</td><td>S-<b>2</b></td><td>ALB</td><td>VIC</td><td>未检出</td></tr>"
)
PAGE = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    "<style>td{{a:b}}</style></head><body><table><tr><td colspan=5>SLAN-96P</td></tr></table>"
    "<table border=1><TR><th>孔位<th>样本名称<th>靶基因<th>通道<th>Ct值{more}</tr>"
    "{rows}</table></body></html>"
)


def page(rows=PAGE_ROWS, more="", encoding="gb2312"):
    return PAGE.format(rows=rows, more=more).encode(encoding)


@pytest.mark.parametrize(
    "content",
    [
        page(),
        page(encoding="utf-16"),
        page().replace(b"gb2312", b"gbk"),
        page(encoding="utf-8").replace(b"gb2312", b"utf-8"),
        page().replace(b"</tr>", b"").replace(b"<html>", b"<!DOCTYPE html>\n<html>"),
    ],
    ids=["gb2312", "utf-16", "gbk", "utf-8", "open rows"],
)
def test_a_web_page_called_xls(tmp_path, content):
    export = read_export(tmp_path, content, name="a.xls")
    assert rows(export) == [
        ("A1", "S&1", "F.4/R-7", "FAM", "ok", 30.5),
        ("A1", "S&1", "ALB", "VIC", "ok", 24.87),
        ("A2", "S-2", "ALB", "VIC", "undetermined", None),
    ]
    assert export.noticed == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (page().replace(b"Ct", b"Tm"), "a.xls: web page without a table of wells and Cts that is"),
        (page()[:-60], "a table of the web page is not closed; the file is cut"),
        (page("<tr><td><table></table></table>"), "a table within a table of the web page"),
        (page("<tr><td rowspan=999>A1"), "a cell of the web page spans more than 100 cells"),
        (page("<tr><td>A1<td>S<td>T<td>FAM"), "table 2 line 2: the row ends before its Ct"),
        (page("<tr><td>A1<td>" + "x" * 5000), "a cell of 5000 letters in a web page"),
        (page("<tr>" + "<td>" * 300_000), "more than 200000 cells in a web page"),
        (page() + b" " * 5_000_000, "web page of 5000.* bytes, at most 4000000 expected"),
        (page("<tr><td>A1<td>S<td>T<td>FAM<td>&#" + "9" * 3000), "table 2 line 2: Ct is '"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "spreadsheet saved as XML; it cannot be read; save it as xlsx or csv",
        ),
    ],
)
def test_web_pages_that_are_refused(tmp_path, content, reason):
    assert re.search(reason, rejection(tmp_path, {"a.xls": content}))


READ = ("ok", "undetermined")


@pytest.mark.parametrize("name", ["generic", "generic_page"])
def test_round_trip(tmp_path, name):
    """An omitted well keeps its Ct and curve and is omitted; an empty one has a row."""
    plate, _, (record, reactions, curves) = round_trip(tmp_path, name)
    assert (record.status, record.format) == ("read", "generic")
    assert found(reactions, curves) == expected(plate, curve=2)
    left_out = [(r.well, r.state, r.curve_kind) for r in reactions if r.state not in READ]
    assert left_out == [("A5", "omitted", "dRn"), ("C6", "empty", "none")]


# One Ct for each dye or target in a row.

WIDE = "孔位,样本名称,FAM Ct值,VIC Ct\nA1,S-01,30.5,24.87\nA2,S-02,-,25.1\nA3,NTC,,\n"
BY_DYE = settings(ct_columns="^(FAM|VIC|ROX) ?Ct值?$")


def test_a_ct_for_each_dye_in_a_row(tmp_path):
    """A dye stands for the target, as for other instruments; a blank stays no data."""
    export = read_export(tmp_path, WIDE, BY_DYE)
    assert rows(export) == [
        ("A1", "S-01", "FAM", "FAM", "ok", 30.5),
        ("A1", "S-01", "VIC", "VIC", "ok", 24.87),
        ("A2", "S-02", "FAM", "FAM", "undetermined", None),
        ("A2", "S-02", "VIC", "VIC", "ok", 25.1),
        ("A3", "NTC", "FAM", "FAM", "no_data", None),
        ("A3", "NTC", "VIC", "VIC", "no_data", None),
    ]


def test_a_ct_for_each_target_in_a_row_is_of_its_assay(tmp_path):
    text = "Well,Sample,F.4/R-7 Cq,ALB Cq\nA1,S-01,30.5,24.87\n"
    chosen = settings(ct_columns="^(.+) Cq$")
    record, reactions, _ = read_folder(tmp_path, {"a.csv": text}, chosen)
    assert [(r.assay, r.ct) for r in reactions] == [("F.4/R-7", 30.5), ("ALB", 24.87)]
    assert record.ct_kind == "Cq"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Well,FAM Ct,VIC Ct,Target\nA1,30,31,T\n",
            "a Ct column for each of 'FAM', 'VIC', and a c",
        ),
        ("Well,FAM Ct,VIC Ct,Ct\nA1,30,31,32\n", "and a column for ct; set one of the two in"),
        ("Well,FAM Ct,VIC Ct,1,2\nA1,30,31,0,1\n", "and a column for cycles; set one of the two"),
        ("Well,FAM Ct,FAM Ct\nA1,30,31\n", "column 'FAM Ct' stands twice"),
        ("Well,FAM Ct,FAMCt\nA1,30,31\n", "column 'FAM Ct' stands twice"),
        ("Well,FAM Ct,VIC Ct\nA1,30,x\n", "line 2: Ct is 'x'; expected a number"),
        ('Well,FAM Ct,VIC Ct\nA1,30,"31,5"\n', "line 2: Ct is '31,5' may be a decimal or"),
        ("Well,FAM Ct,VIC Ct\nA1,30\nA2,30,31\n", "line 2: the row ends before its Ct"),
    ],
)
def test_what_is_refused_of_several_cts(tmp_path, text, reason):
    assert reason in rejection(tmp_path, {"a.csv": text}, BY_DYE)


# Workbooks of several sheets.


def dye_sheet(dye, ct):
    return [["Well", "Sample", "Target", "Dye", "Ct"], ["A1", "S", f"T-{dye}", dye, ct]]


def test_all_sheets_with_a_table_are_read(tmp_path):
    """A table per dye: reading the first alone would lose reactions."""
    book = workbook({"Info": [["a"]], "FAM": dye_sheet("FAM", 30.5), "VIC": dye_sheet("VIC", 24.5)})
    assert rows(read_export(tmp_path, book)) == [
        ("A1", "S", "T-FAM", "FAM", "ok", 30.5),
        ("A1", "S", "T-VIC", "VIC", "ok", 24.5),
    ]


def test_two_sheets_of_the_same_reactions_need_a_choice(tmp_path):
    files = {"a.xlsx": workbook({"Data": dye_sheet("FAM", 30.5), "Edited": dye_sheet("FAM", 20)})}
    assert rejection(tmp_path, files) == (
        "a.xlsx sheet Edited line 2: well A1 has target 'T-FAM' twice, here and in 'a.xlsx sheet "
        "Data'; expected one table; name its sheet in ingest.generic.sheets, or take the other out"
    )
    export = read_export(tmp_path, files["a.xlsx"], settings(sheets=["Data"]))
    assert [r.ct for r in export.records] == [30.5]


def test_merged_wells_are_refused(tmp_path):
    book = workbook({"s": [["Well", "Dye", "Ct"], ["A1", "FAM", 30.5], ["", "VIC", 24.5]]})
    assert "line 3: a row without a well; write the well into each row of merged cells" in (
        rejection(tmp_path, {"a.xlsx": book})
    )


# Letters of a Chinese Windows.


def test_gb18030_is_told_without_a_configuration(tmp_path):
    content = "反应孔,样品名称,通道,Ct值\nA1,样本一,FAM,22.5\n".encode("gb18030")
    record, reactions, _ = read_folder(tmp_path, {"a.csv": content})
    assert [(r.well, r.sample, r.dye, r.ct) for r in reactions] == [("A1", "样本一", "FAM", 22.5)]
    assert [f.sentence for f in record.noticed if f.code == "encoding_guessed"] == [
        "the text is neither UTF-8 nor as configured and was read as gb18030"
    ]


CFX = ",Well,Fluor,Target,Content,Sample,Cq,Cq Mean\r\n,A01,FAM,T,Unkn,样本一,22.5,22.5\r\n"
SDS1 = (
    "Document Name:,a\nInstrument Type:,Applied Biosystems 7500 Real-Time PCR System\nSDS v1.4\n\n"
    "Well,Sample Name,Detector,Task,Ct,StdDev Ct,Qty,Mean Qty,StdDev Qty,Filtered,Tm\n"
    "A1,样本一,T,Unknown,22.5,,,,,,\nA2,王喆,T,Unknown,23.5,,,,,,\n"
)


@pytest.mark.parametrize(("text", "name"), [(CFX, "cfx"), (SDS1, "abi_sds1")])
def test_chinese_names_in_an_english_export(tmp_path, text, name):
    """Saved on a Chinese Windows: the names are read, and the finding says by which letters."""
    record, reactions, _ = read_folder(tmp_path, {"a.csv": text.encode("gb18030")})
    assert (record.status, record.format, record.reason) == ("read", name, "")
    assert (reactions[0].sample, reactions[0].ct) == ("样本一", 22.5)
    assert [f.sentence for f in record.noticed if f.code == "encoding_guessed"] == [
        "the text is not UTF-8 and was read as gb18030"
    ]


@pytest.mark.parametrize(
    "name", ["5°C 10µL", "Größe", "créée", "Müller ß", "Références", "Ñandú", "Ångström", "naïve Ü"]
)
def test_western_letters_are_not_taken_for_chinese(tmp_path, name):
    content = CFX.replace("样本一", name).encode("cp1252")
    record, reactions, _ = read_folder(tmp_path, {"a.csv": content})
    assert reactions[0].sample == name
    assert not [f for f in record.noticed if "gb18030" in f.sentence]


def test_commas_have_a_name_each():
    assert len({comma.value for comma in Comma}) == 5


# Wells that were taken out.


def omit_table(mark, heading="Omit"):
    return f"Well,Sample,Target,{heading},Ct\nA1,S,T,{mark},30.5\nA2,S,T,,31.5\n"


@pytest.mark.parametrize(
    "heading", ["Omit", "Omitted", "Excluded", "剔除", "排除", "OMIT", "excluded"]
)
def test_an_omitted_well_does_not_count(tmp_path, heading):
    export = read_export(tmp_path, omit_table("Yes", heading))
    assert [(r.well, r.state, r.ct, r.ct_text) for r in export.records] == [
        ("A1", "omitted", 30.5, "30.5"),
        ("A2", "ok", 31.5, "31.5"),
    ]


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        (("yes", "TRUE", "true", "1", "x", "X", "y", "ja", "Wahr", "oui", "√"), "omitted"),
        (("是", "剔除", "已排除", "真", "Omitted", "excluded"), "omitted"),
        (("no", "False", "FALSE", "0", "n", "-", "", "  ", "否", "假", "Faux", "N/A"), "ok"),
    ],
)
def test_words_for_yes_and_no(tmp_path, marks, state):
    found = [read_export(tmp_path, omit_table(mark)).records[0].state for mark in marks]
    assert set(found) == {state}


def test_marks_of_a_workbook(tmp_path):
    """A truth value and numbers, not words."""
    body = [[f"A{n}", "T", 30.5, mark] for n, mark in enumerate((True, 1, False, 0, ""), 1)]
    book = workbook({"s": [["Well", "Target", "Ct", "Omit"], *body]})
    found = [str(r.state) for r in read_export(tmp_path, book).records]
    assert found == ["omitted", "omitted", "ok", "ok", "ok"]


def test_an_omitted_well_is_so_in_all_its_dyes(tmp_path):
    text = "Well,FAM Ct,VIC Ct,Omit\nA1,30.5,24.5,x\nA2,30.5,24.5,\n"
    found = [(r.well, r.state) for r in read_export(tmp_path, text, BY_DYE).records]
    assert found == [("A1", "omitted")] * 2 + [("A2", "ok")] * 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            omit_table("perhaps"),
            "a.csv line 2: the mark for an omitted well is 'perhaps'; expected yes or no; mend the "
            "cell or export again",
        ),
        (omit_table("2"), "the mark for an omitted well is '2'"),
        (
            "Well,Omit,Excluded,Ct\nA1,,x,30\n",
            "a.csv line 1: columns 'Omit', 'Excluded'; expected one; name it alone in "
            "ingest.generic.omit",
        ),
        ("Well,Omit,omit,Ct\nA1,,x,30\n", "column 'Omit' stands twice"),
        (
            "Well,Cq,Ct\nA1,20,30\n",
            "columns 'Ct', 'Cq'; expected one; name it alone in ingest.generic.ct",
        ),
        (
            "Well,Ct,1,2,4\nA1,30,1,1,1\n",
            "columns of cycles '1', '2', '4'; expected 1, 2, 3, none left out; export all, or "
            "change cycle_columns in ingest.generic",
        ),
        ("Well,Ct\nA1,22,5\n", "line 2: more cells than the header has"),
        ("Well,Sample,Ct\nA1,S,30\nA2,S", "the last row is shorter than the one above it"),
        ("Well,Sample,Ct\nA1,S,30\nMelt,,\nA2,S,82.5\n", "line 4: Ct is 82.5; expected at most"),
        ("Well,Sample,CT,Ct\nA1,S,30,31\n", "column 'CT' stands twice"),
        ("Well,well,Ct\nA1,A2,30\n", "column 'Well' stands twice"),
        ("Well,Ct,82\nA1,30,1\n", "columns of cycles '82'"),
        ("Sample,Ct,Well\nS,30\nS,31,A1\n", "line 2: a row without a well"),
        ("Ct,Well,Sample\n30,,\n", "line 2: a row without a well"),
        ("Well,Ct,Threshold\nA1,30,auto\n", "line 2: threshold 'auto' is no number"),
        ("Well,Ct,1,2\nA1,1,0,x\n", "line 2: cycle 2: 'x' is no number"),
    ],
)
def test_what_two_columns_and_odd_cells_may_mean_is_refused(tmp_path, text, reason):
    assert reason in rejection(tmp_path, {"a.csv": text})


def test_the_configuration_chooses_one_of_two_cts(tmp_path):
    text = "Well,Target,Cq,Ct\nA1,T,20,30\n"
    assert [r.ct for r in read_export(tmp_path, text, settings(ct=["Cq"])).records] == [20]


def test_a_number_for_not_reached_is_named(tmp_path):
    text = "Well,Sample,Target,Ct\nA1,S,T,99\nA2,S,T,60\n"
    assert "line 2: Ct is 99; expected at most 60" in rejection(tmp_path, {"a.csv": text})
    export = read_export(tmp_path, text, settings(missing=["99"]))
    assert [(r.state, r.ct) for r in export.records] == [("undetermined", None), ("ok", 60)]


def test_headings_in_other_letters(tmp_path):
    text = "WELL,sample name,TARGET,ct,OMIT\nA1,S,T,30,\nA2,S,T,31,x\n"
    assert rows(read_export(tmp_path, text)) == [
        ("A1", "S", "T", "", "ok", 30),
        ("A2", "S", "T", "", "omitted", 31),
    ]


@pytest.mark.parametrize(
    ("heading", "kind"), [("Ct", "Ct"), ("Cq", "Cq"), ("CRT", "Crt"), ("Crt", "Crt"), ("CP", "Cp")]
)
def test_what_the_heading_calls_a_ct(tmp_path, heading, kind):
    """A Crt is another quantity, whatever its letters."""
    export = read_export(tmp_path, f"Well,{heading}\nA1,30\n", settings(ct=[heading]))
    assert export.ct_kind == kind


def test_a_crt_in_a_later_column_or_sheet_is_one(tmp_path):
    chosen = settings(ct_columns="^(FAM|VIC) C[rtq]*$")
    assert read_export(tmp_path, "Well,FAM Cq,VIC Crt\nA1,30,24\n", chosen).ct_kind == "Crt"
    sheets = {n: [["Well", "Dye", n], ["A1", n, 30.5]] for n in ("Cq", "Crt")}
    assert read_export(tmp_path, workbook(sheets), settings(ct=["Cq", "Crt"])).ct_kind == "Crt"


def test_a_sample_alone_in_its_row_is_no_well(tmp_path):
    export = read_export(tmp_path, "Sample,Well,Ct\nS,A1,30\nB1,,\n")
    assert ([r.well for r in export.records], export.empty_wells) == (["A1"], frozenset())


def test_a_well_that_says_nothing_else_is_empty(tmp_path):
    """A note below the table is none; a sample without a Ct is no data, whatever its target."""
    text = "Well,Sample,Target,Ct\nA1,S,T,30\nA2,,,\nA3,S,,\nNote: x,,,\n"
    export = read_export(tmp_path, text)
    assert [(r.well, r.state) for r in export.records] == [("A1", "ok"), ("A3", "no_data")]
    assert export.empty_wells == {"A2"}
    sheet = "well,sample,assay\nA1,S,ALB\nA2,S-2,ALB\nA3,S-3,ALB\n"
    record, reactions, _ = read_folder(tmp_path, {"a.csv": text, "samplesheet.csv": sheet})
    assert [(r.well, r.state) for r in reactions] == [
        ("A1", "ok"),
        ("A2", "empty"),
        ("A3", "no_data"),
    ]
    assert "sheet_well_empty" in codes(record)


# Cells of a web page that span rows: each must stay in its own column.


def test_a_row_that_ends_before_a_cell_from_above(tmp_path):
    """The dye reaches down into row A2, whose cells end before it; A3 has all of its own."""
    rows_of_page = (
        "<tr><td>A1<td>S<td>T<td rowspan=2>FAM<td>30.5</tr><tr><td>A2</tr>"
        "<tr><td>A3<td>S<td>T<td>VIC<td>24.5</tr>"
    )
    reason = rejection(tmp_path, {"a.xls": page(rows_of_page)})
    assert "line 3: the row ends before its Ct" in reason
    full = rows_of_page.replace("<td>A2</tr>", "<td>A2<td><td>T<td>24.0</tr>")
    assert rows(read_export(tmp_path, page(full), name="b.xls")) == [
        ("A1", "S", "T", "FAM", "ok", 30.5),
        ("A2", "", "T", "FAM", "ok", 24.0),
        ("A3", "S", "T", "VIC", "ok", 24.5),
    ]
    short = PAGE.replace("<th>通道<th>Ct值", "<th>Ct值<th>通道").format(
        more="",
        rows="<tr><td>A1<td>S<td>T<td>30.5<td rowspan=2>FAM</tr><tr><td>A2<td>S</tr>"
        "<tr><td>A3<td>S<td>T<td>24.5<td>VIC</tr>",
    )
    assert rows(read_export(tmp_path, short.encode("gb2312"), name="c.xls")) == [
        ("A1", "S", "T", "FAM", "ok", 30.5),
        ("A2", "S", "", "FAM", "no_data", None),
        ("A3", "S", "T", "VIC", "ok", 24.5),
    ]


def test_cells_do_not_reach_into_the_next_table(tmp_path):
    above = "<table><tr><td>SLAN<td rowspan=2>x</tr></table><table border=1>"
    content = page().replace(b"<table border=1>", above.encode())
    assert rows(read_export(tmp_path, content))[0] == ("A1", "S&1", "F.4/R-7", "FAM", "ok", 30.5)


def test_a_cell_of_three_rows_and_a_comment_with_a_table(tmp_path):
    text = (
        "<tr><td>A1<td rowspan=3>S<td>T<td>FAM<td>30.5<tr><td>A2<td>T<td>FAM<td>31.5"
        "<!-- <style> <tr><td>B1<td>T<td>FAM<td>1 --><tr><td>A3<td>T<td>FAM<td>32.5"
        "<style>--></style><script>var a='<tr><td>B2';</script>"
    )
    found = [(r.well, r.sample, r.ct) for r in read_export(tmp_path, page(text)).records]
    assert found == [("A1", "S", 30.5), ("A2", "S", 31.5), ("A3", "S", 32.5)]


def test_cells_of_a_page_that_lie_over_each_other(tmp_path):
    rows_of_page = (
        "<tr><td>A1<td rowspan=2>S<td>T<td>FAM<td>30<tr><td colspan=2>A2<td>T<td>FAM<td>2"
    )
    reason = rejection(tmp_path, {"a.xls": page(rows_of_page)})
    assert "cells of the web page lie over each other; save it as xlsx" in reason
