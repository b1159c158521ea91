"""Mix-ups that leave a plausible run behind: nothing of them may stay unsaid.

Expected roles, samples and levels follow from the files as written here, by hand.
"""

import pytest
from ingest_exports import (
    HEADER,
    RESULTS,
    SETUP,
    abi,
    codes,
    read_folder,
    rejection,
    result,
    sentences,
    workbook,
)

from breakpoint_pcr.tables import Level, Role

ALL = ("F.2a/R-7", "F.4/R-7")


def plate(*samples, tasks=()):
    """One row a sample: its two assays in neighbouring wells A1 A2, B1 B2, ..."""
    given = dict(tasks)
    return abi(
        *[
            result(f"{row}{column}", name, target, "25.5", task=given.get(name, "UNKNOWN"))
            for row, name in zip("ABCDEFGH", samples, strict=False)
            for column, target in enumerate(ALL, 1)
        ]
    )


def read(tmp_path, text, sheet=""):
    files = {"e.csv": text} | ({"samplesheet.csv": sheet} if sheet else {})
    record, reactions, _ = read_folder(tmp_path, files)
    assert record.status == "read", record.reason
    return record, reactions


def level_of(record, code):
    (level,) = {finding.level for finding in record.noticed if finding.code == code}
    return level


# The sheet against the export.


def test_a_new_name_is_told_quietly(tmp_path):
    record, reactions = read(tmp_path, plate("1", "2"), "well,sample\nA1:A2,P-7\nB1:B2,P-9\n")
    assert [reaction.sample for reaction in reactions] == ["P-7", "P-7", "P-9", "P-9"]
    assert level_of(record, "sample_renamed") is Level.INFO
    assert sentences(record, "sample_renamed") == [
        "A1, A2: the export's sample is '1', the sample sheet's 'P-7', which counts",
        "B1, B2: the export's sample is '2', the sample sheet's 'P-9', which counts",
    ]


def test_two_samples_exchanged_by_the_sheet(tmp_path):
    record, _ = read(tmp_path, plate("S1", "S2"), "well,sample\nA1:A2,S2\nB1:B2,S1\n")
    assert level_of(record, "sample_contradiction") is Level.WARNING
    assert sentences(record, "sample_contradiction")[0] == (
        "A1, A2: the export's sample is 'S1', the sample sheet's 'S2', which counts; the export "
        "has that name in other wells"
    )


@pytest.mark.parametrize(
    ("sheet", "about"),
    [
        ("A1,P1\nA2,P2\n", ["P1", "P2"]),  # one sample of the export parted
        ("A1,P1\n", ["P1"]),  # the same, the other well keeps its name
        ("A1:B2,P1\n", ["P1"]),  # two samples of the export joined
        ("A1:A2,P1\nC1:C2,P2\n", ["P2"]),  # a control of the export becomes a sample
    ],
)
def test_a_sample_parted_or_joined(tmp_path, sheet, about):
    record, _ = read(tmp_path, plate("S1", "S2", "NTC"), f"well,sample\n{sheet}")
    found = [f.subject for f in record.noticed if f.code == "sample_contradiction"]
    assert found == about


def test_an_assay_against_the_target(tmp_path):
    record, reactions = read(tmp_path, plate("S1"), "well,assay\nA1,F.4/R-7\nA2,F.2a/R-7\n")
    assert [reaction.assay for reaction in reactions] == ["F.4/R-7", "F.2a/R-7"]
    assert level_of(record, "assay_contradiction") is Level.WARNING
    assert sentences(record, "assay_contradiction") == [
        "A1: the export's target is assay F.2a/R-7, the sample sheet says F.4/R-7, which counts; "
        "a wrong one gives a wrong class",
        "A2: the export's target is assay F.4/R-7, the sample sheet says F.2a/R-7, which counts; "
        "a wrong one gives a wrong class",
    ]


def test_an_assay_for_a_target_of_no_meaning_is_no_contradiction(tmp_path):
    text = plate("S1").replace("F.4/R-7", "Target 2")
    record, reactions = read(tmp_path, text, "well,assay\nA1,F.2a/R-7\nA2,F.4/R-7\n")
    assert [reaction.assay for reaction in reactions] == ["F.2a/R-7", "F.4/R-7"]
    assert codes(record) == ["no_curves"]


def test_one_sample_of_two_patients(tmp_path):
    sheet = "well,sample,patient_ref\nA1,S1,P-1\nA2,S1,P-2\n"
    assert rejection(tmp_path, {"e.csv": plate("S1"), "samplesheet.csv": sheet}) == (
        "samplesheet.csv line 3: sample 'S1' has patient_ref 'P-2', in line 2 'P-1'; expected one "
        "a sample; mend it"
    )


def test_several_samples_of_one_patient(tmp_path):
    sheet = "well,patient_ref\nA1:A2,P-1\nB1:B2,P-1\n"
    assert codes(read(tmp_path, plate("S1", "S2"), sheet)[0]) == ["no_curves"]


# Roles.


@pytest.mark.parametrize(
    ("name", "role"),
    [("NC-8", Role.NEGATIVE_CONTROL), ("WT 3", Role.NEGATIVE_CONTROL), ("PC-12", "")],
)
def test_a_patient_with_the_name_of_a_control(tmp_path, name, role):
    role = role or Role.POSITIVE_CONTROL
    record, reactions = read(tmp_path, plate("S1", name))
    assert {r.role for r in reactions if r.sample == name} == {role}
    assert level_of(record, "role_by_name") is Level.WARNING
    (sentence,) = sentences(record, "role_by_name")
    assert sentence.startswith(f"'{name}' in B1, B2 taken for {role} by name alone, so not called;")


