"""Which results a file of curves belongs to, and what joins with them: CFX and LightCycler 480."""

import pytest
from ingest_exports import codes, read_folder, rejection, sentences, workbook
from test_ingest_cfx import CQ, CURVES, FAM, GOOD, HEADER, HEX
from test_ingest_cfx_exports import INFORMATION
from test_ingest_lightcycler480 import ALL_SAMPLES, CPS, SAMPLES, of_all, raw

ROX = FAM.replace("FAM", "ROX")
SECOND = CQ.replace(".csv", " (1).csv")
ONE = ",Cycle,A1\r\n,1,0\r\n,2,50\r\n,3,150\r\n,4,200\r\n"
# The dyes of one plate, a table each.
TWO = {
    CQ: HEADER + ",A01,FAM,F.4/R-7,Unkn,S1,,2.5,,,\r\n",
    SECOND: HEADER + ",A01,HEX,ALB,Unkn,S1,,1.5,,,\r\n",
}


def test_a_table_for_each_dye_takes_its_own_curves(tmp_path):
    hex_curves = ONE.replace(",1,0", ",1,50").replace(",2,50", ",2,150")
    record, reactions, curves = read_folder(tmp_path, TWO | {FAM: ONE, HEX: hex_curves})
    assert record.status == "read", record.reason
    found = {r.dye: (r.file, c.values) for r, c in zip(reactions, curves, strict=True)}
    assert found == {"FAM": (CQ, (0, 50, 150, 200)), "HEX": (SECOND, (50, 150, 150, 200))}


def test_curves_of_a_dye_that_no_table_holds_are_not_dropped(tmp_path):
    message = rejection(tmp_path, TWO | {FAM: ONE, HEX: ONE, ROX: ONE})
    assert "well A1 has a curve of 'ROX', the results in" in message


def test_dyes_in_one_file_beside_two_tables_are_said_once(tmp_path):
    rows = [[cell if not n else float(cell or 0) for cell in line.split(",")] for n, line in
            enumerate(ONE.split("\r\n")[:-1])]  # fmt: skip
    notes = [["File Name", "run 7.pcrd"]]
    sheets = {"FAM": rows, "HEX": rows, "ROX": rows, "Run Information": notes}
    record, _, curves = read_folder(tmp_path, TWO | {"curves.xlsx": workbook(sheets)})
    assert (record.status, len(curves)) == ("read", 2)
    assert sentences(record, "curves_not_used") == [
        "curves.xlsx: curves of 'ROX' are of no result; not used"
    ]


def test_a_sample_that_differs_is_named(tmp_path):
    message = rejection(tmp_path, {"cp.txt": CPS, "raw.txt": raw(SAMPLES | {"A1": "S9"})})
    assert (
        "well A1 has a curve of sample 'S9', the results in cp.txt say 'S1'; expected one sample"
        in message
    )


def test_two_channels_and_results_without_a_dye_are_refused(tmp_path):
    files = {"cp.txt": ALL_SAMPLES + of_all("A1", "5.1"), "raw.txt": raw({"A1": "S A1"}, melt=0)}
    assert (
        "well A1 has curves of '465-510' and '533-580', and the results tell no dye; expected one; "
        "export the curves of the analysed dye alone" in rejection(tmp_path, files)
    )


@pytest.mark.parametrize(
    ("file", "advised"),
    [(CQ.replace("run 7", "run 8"), False), ("cq.csv", True)],
)
def test_a_table_that_only_its_name_tells_may_be_renamed(tmp_path, file, advised):
    message = rejection(tmp_path, {file: GOOD[CQ], FAM: CURVES})
    assert ("name the results file as the curves' plate" in message) is advised


@pytest.mark.parametrize(("started", "used"), [("02/03/2026", True), ("02/04/2026", False)])
def test_run_information_of_another_day_is_not_used(tmp_path, started, used):
    """A run of the same name; the Cq table says its own day."""
    table = INFORMATION.replace("CFX Maestro Version,5.0.021.0616. ", "ID,") + "\r\n" + GOOD[CQ]
    information = INFORMATION.replace("02/03/2026", started)
    files = {CQ: table, FAM: CURVES, "run 7 -  Run Information.csv": information}
    record, _, _ = read_folder(tmp_path, files)
    assert (record.status, record.run_date) == ("read", "2026-02-03")
    assert record.software == ("CFX Maestro 5.0.021.0616" if used else "")
    assert ("file_not_used" in codes(record)) is not used


@pytest.mark.parametrize("first", [True, False])
def test_of_two_tables_the_more_exact_counts(tmp_path, first):
    exact = GOOD[CQ].replace("2.5,2.5", "2.503,2.503")
    files = {CQ: exact if first else GOOD[CQ].replace("2.5,2.5", "2.50,2.5")}
    files[SECOND] = files[CQ].replace("2.503", "2.50") if first else exact
    _, reactions, _ = read_folder(tmp_path, files | {FAM: CURVES})
    assert reactions[0].ct_text == "2.503"


def test_groups_of_wells_without_a_dye_are_not_joined(tmp_path):
    """Nothing says that both tables are of the channel of the raw data."""
    files = {
        "a.txt": ALL_SAMPLES + of_all("A1", "5.1"),
        "b.txt": ALL_SAMPLES + of_all("A2", "6.1"),
        "raw.txt": raw({"A1": "S A1", "A2": "S A2"}, melt=0),
    }
    assert "curves that may be of 'a.txt', 'b.txt'" in rejection(tmp_path, files)
