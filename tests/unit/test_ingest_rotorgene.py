"""Rotor-Gene: the csv of an analysis, raw data, the run file; tubes as positions of the rotor."""

import re

import pytest
from ingest_exports import (
    PANEL,
    codes,
    read_export,
    read_folder,
    rejection,
    sentences,
    settings,
)
from round_trips import expected, found, round_trip

from breakpoint_pcr.ingest.reading import read_run

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
    assert record.run_date == "2026-09-22"  # of the run file
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


def test_the_date_of_the_export_is_not_taken_for_that_of_the_run(tmp_path):
    """The software writes when the csv was made: a month later, the run file still joins."""
    later = CSV.replace("22/09/2026", "22/10/2026")
    assert read_export(tmp_path, later).run_date == ""
    record, _, curves = read_folder(tmp_path, {"run 7.csv": later, "run 7.rex": rex()})
    assert (record.run_date, len(curves)) == ("2026-09-22", 3)


# As Rotor-Gene Q software 2 writes the two files: File > Save As > Excel Analysis, Data Sheet.
TUBES = ("NTC", "S 1", "S,2")
HEAD_Q = (
    '"Excel {} Data Export"\r\n"Copyright (c) 2013 QIAGEN GmbH. All Rights Reserved."\r\n'
    '"File","run 7.rex"\r\n"Date","{}"\r\n"Time","11:15:04 AM"\r\n\r\n"Operator",""\r\n\r\n'
    '"Channel","Gain"\r\n"Green","5"\r\n\r\n"Channel","Threshold"\r\n'
    '"Cycling A.Green (Page 1)","0.13128"\r\n"Melt A.Green (Page 1)","0"\r\n'
    '"Cycling A.Yellow (Page 1)","0.1"\r\n\r\n'
)
COLUMNS_Q = (
    '"No.","Color","Name","Type","Ct","Ct Comment","Given Conc (Copies)","Calc Conc (Copies)",'
    '"% Var","Rep. Ct","Rep. Ct Std. Dev.","Rep. Ct (95% CI)"\r\n'
)
MELT_Q = (
    '"Melt analysis of Melt A.Green (Page 1)"\r\n\r\n"No.","Color","Name","Genotype","Peak 1"\r\n'
    '"1","255","NTC","","70.7"\r\n"27","16777215","","",""\r\n\r\n\r\n\r\n'
)


def analysis_q(channel, cts):
    rows = "".join(
        f'"{n}","255","{name}","{"NTC" if name == "NTC" else "Unknown"}","{ct}","","","","",'
        '"20.52","0.12","[20.22 , 20.82]"\r\n'
        for n, (name, ct) in enumerate(zip(TUBES, cts, strict=True), 1)
    )
    title = f'"Quantitative analysis of Cycling A.{channel} (Page 1)"\r\n\r\n'
    return title + COLUMNS_Q + rows + "\r\n" * 3


ANALYSIS_Q = (
    HEAD_Q.format("Analysed", "10/7/2024")
    + analysis_q("Green", ["", "2.46", "3.26"])
    + MELT_Q
    + analysis_q("Yellow", ["", "", "3.5"])
)
CURVES_Q = {"Green": 1, "Yellow": 2, "Red": 3}


def raw_q(axis=range(1, 5), names=TUBES, *, translated=False):
    """Raw data of three channels and a melt; tube 2 of Green is 1.02, 2.02, 3.02, 4.02."""
    text = HEAD_Q.format("Raw", "10/8/2024") + "\r\n"
    for channel, offset in CURVES_Q.items():
        text += f'"Channel Cycling A.{channel}"\r\n\r\n' + table_q(axis, names, offset, translated)
    return text + '"Channel Melt A.Green"\r\n\r\n' + table_q(range(65, 70), names, 0, translated)


def table_q(axis, names, offset, translated):
    rows = [["ID", " Page 1", *map(str, axis)]]
    for tube, name in enumerate(names, 1):
        light = [f"{offset + index + tube / 100:.14f}" for index, _ in enumerate(axis)]
        rows.append([str(tube), name, *light])
    rows = [list(column) for column in zip(*rows, strict=True)] if translated else rows
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows) + "\r\n" * 3


