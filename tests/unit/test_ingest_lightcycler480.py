"""LightCycler 480: Cp tables and raw data, joined by experiment, samples and filter."""

import re

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
# The real header ends with a tab, its rows do not; its melt numbers all points 1.
RAW_HEADER = "SamplePos\tSampleName\tProg#\tSeg#\tCycle#\tTime\tTemp\t465-510\t533-580\t\n"
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
            f"{start}\t3\t1\t1\t{point}\t{60 + 1.5 * point}\t7\t7" for point in range(1, melt + 1)
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
    """Headings as an early version of the software writes them, without the experiment."""
    text = (
        '"Position"\t"SampleName"\t"CrossingPoint"\t"Call"\n'
        '"A1"\t"S1"\t"24.10"\t"pdcPositive"\n"A2"\t"NTC"\t""\t"pdcNegative"\n'
    )
    export = read_export(tmp_path, text)
    assert [(r.well, r.sample, r.ct, r.state) for r in export.records] == [
        ("A1", "S1", 24.1, "ok"),
        ("A2", "NTC", None, "undetermined"),
    ]
    assert [finding.code for finding in export.noticed] == ["exclusions_unknown"]
    assert read_export(tmp_path, CPS).noticed == ()


def test_an_analysis_for_each_group_of_wells_takes_the_curves_of_its_wells(tmp_path):
    """A4 was measured and is in neither table: left out, but not lost."""
    rows = ROWS.splitlines(keepends=True)
    files = {"a.txt": TITLE + HEADER + "".join(rows[:2]), "b.txt": TITLE + HEADER + rows[2]}
    record, reactions, curves = read_folder(tmp_path, files | {"raw.txt": raw()})
    assert record.status == "read", record.reason
    assert [(r.well, r.file, r.state) for r in reactions] == [
        ("A1", "a.txt", "undetermined"),
        ("A2", "a.txt", "undetermined"),
        ("A3", "b.txt", "omitted"),
        ("A4", "a.txt", "omitted"),
    ]
    assert [curve.values[-1] for curve in curves] == [18, 30, 42, 54]


def test_a_plate_of_384_wells(tmp_path):
    wells = [f"{row}{column}" for row in "ABCDEFGHIJKLMNOP" for column in range(1, 25)]
    cps = [1 + i / 16 for i in range(len(wells))]
    rows = [
        f"True\t255\t{well}\tS {well}\t{cp}\t\t0\t\n" for well, cp in zip(wells, cps, strict=True)
    ]
    export = read_export(tmp_path, TITLE + HEADER + "".join(rows))
    assert export.plate_wells == 384
    assert [(r.well, r.sample, r.ct) for r in export.records] == [
        (well, f"S {well}", cp) for well, cp in zip(wells, cps, strict=True)
    ]


ALL_SAMPLES = (
    '"Experiment Name"\t"Analysis Name"\tIncluded\tPosition\t"SampleName"\tCrossingPoint\t'
    'Concentration\tStandard\t"StatusCodes"\t"StatusDesc"\tCall\tCpUncertain\tCpState\t'
    "CalcConcUncertain\r\n"
)


def of_all(well, cp, call="pdcPositive", **cells):
    """A row of the table of all samples; what is not there is a blank."""
    names = {"experiment": "run 7", "analysis": "Abs Quant/Fit Points for All Samples"} | cells
    status = f'"{cells.get("code", " ")}"\t"{cells.get("description", " ")}"'
    start = f'"{names["experiment"]}"\t"{names["analysis"]}"\t{cells.get("included", 1)}'
    return f'{start}\t{well}\t"S {well}"\t{cp}\t \t \t{status}\t{call}\t0\tcpsNormal\t0\r\n'


