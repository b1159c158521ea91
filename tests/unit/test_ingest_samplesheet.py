"""The sample sheet: what it says, whom it speaks of, and what is wrong with it."""

import pytest
from ingest_exports import (
    CURVES,
    PANEL,
    RISING,
    abi,
    curve,
    read_folder,
    rejection,
    result,
    sentences,
)

from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import Role, State

ASSAYS = [assay.name for assay in PANEL.assays]
LABELS = [deletion.label for deletion in PANEL.deletions]
EXPORT = abi(
    result("A1", "S1", "F.4/R-7", "25.5"),
    result("A2", "S1", "ALB", "22.5"),
    result("A3", "S2", "Foreign", "30.5"),
    result("A4", "X", "F.4/R-7", "24.5"),
    result("A4", "X", "Other", "23.5"),
)


def read(tmp_path, sheet):
    files = {"export.csv": EXPORT, "samplesheet.csv": sheet}
    record, reactions, _ = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    return record, {(reaction.well, reaction.target): reaction for reaction in reactions}


def test_the_sheet_wins(tmp_path):
    record, found = read(
        tmp_path,
        "well,sample,assay,role,expected,input_ng,specimen,patient_ref,replicate_of,exclude\n"
        'A1,P1,,positive control,"D4-7, del2-8",12.5,blood,p/1,,\n'
        "A2,,,NTC,none,,,,S1,bubble\n"
        "A3,,F.4/R-8,,,,,,,\n",
    )
    first, second, third = found["A1", "F.4/R-7"], found["A2", "ALB"], found["A3", "Foreign"]
    assert (first.sample, first.role, first.input_ng) == ("P1", Role.POSITIVE_CONTROL, 12.5)
    assert (second.sample, second.role, second.state) == ("S1", Role.NTC, State.OMITTED)
    assert (second.ct, second.ct_text) == (22.5, "22.5")
    assert (third.assay, third.sample, third.role) == ("F.4/R-8", "S2", Role.UNKNOWN)
    four_seven, two_eight = "Δ" + "4-7", "Δ" + "2-8"
    assert record.sheet == (
        SheetEntry(
            "A1", "P1", "", Role.POSITIVE_CONTROL, (four_seven, two_eight), 12.5, "blood", "p/1"
        ),
        SheetEntry("A2", "", "", Role.NTC, (), replicate_of="S1", exclude="bubble"),
        SheetEntry("A3", assay="F.4/R-8"),
    )
    assert sentences(record, "excluded") == ["A2 S1 ALB: excluded by the sample sheet: bubble"]


def test_standards_markers_and_truth(tmp_path):
    """A truth of `negative` or `none` is one: nothing found. An empty cell is none."""
    record, _ = read(
        tmp_path,
        "well,role,copies,dilution,marker,truth\n"
        'A1,standard,1e5,,,"D4-7, D2-8"\n'
        "A2,standard,,0.001,4-7;2-8,Negative\n"
        "A3,,,1,none,none\n"
        "A4,,0.5,,,\n",
    )
    classes = ("Δ4-7", "Δ2-8")
    assert record.sheet == (
        SheetEntry("A1", role=Role.STANDARD, copies=100_000, truth=classes),
        SheetEntry("A2", role=Role.STANDARD, dilution=0.001, marker=classes, truth=()),
        SheetEntry("A3", dilution=1, truth=()),
        SheetEntry("A4", copies=0.5),
    )


def test_a_range_and_a_well_of_two_targets(tmp_path):
    record, found = read(tmp_path, "well;sample;role\nA1:A3;S9;\nA4;S8;standard\n")
    assert {well: reaction.sample for (well, _), reaction in found.items()} == {
        **dict.fromkeys(("A1", "A2", "A3"), "S9"),
        "A4": "S8",
    }
    assert {found["A4", name].role for name in ("F.4/R-7", "Other")} == {Role.STANDARD}
    assert [entry.well for entry in record.sheet] == ["A1", "A2", "A3", "A4"]