@pytest.mark.parametrize("translated", [False, True])
def test_the_csv_of_raw_data_joins_the_analysis(tmp_path, translated):
    files = {"a.csv": ANALYSIS_Q, "b.csv": raw_q(translated=translated)}
    record, reactions, curves = read_folder(tmp_path, files)
    assert (record.status, record.reason, record.run_date) == ("read", "", "")
    assert [(r.well, r.sample, r.target, r.ct, r.threshold, r.n_cycles) for r in reactions] == [
        ("A1", "NTC", "Cycling A.Green", None, 0.13128, 4),
        ("A1", "NTC", "Cycling A.Yellow", None, 0.1, 4),
        ("A2", "S 1", "Cycling A.Green", 2.46, 0.13128, 4),
        ("A2", "S 1", "Cycling A.Yellow", None, 0.1, 4),
        ("A3", "S,2", "Cycling A.Green", 3.26, 0.13128, 4),
        ("A3", "S,2", "Cycling A.Yellow", 3.5, 0.1, 4),
    ]
    assert [curve.values for curve in curves] == [
        tuple(float(f"{offset + cycle}.0{tube}") for cycle in range(4))
        for tube in (1, 2, 3)
        for offset in (1, 2)
    ]
    assert sentences(record, "curves_not_used") == [
        "b.csv: curves of 'Cycling A.Red' are of no result; not used"
    ]


def test_semicolons_and_decimal_commas(tmp_path):
    def localised(text):
        return re.sub(r'"(-?[0-9]+)\.([0-9]+)"', r'"\1,\2"', text).replace('","', '";"')

    files = {"a.csv": localised(ANALYSIS_Q), "b.csv": localised(raw_q(translated=True))}
    record, reactions, curves = read_folder(tmp_path, files)
    assert (record.status, record.reason) == ("read", "")
    assert [r.ct for r in reactions] == [None, None, 2.46, None, 3.26, 3.5]
    assert {r.threshold for r in reactions} == {0.13128, 0.1}
    assert curves[2].values == (1.02, 2.02, 3.02, 4.02)


def test_one_file_per_channel_shares_the_raw_data(tmp_path):
    head = HEAD_Q.format("Analysed", "10/7/2024")
    files = {
        "green.csv": head + analysis_q("Green", ["", "2.46", "3.26"]),
        "yellow.csv": head + analysis_q("Yellow", ["", "", "3.5"]),
        "raw.csv": raw_q(),
    }
    record, reactions, curves = read_folder(tmp_path, files)
    assert (record.status, len(reactions), len(curves)) == ("read", 6, 6)


def test_raw_data_and_run_file_may_stand_side_by_side(tmp_path):
    raw = HEAD_Q.format("Raw", "10/8/2024") + '\r\n"Channel Cycling A.Green"\r\n\r\n'
    raw += '"ID"," Page 1","1","2","3","4"\r\n"1","S1","1.5","1","2","1"\r\n\r\n'
    record, _, curves = read_folder(tmp_path, {"a.csv": CSV, "b.csv": raw, "run 7.rex": rex()})
    assert (record.status, len(curves)) == ("read", 3)
    (tmp_path / "run-1" / "b.csv").write_text(raw.replace('"2","1"', '"2","9"'), encoding="utf-8")
    record, *_ = read_run(tmp_path / "run-1", panel=PANEL, settings=settings())
    assert "well A1 'Cycling A.Green' has two curves" in record.reason


def test_a_place_of_the_rotor_without_name_is_no_reaction(tmp_path):
    """The run file of a rotor has all its places; one that the analysis lists keeps its curve."""
    text = CSV.replace('"NTC";"NTC"', '"";"NTC"')
    run = rex({1: "S1", 2: "", 3: "Forgotten", 9: "", 10: "Std"})
    _, reactions, curves = read_folder(tmp_path, {"a.csv": text, "run 7.rex": run})
    assert [(r.well, r.sample, r.state) for r in reactions] == [
        ("A1", "S1", "ok"),
        ("A3", "Forgotten", "omitted"),
        ("B1", "", "undetermined"),
        ("B2", "Std", "ok"),
    ]
    assert len(curves) == 4