def test_the_sheet_makes_the_patient_a_patient(tmp_path):
    record, reactions = read(tmp_path, plate("S1", "NC-8"), "well,role\nB1:B2,unknown\n")
    assert {reaction.role for reaction in reactions} == {Role.UNKNOWN}
    assert codes(record) == ["no_curves"]


def test_a_control_by_the_task_alone(tmp_path):
    record, reactions = read(tmp_path, plate("S1", "S2", "NTC", tasks={"S2": "NTC", "NTC": "NTC"}))
    assert [reaction.role.value for reaction in reactions[2:]] == ["ntc"] * 4
    (sentence,) = sentences(record, "role_by_task")
    assert sentence.startswith("'S2' in B1, B2 taken for ntc by the export's task alone")
    assert level_of(record, "role_by_task") is Level.WARNING


def test_a_role_that_the_sheet_gives_rests_on_nothing_else(tmp_path):
    sheet = "well,role\nA1:A2,ntc\nB1:B2,standard\n"
    record, reactions = read(tmp_path, plate("NTC", "S1", tasks={"S1": "STANDARD"}), sheet)
    assert {r.sample: r.role for r in reactions} == {"NTC": Role.NTC, "S1": Role.STANDARD}
    assert not {"role_by_name", "role_by_task"} & set(codes(record))


def test_a_control_without_a_name_is_nobody_s(tmp_path):
    """No patient's result can be lost with it."""
    record, reactions = read(tmp_path, plate("", tasks={"": "NTC"}))
    assert [r.role for r in reactions] == [Role.NTC, Role.NTC]
    assert "role_by_task" not in codes(record)


def test_a_name_of_two_roles(tmp_path):
    record, _ = read(tmp_path, plate("S1"), "well,role\nA2,ntc\n")
    assert sentences(record, "sample_of_two_roles") == [
        "'S1' is unknown in A1, ntc in A2; expected one role; give each its own name"
    ]


# Names.


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("S1", "s1"),
        ("S 1", "S1"),
        ("S1", "\uff331"),  # full-width S
        ("S-1", "S\u20111"),  # non-breaking hyphen
        ("Jos\u00e9", "Jose\u0301"),
        ("ST1", "\ufb061"),  # ligature
    ],
)
def test_names_that_look_alike(tmp_path, first, second):
    record, reactions = read(tmp_path, plate(first, second))
    assert {reaction.sample for reaction in reactions} == {first, second}
    sentence, again = sentences(record, "names_alike")
    assert sentence == again
    assert sentence.startswith(f"{first!r}, {second!r} differ in case, blanks or the form")
    assert level_of(record, "names_alike") is Level.WARNING


def test_names_that_do_not_look_alike(tmp_path):
    assert codes(read(tmp_path, plate("S1-1", "S11", "S1.1", "S1_1"))[0]) == ["no_curves"]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u202e", "\u00ad"])
def test_what_cannot_be_seen_makes_no_other_sample(tmp_path, unseen):
    record, reactions = read(tmp_path, plate("S1", f"S1{unseen}"))
    assert {reaction.sample for reaction in reactions} == {"S1"}
    assert "name_cleaned" in codes(record)


def test_blanks_of_all_widths_are_blanks(tmp_path):
    _, reactions = read(tmp_path, plate("S 1", "S\u00a01", "S\u30001"))
    assert {reaction.sample for reaction in reactions} == {"S 1"}


# An export that contradicts itself.


def test_setup_against_results(tmp_path):
    setup = "A1,S2,F.2a/R-7,UNKNOWN,FAM\nA2,S1,F.4/R-7,UNKNOWN,FAM\n"
    text = abi(result("A1", "S1", "F.2a/R-7", "25"), result("A2", "S1", "F.4/R-7", "25"))
    text = text.replace(RESULTS, f"{SETUP}{setup}\n{RESULTS}")
    record, reactions = read(tmp_path, text)
    assert [reaction.sample for reaction in reactions] == ["S1", "S1"]
    assert sentences(record, "setup_contradiction") == [
        "A1: sample 'S2' in the setup, 'S1' in the results, which count; analyse and export the "
        "run again"
    ]


def test_a_section_twice_in_another_spelling(tmp_path):
    second = RESULTS.replace("[Results]", "[RESULTS]") + result("A1", "S1", "F.2a/R-7", "25")
    text = HEADER + RESULTS + result("A1", "S1", "F.2a/R-7", "Undetermined") + "\n" + second
    assert rejection(tmp_path, {"e.csv": text}) == (
        "e.csv line 11: section [RESULTS] stands twice; expected one plate a file"
    )


def test_two_sheets_of_results(tmp_path):
    rows = [["Well", "Sample", "Target", "Cq"], ["A1", "S1", "F.4/R-7", 25.0]]
    book = workbook({"Results": rows, "Primary_result": rows, "Sample Setup": rows})
    assert rejection(tmp_path, {"e.xlsx": book}) == (
        "e.xlsx: sheets 'Results' and 'Primary_result' both hold results; expected one plate a file"
    )


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Well\tCt\tCt", "column 'Ct' stands twice; delete or rename one"),
        ("Well\tCt\t7\tCycle 7", "column '7' stands twice; delete or rename one"),
        ("Well\tCt\t0\t1", "column '0'; cycles count from 1; mend the header"),
    ],
)
def test_a_generic_header_that_says_two_things(tmp_path, header, reason):
    text = f"{header}\nA1\t25\t\t\n"
    assert rejection(tmp_path, {"e.txt": text}) == f"e.txt line 1: {reason}"


def test_unused_headings_may_stand_twice(tmp_path):
    record, _, _ = read_folder(tmp_path, {"e.txt": "Well\tNote\tCt\tNote\nA1\tx\t25\ty\n"})
    assert record.status == "read"