def test_rows_for_the_targets_of_one_well(tmp_path):
    sheet = "well\tsample\tassay\ttarget\nA4\tS8\tF.4/R-7\t\nA4\tS8\tALB\tother\n"
    record, found = read(tmp_path, sheet)
    assert found["A4", "F.4/R-7"].assay == "F.4/R-7"
    assert found["A4", "Other"].assay == "ALB"
    assert [(entry.well, entry.assay) for entry in record.sheet] == [
        ("A4", "F.4/R-7"),
        ("A4", "ALB"),
    ]


def test_a_line_of_wells_alone_says_nothing(tmp_path):
    record, _ = read(tmp_path, "\ufeffWell,Sample\r\nA1,S5\r\nH12,\r\n\r\n,\r\n")
    assert [entry.well for entry in record.sheet] == ["A1"]


def test_the_sheet_against_the_task_is_a_finding(tmp_path):
    files = {
        "e.csv": abi(result("A1", "S1", "ALB", "22.5", task="NTC")),
        "samplesheet.csv": "well,role\nA1,unknown\n",
    }
    record, reactions, _ = read_folder(tmp_path, files)
    assert reactions[0].role is Role.UNKNOWN
    assert sentences(record, "role_contradiction") == [
        "A1: the export's task says ntc, the sample sheet says unknown, which counts"
    ]


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        ("", ": empty; expected a header line with the column 'well'"),
        (
            "well,smaple\nA1,S1\n",
            " line 1: column 'smaple' is unknown; expected well, target, sample, assay, role, "
            "expected, input_ng, specimen, patient_ref, replicate_of, exclude, copies, dilution, "
            "marker, truth; rename it",
        ),
        ("sample\nS1\n", " line 1: column 'well' missing; found 'sample'; add it"),
        ("well,well\nA1,A1\n", " line 1: column 'well' stands twice; delete one"),
        ("well,sample\nA1,a,b\n", " line 2: 3 cells, the header has 2; mend the line"),
        (
            "well,sample\n\nH12,S1\n",
            " line 3: the export has no reaction in well H12; mend the line",
        ),
        ("well,sample\nQ1,S1\n", " line 2: 'Q1' is no well; wells are A1 to P24, ranges A1:A6"),
        (
            "well,sample\nA3:A1,S1\n",
            " line 2: 'A3:A1' is no range; write it as A1:B6; wells are A1 to P24, ranges A1:A6",
        ),
        (
            "well,sample\n,S1\n",
            " line 2: no well; write one such as A1, or a range such as A1:A6",
        ),
        (
            "well,sample\nA1,S1\nA1:A2,S2\n",
            " line 3: well A1 is spoken of in line 2 already; delete one line",
        ),
        (
            "well,assay\nA1,F.9/R-9\n",
            f" line 2: assay 'F.9/R-9' is unknown; expected one of {', '.join(ASSAYS)}",
        ),
        (
            "well,role\nA1,patient\n",
            " line 2: role 'patient' is unknown; expected one of unknown, ntc, positive_control, "
            "negative_control, standard",
        ),
        (
            "well,expected\nA1,D1-8\n",
            f" line 2: class 'D1-8' is unknown; expected {', '.join(LABELS)} or none",
        ),
        (
            "well;input_ng\nA1;1,5\n",
            " line 2: input_ng '1,5'; expected a number above 0 with a decimal point",
        ),
        (
            "well,input_ng\nA1,-3\n",
            " line 2: input_ng '-3'; expected a number above 0 with a decimal point",
        ),
        (
            "well,input_ng\nA1,nan\n",
            " line 2: input_ng 'nan'; expected a number above 0 with a decimal point",
        ),
        (
            "well,exclude\nA1,No\n",
            " line 2: exclude 'No'; expected why the well is left out, or nothing",
        ),
        (
            "well,copies\nA1,1e-400\n",
            " line 2: copies '1e-400'; expected a number above 0 with a decimal point",
        ),
        (
            "well,dilution\nA1,0\n",
            " line 2: dilution '0'; expected a number above 0 with a decimal point",
        ),
        (
            "well,dilution\nA1,1.5\n",
            " line 2: dilution '1.5'; expected a share, at most 1, such as 0.001",
        ),
        (
            "well,marker\nA1,positive\n",
            f" line 2: class 'positive' is unknown; expected {', '.join(LABELS)} or none",
        ),
        (
            "well,truth\nA1,wild\n",
            f" line 2: class 'wild' is unknown; expected {', '.join(LABELS)} or none",
        ),
        (
            "well,assay\nA4,F.4/R-8\n",
            " line 2: assay F.4/R-8 fits no target of well A4; found 'F.4/R-7', 'Other'; "
            "name one in the column 'target'",
        ),
        (
            "well,target,assay\nA1,ALB,ALB\n",
            " line 2: target 'ALB' is not in well A1; found 'F.4/R-7'; "
            "name one in the column 'target'",
        ),
        (
            "well,sample\nA1,M\xfcller\n".encode("latin-1"),
            " line 2: not UTF-8; save the sheet as CSV UTF-8",
        ),
        ('well,sample\nA1,"S1\n', " line 2: unreadable (unexpected end of data); mend the quotes"),
        ("well,sample\nA1,S\0\n", ": NUL byte; save the sheet as CSV UTF-8"),
        (
            "well,sample\nA1," + "x" * 201 + "\n",
            f" line 2: 201 letters, '{'x' * 40}…'; at most 200; shorten it",
        ),
        ("well\n" * 250_000, ": larger than 1000000 bytes; expected a plate's rows"),
    ],
)
def test_bad_sheets_are_one_line(tmp_path, sheet, reason):
    files = {"export.csv": EXPORT, "samplesheet.csv": sheet}
    assert rejection(tmp_path, files) == f"samplesheet.csv{reason}"


