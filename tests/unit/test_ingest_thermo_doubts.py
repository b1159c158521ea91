"""Thermo Fisher exports that contradict themselves, were edited, or leave half of it elsewhere."""

import pytest
from ingest_exports import (
    HEADER,
    PANEL,
    RESULTS,
    RISING,
    SETUP,
    abi,
    codes,
    curve,
    read_export,
    read_folder,
    rejection,
    result,
    sentences,
    workbook,
)
from test_ingest_eds import ROWS, SETUP_2, SUMMARY, feature, reaction, version_1, version_2, wells
from test_ingest_eds import SETUP as SETUP_XML
from test_ingest_sds1 import HEAD as SDS1_HEAD
from test_ingest_sds1 import PLAIN as SDS1
from test_ingest_sds1 import ROWS as SDS1_ROWS
from test_ingest_sds1 import SINGLE, single

from breakpoint_pcr.ingest.ct import judge_ct
from breakpoint_pcr.ingest.labels import classes_of
from breakpoint_pcr.ingest.numerals import Comma
from breakpoint_pcr.tables import Role, State

# StepOne: the task stands in the setup alone.
STEPONE = "[Results]\nWell,Sample Name,Target Name,Cт,Ct Threshold\n"


def set_up(*rows):
    return SETUP + "".join(rows) + "\n"


def test_what_the_results_leave_out_is_as_set_up(tmp_path):
    text = HEADER + set_up("A1,,ALB,NTC,FAM\n", "A2,P7,ALB,UNKNOWN,VIC\n")
    text += STEPONE + "A1,,ALB,24.12,0.2\nA2,,ALB,23.21,0.2\n"
    record, reactions, _ = read_folder(tmp_path, {"a.csv": text})
    assert [(r.well, r.sample, r.role, r.dye, r.ct) for r in reactions] == [
        ("A1", "", Role.NTC, "FAM", 24.12),
        ("A2", "P7", Role.UNKNOWN, "VIC", 23.21),
    ]
    assert "setup_contradiction" not in codes(record)


@pytest.mark.parametrize(
    ("planned", "found", "role", "said"),
    [
        ("NTC", "UNKNOWN", Role.NTC, "'NTC'"),
        ("UNKNOWN", "NTC", Role.NTC, "'NTC'"),
        ("STANDARD", "NTC", Role.NTC, "'NTC'"),
        ("UNKNOWN", "UNKNOWN", Role.UNKNOWN, ""),
        ("", "UNKNOWN", Role.UNKNOWN, ""),
    ],
)
def test_a_task_set_up_otherwise(tmp_path, planned, found, role, said):
    text = HEADER + set_up(f"A1,S1,ALB,{planned},FAM\n")
    text += RESULTS + result("A1", "S1", "ALB", "24.1", task=found)
    record, reactions, _ = read_folder(tmp_path, {"a.csv": text})
    assert reactions[0].role == role
    sentence = (
        f"A1: task {planned!r} in the setup, {found!r} in the results; {said} counts; analyse and "
        "export the run again"
    )
    assert sentences(record, "setup_contradiction") == ([sentence] if said else [])


@pytest.mark.parametrize("heading", ["CT", "CRT", "Cq"])
def test_two_columns_of_cts(tmp_path, heading):
    text = f"[Results]\nWell,Sample Name,Target Name,CT,Comments,{heading}\nA1,S1,ALB,24.1,x,"
    assert read_export(tmp_path, text + "24.1\n").records[0].ct == 24.1
    assert rejection(tmp_path, {"a.csv": text + "33.1\n"}) == (
        f"a.csv [Results] line 3: columns 'CT', '{heading}' with different values; expected one "
        "column of Cts; delete the others or export again"
    )


def test_numbers_and_positions_that_fit_no_plate(tmp_path):
    """The column of positions was sorted, and the block is not named."""
    text = "[Results]\nWell,Well Position,Target Name,CT\n1,A1,ALB,20.1\n2,A3,ALB,20.2\n"
    assert rejection(tmp_path, {"a.csv": text + "3,A2,ALB,20.3\n"}) == (
        "a.csv [Results]: well '2' and position 'A3' disagree; export again"
    )


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("Crt", "Crt"),
        ("Relative Threshold (Crt)", "Crt"),
        ("Relative threshold", "Crt"),
        ("Ct", "Cq"),
        ("Baseline Threshold", "Cq"),
    ],
)
def test_the_method_tells_a_crt(tmp_path, method, kind):
    text = (
        f"* Quantification Cycle Method = {method}\n\n[Results]\nWell,Target Name,Cq\nA1,T,24.1\n"
    )
    assert read_export(tmp_path, text).ct_kind == kind


