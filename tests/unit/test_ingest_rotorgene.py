"""Rotor-Gene: the csv of an analysis, the run file, and tubes as positions of the rotor."""

import pytest
from ingest_exports import codes, read_export, read_folder, rejection
from round_trips import expected, found, round_trip

HEAD = '"Excel Analysed Data Export"\n"File";"run 7.rex"\n"Date";"{}"\n\n'
TITLE = '"Quantitative analysis of Cycling A.{} (Page 1)"\n\n'
COLUMNS = '"No.";"Name";"Type";"Ct";"Ct Comment";"Given Conc (ng/ul)"\n'
ROWS = (
    '"1";"S1";"Unknown";"2,5";"";""\n"9";"NTC";"NTC";"";"NEG (NTC)";""\n'
    '"10";"Std";"Standard";"1,25";"";",05"\n'
)
CSV = HEAD.format("22/09/2026") + TITLE.format("Green") + COLUMNS + ROWS + "\n\n"
SAMPLE = "<Sample><Name>{}</Name><Type>0</Type><TubePosition>{}</TubePosition></Sample>"


def rex(names=None, *, finish="2026-09-22T18:00:00", repeats=4, axis="Cycle"):
    names = names or {1: "S1", 9: "NTC", 10: "Std"}
    samples = "".join(SAMPLE.format(name, tube) for tube, name in names.items())
    readings = "".join(f"<Reading>{n}.5 1 2 {n}</Reading>" for n in range(1, 11))
    return (
        '<?xml version="1.0" encoding="utf-8" ?>\n<Experiment>\n<RexHeader>REX 3.14</RexHeader>'
        f"<StartTime>2026-09-22T16:33:56</StartTime><FinishTime>{finish}</FinishTime>"
        f"<Samples><Page>{samples}</Page></Samples><RawChannels><RawChannel>"
        f"<Name>Cycling A.Green</Name><XAxisLabel>{axis}</XAxisLabel>{readings}</RawChannel>"
        "<RawChannel><Name>HRM A.HRM</Name><XAxisLabel>deg.</XAxisLabel><Reading>1 2</Reading>"
        f"</RawChannel></RawChannels><Profile><Cycle><RepeatCount>{repeats}</RepeatCount></Cycle>"
        "</Profile></Experiment>\n"
    )


def test_csv_and_run_file_join(tmp_path):
    record, reactions, curves = read_folder(tmp_path, {"run 7.csv": CSV, "run 7.rex": rex()})
    assert (record.status, record.reason) == ("read", "")
    assert record.run_date == "2026-09-22"
    assert [(r.well, r.sample, r.ct, r.ct_text, r.state, r.role) for r in reactions] == [
        ("A1", "S1", 2.5, "2,5", "ok", "unknown"),
        ("B1", "NTC", None, "", "undetermined", "ntc"),
        ("B2", "Std", 1.25, "1,25", "ok", "standard"),
    ]
    assert {r.target for r in reactions} == {"Cycling A.Green"}
    assert [curve.values for curve in curves] == [(1.5, 1, 2, 1), (9.5, 1, 2, 9), (10.5, 1, 2, 10)]
    assert "instrument_flag" in codes(record)


def test_two_channels_in_one_csv(tmp_path):
    text = CSV + TITLE.format("Yellow") + COLUMNS + ROWS.replace("2,5", "3,5")
    export = read_export(tmp_path, text)
    assert [(r.well, r.target, r.ct) for r in export.records][::3] == [
        ("A1", "Cycling A.Green", 2.5),
        ("A1", "Cycling A.Yellow", 3.5),
    ]


@pytest.mark.parametrize(
    ("date", "iso"),
    [("22/09/2026", "2026-09-22"), ("09/22/2026", "2026-09-22"), ("09/08/2026", ""), ("", "")],
)
def test_a_date_that_may_be_two_is_none(tmp_path, date, iso):
    assert read_export(tmp_path, CSV.replace("22/09/2026", date)).run_date == iso


def test_comma_and_point_and_rotor_positions(tmp_path):
    text = CSV.replace(",", ".").replace(";", ",").replace('"9"', '"A2"').replace('"10"', '"I8"')
    export = read_export(tmp_path, text)
    assert [(r.well, r.ct) for r in export.records] == [("A1", 2.5), ("A2", None), ("I8", 1.25)]


BOMB = rex().replace(
    "<Experiment>", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>\n<Experiment>'
)
REFUSED = [
    ({"run 7.rex": rex()}, "no results of their plate"),
    ({"a.csv": CSV, "run 8.rex": rex()}, "curves of plate 'run 8', results in a.csv of plate"),
    ({"a.csv": CSV, "run 7.rex": rex({1: "S9", 9: "NTC", 10: "Std"})}, "well A1"),
    ({"a.csv": CSV, "run 7.rex": rex(finish="")}, "a run that has not finished"),
    ({"a.csv": CSV, "run 7.rex": rex(repeats=40)}, "curves of 4 cycles; expected [40]"),
    ({"a.csv": CSV, "run 7.rex": rex(axis="deg.")}, "a run file without cycling (a melt or HRM"),
    ({"a.csv": CSV, "run 7.rex": rex()[:-40]}, "cut off or damaged XML"),
    ({"a.csv": CSV, "run 7.rex": BOMB}, "cut off or damaged XML"),
    ({"a.csv": CSV, "run 7.rex": rex({101: "S1"})}, "'101' is no tube from 1 to 100"),
    ({"a.csv": CSV.replace('"9"', '"1"')}, "tube A1 has Cycling A.Green twice"),
    ({"a.csv": CSV.replace("Quantitative analysis of Cycling A.Green", "")}, "names no channel"),
    ({"a.csv": CSV.replace('"2,5"', '"2,5?"')}, "'2,5?'; expected a number"),
]


@pytest.mark.parametrize(("files", "message"), REFUSED)
def test_refusals_are_one_line(tmp_path, files, message):
    assert message in rejection(tmp_path, files)


def test_round_trip(tmp_path):
    plate, _, (record, reactions, curves) = round_trip(tmp_path, "rotorgene")
    assert record.status == "read", record.reason
    read = [(well, sample, ct, values) for well, sample, _, ct, values in found(reactions, curves)]
    wanted = expected(plate, curve=1)
    assert read == [(well, sample, ct, values) for well, sample, _, ct, values in wanted]
    assert [(r.well, r.state) for r in reactions if r.state == "omitted"] == [("A5", "omitted")]
