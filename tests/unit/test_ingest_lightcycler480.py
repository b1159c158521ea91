"""LightCycler 480: Cp tables and raw data, joined by experiment, samples and filter."""

import pytest
from ingest_exports import codes, read_export, read_folder, rejection, sentences
from round_trips import expected, found, round_trip

TITLE = "Experiment: run 7  Selected Filter: FAM (465-510)\n"
HEADER = "Include\tColor\tPos\tName\tCp\tConcentration\tStandard\tStatus\n"
ROWS = (
    "True\t255\tA1\tS1\t21.35\t1.01E5\t0\t\n"
    "True\t65280\tA2\tNTC\t\t\t0\t\n"
    "False\t255\tA3\tS2\t35.50\t\t0\t\n"
    "True\t255\tA4\tStd1\t36.00\t1E2\t100\t>\n"
)
CPS = TITLE + HEADER + ROWS
RAW_TITLE = "Raw Data \t\tExperiment - run 7 (Run on LCS480 1.5.0.39)\n"
RAW_HEADER = "SamplePos\tSampleName\tProg#\tSeg#\tCycle#\tTime\tTemp\t465-510\t533-580\n"
SAMPLES = {"A1": "S1", "A2": "NTC", "A3": "S2", "A4": "Std1"}


def raw(samples=SAMPLES, cycles=12, melt=20, title=RAW_TITLE):
    """Light of well A1 is 1.5 per cycle, of A2 2.5 and so on; the other channel is always 9."""
    rows = []
    for index, (well, sample) in enumerate(samples.items(), 1):
        start = f"{well}\t{sample}"
        rows += [
            f"{start}\t2\t3\t{cycle}\t{cycle}\t71.67\t{cycle * (index + 0.5)}\t9"
            for cycle in range(1, cycles + 1)
        ]
        rows += [
            f"{start}\t3\t1\t{point}\t{point}\t{60 + 1.5 * point}\t7\t7"
            for point in range(1, melt + 1)
        ]
    return title + RAW_HEADER + "\n".join(rows) + "\n"


def test_cps_and_raw_data_join(tmp_path):
    record, reactions, curves = read_folder(tmp_path, {"cp.txt": CPS, "raw.txt": raw()})
    assert (record.status, record.reason, record.ct_kind) == ("read", "", "Cp")
    assert [(r.well, r.sample, r.dye, r.ct, r.ct_text, r.state) for r in reactions] == [
        ("A1", "S1", "465-510", None, "21.35", "undetermined"),
        ("A2", "NTC", "465-510", None, "", "undetermined"),
        ("A3", "S2", "465-510", None, "35.50", "omitted"),
        ("A4", "Std1", "465-510", None, "36.00", "undetermined"),
    ]
    assert [r.role for r in reactions] == ["unknown", "ntc", "unknown", "standard"]
    assert {(r.curve_kind, r.n_cycles) for r in reactions} == {("raw", 12)}
    assert [curve.values[-1] for curve in curves] == [18, 30, 42, 54]
    assert sentences(record, "curves_not_used") == [
        "raw.txt: curves of '533-580' are of no result; not used"
    ]
    assert "instrument_flag" in codes(record)


def test_cps_alone_are_read_without_curves(tmp_path):
    export = read_export(tmp_path, CPS)
    assert [(r.well, r.ct, r.state) for r in export.records] == [
        ("A1", 21.35, "ok"),
        ("A2", None, "undetermined"),
        ("A3", 35.5, "omitted"),
        ("A4", 36.0, "ok"),
    ]
    assert (export.plate, export.instrument) == ("run 7", "Roche LightCycler 480")


def test_a_decimal_comma_in_the_temperature_alone_is_understood(tmp_path):
    text = raw(melt=0).replace("71.67", "71,67").replace(".5\t9", "\t9").replace(".0\t9", "\t9")
    record, _, curves = read_folder(tmp_path, {"cp.txt": CPS, "raw.txt": text})
    assert record.status == "read", record.reason
    assert curves[0].values[1] == 3


