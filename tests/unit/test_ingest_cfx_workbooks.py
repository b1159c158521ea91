"""Workbooks of a CFX, as its software packs them and as a spreadsheet saves its csv."""

import zipfile
from io import BytesIO

from ingest_exports import read_folder, rejection, workbook
from test_ingest_cfx import CQ as CQS
from test_ingest_cfx import CURVES, FAM, GOOD, HEADER, HEX, ROWS
from test_ingest_cfx_exports import INFORMATION, STATES, cqs


def as_cfx_packs(content):
    """Members with backslashes and in small letters, as CFX Manager and Maestro name them."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as plain, zipfile.ZipFile(packed, "w") as out:
        for name in plain.namelist():
            out.writestr(name.lower().replace("/", "\\"), plain.read(name))
    return packed.getvalue()


SHEETS = {
    "0": [
        HEADER.strip().split(","),
        *(
            ["", *row[1:7], float(row[7]) if row[7] != "NaN" else ""]
            for row in (line.split(",") for line in ROWS.split("\r\n")[:-1])
        ),
    ],
    "Run Information": [line.split(",") for line in INFORMATION.split("\r\n")[:-1]],
}
DYES = {
    "FAM": [
        [cell if not row or not cell else float(cell) for cell in line.split(",")]
        for row, line in enumerate(CURVES.split("\r\n")[:-1])
    ],
    "Run Information": SHEETS["Run Information"],
}


def test_workbooks_as_cfx_packs_them(tmp_path):
    files = {
        "run 7 -  Quantification Cq Results.xlsx": as_cfx_packs(workbook(SHEETS)),
        "curves.xlsx": as_cfx_packs(workbook(DYES)),
    }
    record, reactions, curves = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert (cqs(reactions), len(curves)) == (STATES, 4)
    assert (record.run_date, record.software) == ("2026-02-03", "CFX Maestro 5.0.021.0616")
    assert [r.state for r in reactions] == ["ok", "ok", "undetermined", "ok"]


def test_csv_files_saved_as_workbooks(tmp_path):
    """Excel names the only sheet after the file, cut off at 31 letters."""
    files = {
        CQS.replace("csv", "xlsx"): workbook({CQS[:31]: SHEETS["0"]}),
        FAM.replace("csv", "xlsx"): workbook({FAM[:31]: DYES["FAM"]}),
    }
    record, reactions, curves = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert (cqs(reactions), len(curves)) == (STATES, 4)


def test_a_sheet_and_a_name_of_two_dyes_are_refused(tmp_path):
    files = {CQS: GOOD[CQS], HEX.replace("csv", "xlsx"): as_cfx_packs(workbook(DYES))}
    assert "curves of 'FAM', the name says 'HEX'; expected one dye" in rejection(tmp_path, files)


def test_dyes_of_different_lengths_are_refused(tmp_path):
    sheets = DYES | {"HEX": DYES["FAM"][:-1]}
    message = rejection(tmp_path, {**GOOD, "curves.xlsx": as_cfx_packs(workbook(sheets))})
    assert "dyes of different numbers of cycles" in message


def test_run_information_as_a_workbook(tmp_path):
    notes = workbook({"Run Information": SHEETS["Run Information"]})
    record, _, _ = read_folder(tmp_path, GOOD | {"run 7 -  Run Information.xlsx": notes})
    assert (record.status, record.run_date) == ("read", "2026-02-03")


def test_a_workbook_of_curves_that_names_no_run_is_not_of_a_cfx(tmp_path):
    curves = workbook({"FAM": DYES["FAM"]})
    record, _, _ = read_folder(tmp_path, GOOD | {"curves.xlsx": curves})
    assert [f.subject for f in record.noticed if f.code == "file_not_used"] == ["curves.xlsx"]


def test_a_member_under_two_spellings_is_refused(tmp_path):
    content = workbook(SHEETS)
    twice = BytesIO(content)
    with zipfile.ZipFile(twice, "a") as out:
        out.writestr("xl\\Workbook.xml", "<workbook/>")
    message = rejection(tmp_path, {"run 7 -  Quantification Cq Results.xlsx": twice.getvalue()})
    assert "two archive members have one name" in message
