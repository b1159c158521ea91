"""qTOWER: the table of qPCRsoft, with a gene of interest, a reference gene or both in a well.

Beside it, the fluorescence export: its scans are cycles where the protocol says so.
"""

import pytest
from ingest_exports import read_export, read_folder, rejection
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


def test_a_ct_of_no_gene_is_kept(tmp_path):
    rows = ROWS + "A6,,S4,Unknown,,,,26.5,\r\n"
    record = read_export(tmp_path, export_of(ABOVE + HEADER + rows)).records[-1]
    assert (record.well, record.target, record.ct, record.state) == ("A6", "", 26.5, "ok")


def test_semicolon_and_decimal_comma(tmp_path):
    text = (ABOVE + HEADER + ROWS).replace(",", ";").replace("30.25", "30,25")
    text = text.replace("22.5", "22,5").replace("23.5", "23,5").replace("7.75", "7,75")
    export = read_export(tmp_path, export_of(text))
    assert [r.ct for r in export.records] == [30.25, 22.5, None, 23.5, None, None]


# As qPCRsoft writes it above both tables.
PROTOCOL = (
    "TC Protocol:,steps,scan,°C,m:s,goto,loops,delta Temp(°C),delta Time (s),ramp (°C/s\r\n"
    ",1,,95,02:00,0,0,0,0,4\r\n,2,,95,00:15,0,0,0,0,4\r\n,3,*,60,00:15,2,3,0,0,2\r\n"
    ",4,*,60,00:15,4,35,1,0,2\r\nMelt active:,Yes\r\n\r\n"
)
GENES = "A1,,S1,Unknown,F.4/R-7,,3.25,,\r\nA2,,S2,Unknown,,ALB,,No Ct,\r\nA4,,S3,Unknown,,,,,\r\n"
TABLE = ABOVE + PROTOCOL + HEADER + GENES


def light(scans=4, dyes=("FAM",), wells=("A1", "A2", "A4")):
    rows = [[dye, *map(str, range(1, scans + 1))] for dye in dyes]
    blocks = [
        [row, *([well, *(f"{n}.{scan}" for scan in range(scans))] for n, well in enumerate(wells))]
        for row in rows
    ]
    return "".join(",".join(row) + "\r\n" for block in blocks for row in block)


LONG = (ABOVE + PROTOCOL).replace(",2,3,0,0,2", ",2,200,0,0,2")


def both(curves, *, above=ABOVE + PROTOCOL, table=TABLE):
    return {"t.csv": export_of(table), "f.csv": export_of(above + curves)}


def test_the_fluorescence_joins_the_table(tmp_path):
    """A4 has neither gene and so no reaction; its light is not shown."""
    record, reactions, curves = read_folder(tmp_path, both(light()))
    assert (record.status, record.reason) == ("read", "")
    assert [(r.well, r.target, r.dye, r.ct, r.state, r.n_cycles) for r in reactions] == [
        ("A1", "F.4/R-7", "FAM", 3.25, "ok", 4),
        ("A2", "ALB", "FAM", None, "undetermined", 4),
        ("A4", "", "", None, "empty", 4),
    ]
    assert [curve.values for curve in curves] == [(0, 0.1, 0.2, 0.3), (1, 1.1, 1.2, 1.3)]


def test_a_step_that_repeats_itself_without_climbing_is_the_amplification(tmp_path):
    """Two-step PCR: step 3 alone is repeated; step 4 climbs by a degree each time."""
    above = (ABOVE + PROTOCOL).replace("60,00:15,2,3,0,0,2", "60,00:15,3,3,0,0,2")
    record, _, curves = read_folder(tmp_path, both(light(), above=above))
    assert (record.status, record.reason, len(curves)) == ("read", "", 2)


def test_a_well_without_light_has_no_curve(tmp_path):
    """A1 has a Ct alone; B1 was neither analysed nor measured."""
    curves = light(wells=("A2",)) + "A1,,,,\r\nB1,,,,\r\n"
    _, reactions, curves = read_folder(tmp_path, both(curves))
    assert [(r.well, r.curve_kind) for r in reactions] == [
        ("A1", "none"),
        ("A2", "raw"),
        ("A4", "none"),
    ]
    assert len(curves) == 1


def test_date_and_time_in_two_cells_are_the_same_start(tmp_path):
    """Another version writes them so."""
    above = (ABOVE + PROTOCOL).replace("9/15/2022 1:49:58 PM,x", "9/15/2022,1:49:58 PM")
    record, _, curves = read_folder(tmp_path, both(light(), above=above))
    assert (record.status, record.run_date, len(curves)) == ("read", "2022-09-15", 2)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (both(light(40)), "40 scans, where the protocol has 4 cycles at one temperature"),
        (both(light(36)), "36 scans, where the protocol has 4 cycles"),
        (both(light(), above=ABOVE), "4 scans, where the protocol has 0 cycles"),
        (both(light(dyes=("FAM", "JOE"))), "curves of several dyes ('FAM', 'JOE')"),
        (both(light(), above=(ABOVE + PROTOCOL).replace("Title:,t", "Title:,u")), "plate 'u, 9/15"),
        (both(light(), above=(ABOVE + PROTOCOL).replace("1:49", "2:49")), "plate 't, 9/15/2022 2"),
        (both(light(wells=("A1", "A1"))), "well A1 has 'FAM' twice"),
        (both(light(wells=("A1", "Q2"))), "'Q2' is no well"),
        (both(light().replace("1.1,1.2", "1.1,1.x")), "'1.x' is no number"),
        (both(light().replace("1.3\r\n", "1.3,9\r\n")), "6 cells where the header has 5"),
        (both(light().replace("1.1,1.2", "1.1")), "4 cells where the header has 5"),
        (both(light(), table=HEADER + GENES), "results in t.csv of plate 't.csv'"),
        (
            both(
                light(), above=(ABOVE + PROTOCOL).replace("t\r\nDate/Time:,9/15", "\r\nDate:,9/15")
            ),
            "curves of plate 'f.csv', results in t.csv of plate 't, 9/15/2022",
        ),
        (both(light(201), above=LONG), "201 scans, where the protocol has 201"),
        (both(light(wells=())), "no wells below 'FAM'"),
        ({"f.csv": export_of(ABOVE + PROTOCOL + light())}, "no results of their plate"),
    ],
)
def test_fluorescence_is_refused_in_one_line(tmp_path, files, message):
    assert message in rejection(tmp_path, files)


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


def test_round_trip(tmp_path):
    plate, _, (record, reactions, curves) = round_trip(tmp_path, "qtower")
    assert (record.status, record.reason) == ("read", "")
    assert found(reactions, curves) == expected(plate, curve=1)
    assert [(r.well, r.state) for r in reactions if r.state == "empty"] == [("C6", "empty")]
