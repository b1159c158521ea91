"""The table that the configuration describes: docs/generic-tables.md, commas, encodings, limits."""

import io
import re
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from ingest_exports import codes, read_export, read_folder, rejection, settings, workbook

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


@pytest.mark.parametrize("number", [0, 1])
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
    export = read_export(tmp_path, TABLES[2], settings(**OVERLAYS[2]))
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
        (table("22.5", threshold="0,2"), ".", r"line 2: '0,2' may be a decimal or a thousands"),
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


def test_commas_have_a_name_each():
    assert len({comma.value for comma in Comma}) == 5