@pytest.mark.parametrize(
    ("cts", "said"),
    [
        (["20", "21", "22.0", "23", "24"], 1),
        (["20", "21", "22", "23"], 0),
        (["20", "21", "22", "23", "24.01"], 0),
    ],
)
def test_rounded_cts_are_said(tmp_path, cts, said):
    text = abi(*(result(f"A{i}", "S1", "ALB", ct) for i, ct in enumerate(cts, 1)))
    record, _, _ = read_folder(tmp_path, {"a.csv": text})
    found = sentences(record, "cts_rounded")
    assert len(found) == said
    assert all(s.startswith("all 5 Cts are whole numbers, so the table was") for s in found)


def test_a_ct_without_its_decimal_mark(tmp_path):
    """A German Excel takes the point of 28.567 for one of thousands."""
    assert rejection(tmp_path, {"a.csv": abi(result("A1", "S1", "ALB", "28567"))}) == (
        "a.csv [Results] line 9: Ct of A1 is '28567', beyond the cycles of any run; the decimal "
        "mark was lost; export it again"
    )


def test_the_last_number_that_is_a_ct():
    assert judge_ct("200", comma=Comma.ABSENT, n_cycles=None) == (200.0, State.OK)
    with pytest.raises(ValueError, match="beyond the cycles"):
        judge_ct("200.1", comma=Comma.ABSENT, n_cycles=40)


def test_a_footer_may_list_names_with_commas(tmp_path):
    text = abi(result("A1", "S1", "ALB", "24.1"))
    text = text.replace("Analysis Type = Singleplex,,,,,,", "Endogenous Control = ALB, GAPDH, ACTB")
    assert [r.well for r in read_export(tmp_path, text).records] == ["A1"]


def test_a_comma_in_a_name_is_no_decimal_mark(tmp_path):
    text = "[Results]\nWell\tSample Name\tTarget Name\tCT\nA1\t0,5\tALB\t20.123\n"
    record = read_export(tmp_path, text).records[0]
    assert (record.sample, record.ct) == ("0,5", 20.123)
    record = read_export(tmp_path, text.replace("20.123", "20,123"), name="b").records[0]
    assert (record.sample, record.ct) == ("0,5", 20.123)


def test_a_comma_in_a_name_beside_curves_of_sds_1(tmp_path):
    curves = single(*SINGLE, head="Well,Detector,Sample").replace("FAM", '"0,5"')
    assert {r.sample for r in read_export(tmp_path, curves).records} == {"0,5"}


def quoted(text):
    return "".join(f'"{line}"\n' if line else "\n" for line in text.splitlines())


SDS_2 = "Well,PlateID,Sample Name,Detector Name,Task,Ct\nA1,p,S1,ALB,Unknown,24.1\n"
WHOLE_LINES = (
    "whole lines stand in quotes; expected quotes around single cells; export again, and do not "
    "save it from a spreadsheet"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SDS1_HEAD + SDS1_ROWS, WHOLE_LINES),
        (SDS_2, WHOLE_LINES),
        (single(*SINGLE), WHOLE_LINES),
        (
            abi(result("A1", "S1", "ALB", "24.1")),
            "'[Results]' without a row of headings that begins with Well; export again, and do not "
            "save it from a spreadsheet",
        ),
    ],
)
def test_whole_lines_in_quotes(tmp_path, text, reason):
    assert rejection(tmp_path, {"a.csv": quoted(text)}) == f"a.csv: {reason}"


def test_the_plain_forms_of_them_are_read(tmp_path):
    assert read_export(tmp_path, SDS_2).records[0].ct == 24.1
    assert read_export(tmp_path, SDS1, name="b").records[0].ct == 3.25


KEYS = [["Instrument Type", "QuantStudio 5"], ["Block Type", "96-Well 0.2-mL Block"], []]
TABLE = [
    ["Well", "Well Position", "Omit", "Sample", "Target", "Task", "Reporter", "Cq", "Threshold"],
    [1, "A1", "FALSE", "S1", "ALB", "UNKNOWN", "FAM", 24.123, 0.2],
    [2, "A2", True, "S2", "ALB", "NTC", "FAM", "UNDETERMINED", 0.2],
]
OTHER = [TABLE[0], [3, "A3", *TABLE[1][2:]]]