def test_the_table_of_all_samples_says_what_was_left_out_and_called(tmp_path):
    late = "Late Cp call (last five cycles) has higher uncertainty"
    text = ALL_SAMPLES + "".join(
        [
            of_all("A1", "14.2520551171164"),
            of_all("A2", " ", "pdcNegative"),
            of_all("A3", "30.1", included=0),
            of_all("A4", "35", code=">", description=late),
            of_all("A5", " ", "pdcNotCalculated"),
            of_all("A6", "33.5", "pdcUncertain"),
            of_all("A7", " ", "pdcPositive"),
        ]
    )
    export = read_export(tmp_path, text)
    assert export.plate == "run 7"
    assert [(r.well, r.ct, r.state, r.flags) for r in export.records] == [
        ("A1", 14.2520551171164, "ok", ()),
        ("A2", None, "undetermined", ()),
        ("A3", 30.1, "omitted", ()),
        ("A4", 35.0, "ok", (f"> {late}",)),
        ("A5", None, "no_data", ("pdcNotCalculated",)),
        ("A6", 33.5, "ok", ("pdcUncertain",)),
        ("A7", None, "no_data", ("pdcPositive",)),
    ]
    assert {r.target for r in export.records} == {""}


def test_two_analyses_of_one_experiment_stay_apart(tmp_path):
    rows = [of_all("A1", "20.1", analysis="FAM"), of_all("A1", "25.1", analysis="VIC")]
    export = read_export(tmp_path, ALL_SAMPLES + "".join(rows))
    assert [(r.target, r.ct) for r in export.records] == [("FAM", 20.1), ("VIC", 25.1)]


def test_the_table_of_a_report_names_the_type(tmp_path):
    """Inc, Pos, Name, Type, CP: the columns of a printed report."""
    text = (
        "Inc\tPos\tName\tType\tCP\tConcentration\tStandard\tStatus\n"
        "True\tA1\tS1\tUnknown\t21,35\t\t\t\nFalse\tA2\tN\tNegative Control\t\t\t\t\n"
    )
    export = read_export(tmp_path, text)
    assert [(r.well, r.task, r.ct, r.state) for r in export.records] == [
        ("A1", "Unknown", 21.35, "ok"),
        ("A2", "Negative Control", None, "omitted"),
    ]


@pytest.mark.parametrize("word", ["TRUE", "true", "1"])
def test_a_filter_without_wavelengths_is_the_target(tmp_path, word):
    text = CPS.replace("Selected Filter: FAM (465-510)", "Filter: SYBR Green I")
    files = {"cp.txt": text.replace("True", word), "raw.txt": one_channel(raw())}
    record, reactions, curves = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert {(r.target, r.dye) for r in reactions} == {("SYBR Green I", "465-510")}
    assert [curve.values[-1] for curve in curves] == [18, 30, 42, 54]


def one_channel(text):
    return re.sub(r"\t[79]\n", "\n", text.replace("\t533-580", ""))


WITHOUT_CP = {
    "an experiment file of the LightCycler 480 (.ixo)": (
        '<?xml version="1.0"?>\n<objectstream signature="IXOS" version="1"><obj name="root"/>\n'
    ),
    "curves of a chart": "X\tA1: Sample 1\tX\tA2: Sample 2\n1\t0.5\t1\t0.6\n",
    "without Pos, Name and Cp": TITLE + "Include\tColor\tPos\tName\tTm1\nTrue\t255\tA1\tS1\t81.5\n",
    "(of Tm, genotypes or means)": TITLE
    + "Include\tColor\tSamples\tMeanCp\nTrue\t255\tA1, A2\t20\n",
}


@pytest.mark.parametrize("reason", WITHOUT_CP)
def test_files_without_a_cp_say_what_to_export(tmp_path, reason):
    found = rejection(tmp_path, {"file.txt": WITHOUT_CP[reason]})
    assert reason in found
    assert "export the result table of the Abs Quant analysis, and the raw data" in found


def test_files_without_a_cp_beside_a_table_are_not_used(tmp_path):
    files = {f"{i}.txt": text for i, text in enumerate(WITHOUT_CP.values())}
    record, reactions, _ = read_folder(tmp_path, {"cp.txt": CPS} | files)
    assert (record.status, len(reactions)) == ("read", 4)
    assert len(sentences(record, "file_not_used")) == len(WITHOUT_CP)


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("numbered", [True, False])
def test_a_melt_is_never_taken_for_the_amplification(tmp_path, decimal, numbered):
    """As many points as cycles, numbered one by one or not, over 16.5 °C."""
    text = raw(cycles=12, melt=12)
    if numbered:
        for point in range(1, 13):
            text = text.replace(f"\t3\t1\t1\t{point}\t", f"\t3\t1\t{point}\t{point}\t")
    files = {"cp.txt": CPS, "raw.txt": text.replace(".", decimal)}
    files["raw.txt"] = files["raw.txt"].replace(f"1{decimal}5{decimal}0{decimal}39", "1.5.0.39")
    record, _, curves = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert [curve.values[-1] for curve in curves] == [18, 30, 42, 54]