def test_a_row_for_a_foreign_target_says_nothing_of_the_well(tmp_path):
    record, found = read(tmp_path, "well,target,sample\nA4,Other,P9\nA4,F.4/R-7,P9\n")
    assert {found["A4", target].sample for target in ("Other", "F.4/R-7")} == {"P9"}
    assert record.sheet == (SheetEntry("A4", "P9", "F.4/R-7"),)


def test_wells_without_a_name_are_of_no_one_sample(tmp_path):
    """So that two of them may be of two patients."""
    text = abi(result("A1", "", "F.4/R-7", "25.5"), result("A2", "", "ALB", "22.5"))
    files = {"e.csv": text, "samplesheet.csv": "well,patient_ref\nA1,p/1\nA2,p/2\n"}
    record, _, _ = read_folder(tmp_path, files)
    assert [(e.well, e.patient_ref) for e in record.sheet] == [("A1", "p/1"), ("A2", "p/2")]


def test_a_dye_stands_for_a_target_that_nobody_named(tmp_path):
    files = {
        "e.csv": "Well,Sample,Dye,Ct\nA1,S1,FAM,25.5\nA2,S1,HEX,22.5\n",
        "samplesheet.csv": "well,target,assay\nA1,fam,F.4/R-7\nA2,HEX,ALB\n",
    }
    record, reactions, _ = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    assert [(r.dye, r.assay) for r in reactions] == [("FAM", "F.4/R-7"), ("HEX", "ALB")]


def test_an_assay_may_stand_once_in_a_well(tmp_path):
    files = {"e.csv": EXPORT, "samplesheet.csv": "well,target,assay\nA4,Other,F.4/R-7\n"}
    assert rejection(tmp_path, files) == (
        "e.csv: well A4 has 'F.4/R-7' twice (targets 'F.4/R-7' and 'Other'); expected each "
        "reaction once; mend the sample sheet or the export"
    )


@pytest.mark.parametrize("name", ["SampleSheet.csv", "sample_sheet.csv", "samplesheet.xlsx"])
def test_a_sheet_under_another_name_is_not_passed_over(tmp_path, name):
    assert rejection(tmp_path, {"e.csv": EXPORT, name: "well\n"}) == (
        f"{name}: looks like samplesheet.csv; rename it to samplesheet.csv, or remove it"
    )


def test_an_excluded_curve_stays(tmp_path):
    files = {
        "e.csv": abi(result("A1", "S1", "ALB", "3.25"), curves=curve("A1", "ALB", RISING)),
        "samplesheet.csv": "well,exclude\nA1,spilt\n",
    }
    _, reactions, curves = read_folder(tmp_path, files)
    assert reactions[0].state is State.OMITTED
    assert curves[0].values == RISING
    assert CURVES in files["e.csv"]