@pytest.mark.parametrize("name", ["Sheet1", "Results"])
@pytest.mark.parametrize("above", [KEYS, []])
def test_a_sheet_of_results_alone(tmp_path, name, above):
    """Copied into a workbook of its own, with or without the lines above the table."""
    export = read_export(tmp_path, workbook({name: above + TABLE}))
    assert export.format == "quantstudio_workbook"
    assert [(r.well, r.sample, r.task, r.state, r.ct) for r in export.records] == [
        ("A1", "S1", "UNKNOWN", State.OK, 24.123),
        ("A2", "S2", "NTC", State.OMITTED, None),
    ]


def test_a_second_plate_in_a_workbook(tmp_path):
    copied = {"Results": KEYS + TABLE, "Results (2)": KEYS + OTHER}
    assert rejection(tmp_path, {"a.xlsx": workbook(copied)}) == (
        "a.xlsx: sheets 'Results' and 'Results (2)' both hold results; expected one plate a file"
    )


def test_a_second_plate_below_the_first(tmp_path):
    rows = KEYS + TABLE + [[]] + KEYS + OTHER
    assert rejection(tmp_path, {"a.xlsx": workbook({"Results": rows})}) == (
        "a.xlsx sheet Results line 11: a second table below the first; expected one plate a file"
    )


DAMAGED = "is damaged or of an unknown version; export the run as xlsx"


@pytest.mark.parametrize("number", ["1_2", "１２", "", "12.0", "+12"])
def test_a_well_of_an_eds_is_a_plain_number(tmp_path, number):
    setup = SETUP_XML.replace("<Index>12</Index>", f"<Index>{number}</Index>")
    assert rejection(tmp_path, {"a.eds": version_1(setup=setup)}) == (
        f"a.eds: apldbio/sds/plate_setup.xml {DAMAGED}"
    )


def test_a_well_of_an_eds_has_one_sample(tmp_path):
    more = feature("sample", [(0, "<Sample><Name>S2</Name></Sample>")])
    setup = SETUP_XML.replace("</Plate>", f"{more}</Plate>")
    assert DAMAGED in rejection(tmp_path, {"a.eds": version_1(setup=setup)})


def test_only_line_ends_part_the_lines_of_an_eds(tmp_path):
    rows = ROWS.replace("12\tS1", "12\tS\x0b\x85\u20281")
    export = read_export(tmp_path, version_1(rows))
    assert [(r.well, r.sample) for r in export.records][1] == ("B1", "S\x0b\x85\u20281")
    assert len(export.records) == 4


def test_a_task_of_an_eds_set_up_otherwise(tmp_path):
    record, reactions, _ = read_folder(
        tmp_path, {"a.eds": version_1(ROWS.replace("ALB\tNTC", "ALB\tUNKNOWN"))}
    )
    assert {r.well: r.role for r in reactions}["B2"] == Role.NTC
    assert sentences(record, "setup_contradiction") == [
        "B2: task 'NTC' in the setup, 'UNKNOWN' in the results; 'NTC' counts; analyse and export "
        "the run again"
    ]


def with_wells(**changes):
    return SETUP_2 | {"wells": [SETUP_2["wells"][0] | changes, *SETUP_2["wells"][1:]]}


RESULTS_DAMAGED = "a.eds primary/analysis_result.json: {}; damaged; export the run as xlsx"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"omitted": "true"}, "omitted is neither true nor false"),
        ({"omitted": 1}, "omitted is neither true nor false"),
        ({"targetName": 7}, "targetName is no text"),
        ({"task": ["NTC"]}, "task is no text"),
        ({"amplificationResult": [3.25]}, "amplificationResult is no object"),
    ],
)
def test_a_result_of_another_type(tmp_path, changes, problem):
    """A mark or name that is not as expected must not count as none."""
    content = version_2(wells((0, reaction(3.25) | changes)))
    assert rejection(tmp_path, {"a.eds": content}) == RESULTS_DAMAGED.format(problem)


@pytest.mark.parametrize("found", [[[1, 2]], {"0": {}}, ["A1"]])
def test_results_that_are_no_list_of_objects(tmp_path, found):
    content = version_2({"wellResults": found})
    assert rejection(tmp_path, {"a.eds": content}) == RESULTS_DAMAGED.format(
        "wellResults is no list of objects"
    )


