"""qTOWER: the table of qPCRsoft, with a gene of interest, a reference gene or both in a well."""

import pytest
from ingest_exports import read_export, rejection
from round_trips import expected, found, round_trip

ABOVE = (
    "Title:,t\r\nDate/Time:,9/15/2022 1:49:58 PM,x\r\nDevice:,qTOWER³ G,n\r\nHeated Lid:,100°C\r\n"
)
HEADER = "\r\nWell,,Sample name,Sample type,GOI,Reference gene,Ct GOI,Ct Ref. gene,dCt\r\n"
ROWS = (
    "A1,,S1,Unknown,F.4/R-7,ALB,30.25,22.5,7.75\r\n"
    "A2,,S2,Unknown,F.4/R-7,,No Ct,,\r\n"
    "A3,,S2,Unknown,,ALB,,23.5,\r\n"
    "A4,,S3,Unknown,,,,,\r\n"
    "A5,,,NTC,F.4/R-7,,,,\r\n"
)


def export_of(text):
    return text.encode("cp1252")


def test_genes_of_a_well_are_reactions_of_their_own(tmp_path):
    export = read_export(tmp_path, export_of(ABOVE + HEADER + ROWS))
    assert [(r.well, r.sample, r.target, r.ct, r.ct_text, r.state) for r in export.records] == [
        ("A1", "S1", "F.4/R-7", 30.25, "30.25", "ok"),
        ("A1", "S1", "ALB", 22.5, "22.5", "ok"),
        ("A2", "S2", "F.4/R-7", None, "No Ct", "undetermined"),
        ("A3", "S2", "ALB", 23.5, "23.5", "ok"),
        ("A4", "S3", "", None, "", "empty"),
        ("A5", "", "F.4/R-7", None, "", "no_data"),
    ]
    assert (export.instrument, export.run_date) == ("Analytik Jena qTOWER³ G", "2022-09-15")


def test_semicolon_and_decimal_comma(tmp_path):
    text = (ABOVE + HEADER + ROWS).replace(",", ";").replace("30.25", "30,25")
    text = text.replace("22.5", "22,5").replace("23.5", "23,5").replace("7.75", "7,75")
    export = read_export(tmp_path, export_of(text))
    assert [r.ct for r in export.records] == [30.25, 22.5, None, 23.5, None, None]


REFUSED = [
    ("A1,,S1,Unknown,F.4/R-7,,30,25,,\r\n", "10 cells where the header has 9"),
    ("A1,,S1,Unknown,F.4/R-7,,30.x,,\r\n", "Ct of A1 is '30.x'; expected a number"),
    ("A1,,S1,Unknown,F.4/R-7,F.4/R-7,30,31,\r\n", "well A1 has 'F.4/R-7' twice"),
    ("Q1,,S1,Unknown,F.4/R-7,,30,,\r\n", "'Q1' is no well"),
    ("", "no reactions below the header"),
    (ROWS[:-8], "cut off"),
]


@pytest.mark.parametrize(("rows", "message"), REFUSED)
def test_refusals_are_one_line(tmp_path, rows, message):
    assert message in rejection(tmp_path, {"e.csv": export_of(ABOVE + HEADER + rows)})


def test_round_trip_of_cts(tmp_path):
    """The format has no curves."""
    plate, _, (record, reactions, curves) = round_trip(tmp_path, "qtower")
    assert (record.status, record.reason) == ("read", "")
    wanted = [(*row[:4], ()) for row in expected(plate, curve=2)]
    assert found(reactions, curves) == wanted
    assert [(r.well, r.state) for r in reactions if r.state == "empty"] == [("C6", "empty")]