def test_pages_that_name_a_tube_otherwise_leave_it_to_the_analysis(tmp_path):
    """One that the analysis leaves out was measured: two names are not the same as none."""
    names = {1: "S1", 2: "Left out", 9: "NTC", 10: "Std"}
    again = "".join(SAMPLE.format("Q", tube) for tube in (1, 2))
    run = rex(names).replace("</Page></Samples>", f"</Page><Page>{again}</Page></Samples>")
    record, reactions, curves = read_folder(tmp_path, {"a.csv": CSV, "run 7.rex": run})
    assert (record.status, len(curves)) == ("read", 4)
    assert [(r.well, r.sample, r.state) for r in reactions][:2] == [
        ("A1", "S1", "ok"),
        ("A2", "", "omitted"),
    ]


def test_pages_of_raw_data_that_name_a_tube_otherwise(tmp_path):
    pages = raw_q().replace('" Page 1"', '" Page 1"," Page 2"')
    for name in TUBES:
        pages = pages.replace(f',"{name}",', f',"{name}","{name if name == "NTC" else "Q"}",')
    last = '"3","S,2"'
    text = re.sub(rf"{last}.*\r\n", "", ANALYSIS_Q.replace('"3","255","S,2"', last))
    record, reactions, curves = read_folder(tmp_path, {"a.csv": text, "b.csv": pages})
    assert (record.status, record.reason, len(curves)) == ("read", "", 6)
    assert [(r.well, r.sample, r.state) for r in reactions][4:] == [("A3", "", "omitted")] * 2


def test_a_run_of_two_cyclings(tmp_path):
    """A touchdown of 4 cycles before the 6 that are analysed: each channel has its own length."""
    second = "".join("<Reading>1 2 3 4 5 6</Reading>" for _ in range(10))
    channel = f"<RawChannel><Name>Cycling B.Green</Name><XAxisLabel>Cycle</XAxisLabel>{second}"
    run = rex().replace("</RawChannels>", f"{channel}</RawChannel></RawChannels>")
    run = run.replace("</Profile>", "<Cycle><RepeatCount>6</RepeatCount></Cycle></Profile>")
    files = {"a.csv": CSV.replace("Cycling A.Green", "Cycling B.Green"), "run 7.rex": run}
    record, reactions, curves = read_folder(tmp_path, files)
    assert (record.status, record.reason) == ("read", "")
    assert {(r.n_cycles, r.ct) for r in reactions} == {(6, 2.5), (6, None), (6, 1.25)}
    assert {curve.values for curve in curves} == {(1, 2, 3, 4, 5, 6)}


def test_a_tube_of_no_type_is_empty(tmp_path):
    text = CSV.replace('"9";"NTC";"NTC"', '"9";"";"None"')
    assert [str(r.state) for r in read_export(tmp_path, text).records] == ["ok", "empty", "ok"]


def test_a_table_below_another_title_is_not_taken_for_the_channel_above(tmp_path):
    text = CSV + '"Comparative analysis of Cycling A.Yellow (Page 1)"\n\n' + COLUMNS + ROWS
    assert "names no channel" in rejection(tmp_path, {"a.csv": text})


def test_comma_and_point_and_rotor_positions(tmp_path):
    text = CSV.replace(",", ".").replace(";", ",").replace('"9"', '"A2"').replace('"10"', '"I8"')
    export = read_export(tmp_path, text)
    assert [(r.well, r.ct) for r in export.records] == [("A1", 2.5), ("A2", None), ("I8", 1.25)]