@pytest.mark.parametrize(
    "setup",
    [
        with_wells(omitted="true"),
        with_wells(sampleName=12),
        with_wells(targetAssignments="ALB"),
        SETUP_2 | {"wells": [SETUP_2["wells"][0], SETUP_2["wells"][0] | {"sampleName": "S9"}]},
        SETUP_2 | {"blockType": 384},
    ],
)
def test_a_setup_of_another_type_or_with_a_well_twice(tmp_path, setup):
    content = version_2(wells((0, reaction(3.25))), setup=setup)
    assert rejection(tmp_path, {"a.eds": content}) == f"a.eds: setup/plate_setup.json {DAMAGED}"


def test_marks_and_names_may_be_null(tmp_path):
    setup = with_wells(omitted=None)
    content = version_2(wells((0, reaction(3.25) | {"omitted": None, "task": None})), setup=setup)
    record = read_export(tmp_path, content).records[0]
    assert (record.sample, record.task, record.state) == ("S1", "UNKNOWN", State.OK)


def test_a_summary_of_another_type(tmp_path):
    content = version_2(wells((0, reaction(3.25))), summary=SUMMARY | {"runStatus": 3})
    assert rejection(tmp_path, {"a.eds": content}) == f"a.eds: summary.json {DAMAGED}"


@pytest.mark.parametrize("text", ["Δ4−7", "Δ4‑7", "del 4‐7"])
def test_labels_with_other_hyphens(text):
    assert classes_of(text, PANEL) == (PANEL.deletions[-2].label,)


def test_lists_of_labels_with_chinese_separators():
    both = (PANEL.deletions[-2].label, PANEL.deletions[-1].label)
    for text in ("D4-7、D4-8", "D4-7，D4-8", "D4-7；D4-8"):
        assert classes_of(text, PANEL) == both


@pytest.mark.parametrize("text", [";", " , ", "+"])
def test_a_list_without_a_label_is_not_none(text):
    with pytest.raises(ValueError, match="is unknown; expected"):
        classes_of(text, PANEL)


def test_a_baseline_to_the_last_cycle_leaves_the_curves_whole(tmp_path):
    row = result("A1", "S1", "ALB", "3.25").replace(",0.2,1,2,", ",0.2,1,5,")
    export = read_export(tmp_path, abi(row, curves=curve("A1", "ALB", RISING)))
    assert (export.n_cycles, codes(export)) == (5, [])


@pytest.mark.parametrize(("well", "wells_of_plate"), [("H12", 96), ("P24", 384), ("A13", 384)])
def test_the_smallest_plate_that_holds_the_wells(tmp_path, well, wells_of_plate):
    text = f"[Results]\nWell,Target Name,CT\n{well},ALB,20.1\n"
    assert read_export(tmp_path, text).plate_wells == wells_of_plate


def test_a_value_without_a_heading_is_refused(tmp_path):
    """A decimal comma moved the cells of a row whose header was padded with blank cells."""
    text = "[Results]\nWell,Sample Name,Target Name,CT,,\nA1,S1,ALB,20,123,\n"
    assert rejection(tmp_path, {"a.csv": text}).startswith(
        "a.csv [Results] line 3: 6 cells where the header has 4; a delimiter inside a cell, or a "
    )


def test_one_duplex_well_of_sds_1_among_many(tmp_path):
    """Its second detector has no other row, so that no lost cell explains the missing well."""
    rows = [f"A{i},S{i},F.4/R-7,Unknown,30.2{i},,,,,,\r\n" for i in range(1, 9)]
    rows.insert(3, ",,ALB,Unknown,24.10,,,,,,\r\n")
    records = read_export(tmp_path, SDS1_HEAD + "".join(rows)).records
    assert [(r.well, r.sample, r.ct) for r in records if r.target == "ALB"] == [("A3", "S3", 24.1)]
    assert len(records) == 9


@pytest.mark.parametrize(("last", "found"), [(96, None), (97, ["A1", "E1"])])
def test_numbers_of_sds_2_tell_the_plate_beyond_96(tmp_path, last, found):
    """97 is E1 of 24 columns; up to 96 both plates have each number."""
    text = SDS_2.replace("A1,p", "1,p") + f"{last},p,S2,ALB,Unknown,25.2\n"
    if found:
        assert [r.well for r in read_export(tmp_path, text).records] == found
    else:
        assert "wells are numbers up to 96, and nothing says" in rejection(tmp_path, {"a": text})


def test_a_table_of_dyes_by_cycle_is_no_curve(tmp_path):
    text = "# Block Type: 96-Well Block\n\nWell,Well Position,Cycle Number,Target,FAM\n1,A1,1,T,9\n"
    assert "a table without a Ct or curve of a well" in rejection(tmp_path, {"a.csv": text})