def test_two_filters_of_one_experiment_take_their_own_channel(tmp_path):
    vic = CPS.replace("FAM (465-510)", "VIC (533-580)")
    files = {"fam.txt": CPS, "vic.txt": vic, "raw.txt": raw(melt=0)}
    record, reactions, curves = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert [(r.well, r.dye) for r in reactions][:2] == [("A1", "465-510"), ("A1", "533-580")]
    assert [curve.values[-1] for curve in curves][:4] == [18, 9, 30, 9]


def test_the_quoted_table_of_all_samples_is_read(tmp_path):
    """Layout from documentation, no real file seen."""
    text = (
        '"Position"\t"SampleName"\t"CrossingPoint"\t"Call"\n'
        '"A1"\t"S1"\t"24.10"\t"pdcPositive"\n"A2"\t"NTC"\t""\t"pdcNegative"\n'
    )
    export = read_export(tmp_path, text)
    assert [(r.well, r.sample, r.ct, r.state) for r in export.records] == [
        ("A1", "S1", 24.1, "ok"),
        ("A2", "NTC", None, "undetermined"),
    ]


REFUSED = [
    ({"raw.txt": raw()}, "no results of their plate"),
    (
        {"cp.txt": CPS, "raw.txt": raw(title=RAW_TITLE.replace("run 7", "run 8"))},
        "curves of plate 'run 8', results in cp.txt of plate 'run 7'",
    ),
    (
        {"cp.txt": CPS, "raw.txt": raw(SAMPLES | {"A1": "S9"})},
        "well A1",
    ),
    (
        {"cp.txt": HEADER + ROWS, "raw.txt": raw()},
        "curves of plate 'run 7', results in cp.txt of plate 'cp'",
    ),
    ({"cp.txt": CPS, "raw.txt": raw(title="\n")}, "raw data that name no experiment"),
    ({"cp.txt": CPS, "raw.txt": raw(cycles=0)}, "no amplification; found program 3.1 (20 points"),
    (
        {"cp.txt": CPS, "raw.txt": raw().replace("\t2\t3\t5\t", "\t2\t3\t4\t", 1)},
        "no amplification",
    ),
    ({"cp.txt": CPS, "raw.txt": raw(melt=0)[:-40]}, "cut off"),
    ({"cp.txt": CPS[:-12]}, "cut off"),
    ({"cp.txt": CPS + "True\t255\tA1\tS1\t21.35\t\t0\t\n"}, "well A1 stands twice"),
    ({"cp.txt": CPS.replace("21.35", "21.35?")}, "Cp of A1 is '21.35?'; expected a number"),
    ({"cp.txt": CPS.replace("A1", "Z1")}, "'Z1' is no well"),
]


@pytest.mark.parametrize(("files", "message"), REFUSED)
def test_refusals_are_one_line(tmp_path, files, message):
    assert message in rejection(tmp_path, files)


def test_two_programs_that_may_be_the_amplification_are_refused(tmp_path):
    second = (
        raw(cycles=12, melt=0).removeprefix(RAW_TITLE + RAW_HEADER).replace("\t2\t3\t", "\t5\t1\t")
    )
    files = {"cp.txt": CPS, "raw.txt": raw(melt=0) + second}
    assert "programs '2.3', '5.1' may be the amplification" in rejection(tmp_path, files)


def test_round_trip(tmp_path):
    plate, folder, (record, reactions, curves) = round_trip(tmp_path, "lightcycler480")
    assert record.status == "read", record.reason
    read = [(well, sample, ct, values) for well, sample, _, ct, values in found(reactions, curves)]
    wanted = expected(plate, curve=1)
    assert read == [(well, sample, ct, values) for well, sample, _, ct, values in wanted]
    assert [(r.well, r.state) for r in reactions if r.state == "omitted"] == [("A5", "omitted")]
    assert len(list(folder.glob("*.txt"))) == 2