def test_programs_beside_the_amplification_are_passed_over(tmp_path):
    """Six cycles of a touchdown, and twelve points that fall by 22 °C, all numbered."""
    others = "".join(
        f"{well}\t{sample}\t1\t1\t{n}\t{n}\t71.7\t7\t7\n"
        for well, sample in SAMPLES.items()
        for n in range(1, 7)
    ) + "".join(
        f"{well}\t{sample}\t4\t1\t{n}\t{n}\t{95 - 2 * n}\t7\t7\n"
        for well, sample in SAMPLES.items()
        for n in range(1, 13)
    )
    record, _, curves = read_folder(tmp_path, {"cp.txt": CPS, "raw.txt": raw() + others})
    assert record.status == "read", record.reason
    assert [curve.values[-1] for curve in curves] == [18, 30, 42, 54]


@pytest.mark.parametrize("name", ["FAM (465-510)", "SYBR Green I"])
def test_texts_saved_as_csv_by_a_spreadsheet(tmp_path, name):
    """Each line is as wide as the table, the first ones too."""
    files = {"cp.csv": CPS.replace("FAM (465-510)", name), "raw.csv": one_channel(raw())}
    files = {
        file: "".join(
            f"{line.replace(chr(9), ',')}{',' * (8 - line.count(chr(9)))}\r\n"
            for line in text.split("\n")[:-1]
        )
        for file, text in files.items()
    }
    record, reactions, curves = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert {r.target for r in reactions} == {name if "465" not in name else "465-510"}
    assert [curve.values[-1] for curve in curves] == [18, 30, 42, 54]


def test_a_narrow_melt_alone_is_no_amplification(tmp_path):
    """HRM: 40 numbered points from 80 to 90 °C."""
    rows = [f"A1\tS1\t3\t1\t{n}\t{n}\t{80 + n / 4}\t7\t7\n" for n in range(1, 41)]
    files = {"cp.txt": CPS, "raw.txt": RAW_TITLE + RAW_HEADER + "".join(rows)}
    assert "no amplification; found program 3.1 (40 points" in rejection(tmp_path, files)


REFUSED = [
    (
        {"cp.txt": CPS, "raw.txt": raw().replace("A2\tNTC\t2\t3\t5\t5\t71.67\t12.5\t9\n", "")},
        "well A2 has 11 of 12 cycles; cut off",
    ),
    ({"cp.txt": CPS, "raw.txt": raw(cycles=201, melt=0)}, "no amplification; found program 2.3"),
    ({"cp.txt": CPS.replace("Color\t", "CrossingPoint\t")}, "columns 'CrossingPoint', 'Cp'"),
    (
        {"cp.txt": ALL_SAMPLES + of_all("A1", "20") + of_all("A2", "21", experiment="run 8")},
        "results of 2 experiments ('run 7', 'run 8'); expected one plate",
    ),
    (
        {"cp.txt": CPS.replace("False", "Perhaps")},
        "A3 is neither included nor left out ('perhaps'); expected True or False",
    ),
    ({"cp.txt": CPS, "raw.txt": raw().replace("\t9\n", "\t9\t9\n", 1)}, "cut off"),
    ({"cp.txt": CPS.replace("S1\t", "S\t1\t")}, "a delimiter inside a cell"),
    ({"raw.txt": raw()}, "no results of their plate"),
    ({"a.txt": CPS, "b.txt": CPS.replace("21.35", "21.45"), "raw.txt": raw()}, "may be of"),
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


@pytest.mark.parametrize("name", ["lightcycler480", "lightcycler480_all_samples"])
def test_round_trip(tmp_path, name):
    plate, folder, (record, reactions, curves) = round_trip(tmp_path, name)
    assert record.status == "read", record.reason
    read = [(well, sample, ct, values) for well, sample, _, ct, values in found(reactions, curves)]
    wanted = expected(plate, curve=1)
    assert read == [(well, sample, ct, values) for well, sample, _, ct, values in wanted]
    assert [(r.well, r.state) for r in reactions if r.state == "omitted"] == [("A5", "omitted")]
    assert len(list(folder.glob("*.txt"))) == 2