SAME = "Cycling A.Green</Name><XAxisLabel>Cycle"
MELT_ALONE = re.sub(r'"Channel Cycling.*?(?="Channel Melt)', "", raw_q(), flags=re.DOTALL)
BOMB = rex().replace(
    "<Experiment>", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>\n<Experiment>'
)
REFUSED = [
    ({"run 7.rex": rex()}, "no results of their plate"),
    ({"a.csv": CSV, "run 8.rex": rex()}, "curves of plate 'run 8', results in a.csv of plate"),
    ({"a.csv": CSV, "run 7.rex": rex({1: "S9", 9: "NTC", 10: "Std"})}, "well A1"),
    ({"a.csv": CSV, "run 7.rex": rex(finish="")}, "a run that has not finished"),
    ({"a.csv": CSV, "run 7.rex": rex(repeats=40)}, "4 cycles, where the protocol has 40"),
    ({"a.csv": CSV, "run 7.rex": rex({1: "S1", 11: "S2"})}, "readings of 10 tubes"),
    ({"b.csv": raw_q()}, "no results of their plate"),
    ({"a.csv": CSV, "b.csv": raw_q().replace("run 7", "run 8")}, "curves of plate 'run 8'"),
    ({"a.csv": ANALYSIS_Q, "b.csv": raw_q(names=("NTC", "S 1", "S 9"))}, "well A3 has a curve"),
    (
        {"a.csv": ANALYSIS_Q, "b.csv": raw_q(range(60, 64))},
        "has readings at '60', '61', '62', '63'",
    ),
    ({"a.csv": ANALYSIS_Q, "b.csv": MELT_ALONE}, "without a table of cycling"),
    ({"a.csv": CSV.replace('"9"', '\n"9"')}, "line 10: a blank row within a table"),
    ({"a.csv": CSV + ROWS}, "line 13: a blank row within a table"),
    ({"a.csv": CSV + COLUMNS + ROWS.replace("A", "C")}, "a table that names no channel"),
    (
        {"b.csv": raw_q().replace('\r\n"2","S 1"', '\r\n\r\n"2","S 1"')},
        "a blank row within a table",
    ),
    (
        {"b.csv": raw_q(translated=True).replace('\r\n"3","3.01', '\r\n\r\n"3","3.01')},
        "a blank row within a table",
    ),
    ({"b.csv": raw_q(axis=(1, 2, 4, 5))}, "has readings at '1', '2', '4', '5'; expected cycles"),
    ({"b.csv": raw_q().replace('" Page 1","1"', '"Color","1"')}, "has readings at 'Color', '1'"),
    ({"b.csv": raw_q().replace("Channel Cycling", "Cycling")}, "a table that names no channel"),
    (
        {"b.csv": raw_q().replace('"1.02', '"1,02')},
        "has a point where the file's decimal mark is a comma",
    ),
    ({"b.csv": raw_q().replace('4.01000000000000"', '4.01000000000000","9"', 1)}, "7 cells where"),
    (
        {"a.csv": CSV, "run 7.rex": rex().replace("2.5 1 2 2", "2.5 1 2")},
        "has curves of 3, 4 cycles, where the protocol has 4",
    ),
    (
        {"a.csv": CSV, "run 7.rex": rex().replace("HRM A.HRM</Name><XAxisLabel>deg.", SAME)},
        "' twice",
    ),
    ({"b.csv": raw_q().replace(',"4.03000000000000"', "", 1)}, "5 cells where the header has 6"),
    ({"b.csv": raw_q().replace('\r\n"2","S 1"', '\r\n"1","S 1"')}, "Green' twice"),
    ({"b.csv": raw_q().replace('\r\n"2","S 1"', '\r\n"101","S 1"')}, "'101' is no tube"),
    ({"a.csv": ANALYSIS_Q.replace('"0.13128"', '"0.1x"')}, "threshold '0.1x' is no number"),
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


@pytest.mark.parametrize("name", ["rotorgene", "rotorgene_csv", "rotorgene_translated"])
def test_round_trip(tmp_path, name):
    plate, _, (record, reactions, curves) = round_trip(tmp_path, name)
    assert record.status == "read", record.reason
    read = [(well, sample, ct, values) for well, sample, _, ct, values in found(reactions, curves)]
    wanted = expected(plate, curve=1)
    assert read == [(well, sample, ct, values) for well, sample, _, ct, values in wanted]
    assert [(r.well, r.state) for r in reactions if r.state == "omitted"] == [("A5", "omitted")]
