"""Workbooks of Design & Analysis 1 and 2 as laboratories export them: other sheets, other orders.

Sheets and headings as Design & Analysis 1.5 to 2.7 writes them for its analyses (primary, standard
curve, relative quantification, presence and absence, genotyping, melt); own values.
"""

import io
import zipfile

import pytest
from ingest_exports import FLAT, RISING, read_export, read_folder, rejection, sentences, workbook

from breakpoint_pcr.ingest.export import Record
from breakpoint_pcr.tables import CurveKind, State

TOP = [
    ["File Name", "run 7.eds"],
    ["Comment", "a, b"],
    ["Operator", "DEFAULT"],
    ["Barcode", ""],
    ["Instrument Type", "QuantStudio™ 7 Pro System"],
    ["Block Type", "96-Well Block (0.2mL)"],
    ["Run End Date/Time", "2026-01-19 04:42:10 PM CST"],
    ["Passive Reference", "ROX"],
    ["Quantification Cycle Method", "CT"],
    ["Software Name and Version", "Design & Analysis Software v2.6.0"],
    ["Plugin Name and Version", "Primary Analysis v1.6.1, Standard Curve v1.5.1"],
    ["Exported On", "2026-01-20 09:00:00 AM CST"],
    [],
]
HEADINGS = [
    *("Well", "Well Position", "Omit", "Sample", "Target", "Task", "Reporter", "Quencher"),
    *("Amp Status", "Amp Score", "Curve Quality", "Result Quality Issues", "Cq", "Cq Confidence"),
    *("Cq Mean", "Cq SD", "Auto Threshold", "Threshold", "Auto Baseline", "Baseline Start"),
    *("Baseline End", "Tm1", "Tm2", "Tm3", "Tm4"),
]
CURVE_HEADINGS = [
    *("Well", "Well Position", "Cycle Number", "Target", "Rn", "dRn", "Sample", "Omit"),
]
FIT = {"threshold": 0.2, "baseline_start": 1, "baseline_end": 2}


def line(number, sample, target, cq, *, task="UNKNOWN", omit="FALSE", dye="FAM", issues=""):
    start = [float(number), f"A{number}", omit, sample, target, task, dye, "NFQ-MGB", "AMP", 1.2]
    fit = ["FALSE", 0.2, "TRUE", 1.0, 2.0]
    return [*start, "", issues, cq, 0.98, "", "", *fit, 81.2, "", "", ""]


def results(*rows, top=TOP):
    return [*top, HEADINGS, *rows]


def curves(*reactions):
    rows = [
        [float(number), f"A{number}", float(cycle), target, 1 + value, value, "S1", "FALSE"]
        for number, target, values in reactions
        for cycle, value in enumerate(values, 1)
    ]
    return [*TOP, CURVE_HEADINGS, *rows]


ROWS = (
    line(1, "S1", "F.4/R-7", 3.25),
    line(1, "S1", "ALB", 3.5, dye="VIC"),
    line(2, "", "ALB", "UNDETERMINED", task="NTC", dye="VIC"),
    line(3, "S2", "ALB", 3.25, omit="TRUE"),
    [4.0, "A4", "FALSE"],
)
DRAWN = ((1, "F.4/R-7", RISING), (1, "ALB", RISING), (2, "ALB", FLAT), (3, "ALB", RISING))


def expected(up=RISING, flat=FLAT):
    drawn = FIT | ({"curve_kind": CurveKind.DELTA_RN} if up else {})
    rise, level = drawn | {"values": tuple(up)}, drawn | {"values": tuple(flat)}
    none = (State.UNDETERMINED, None, "UNDETERMINED")
    return (
        Record("A1", "S1", "F.4/R-7", "UNKNOWN", "FAM", State.OK, 3.25, "3.25", **rise),
        Record("A1", "S1", "ALB", "UNKNOWN", "VIC", State.OK, 3.5, "3.5", **rise),
        Record("A2", "", "ALB", "NTC", "VIC", *none, **level),
        Record("A3", "S2", "ALB", "UNKNOWN", "FAM", State.OMITTED, 3.25, "3.25", **rise),
    )


# Sheets beside the results, with rows that look like results: none may be taken for them.
def other(*headings, rows=()):
    return [*TOP, list(headings), *rows]


OTHERS = {
    "Multicomponent": other(
        *("Well", "Well Position", "Stage Number", "Step Number", "Cycle Number", "FAM", "ROX"),
        rows=[[1.0, "A1", 2.0, 2.0, 1.0, 956901.75, 1901776.0]],
    ),
    "Raw Data": other(
        *("Well", "Well Position", "Stage Number", "Step Number", "Cycle Number", "X1_M1"),
        rows=[[1.0, "A1", 2.0, 2.0, 1.0, 1355987.25]],
    ),
    "Replicate Group Result": other(
        *("Sample", "Target", "Number of Replicates", "Quantity", "Number of Cqs", "Cq Mean"),
        rows=[["S1", "ALB", 1.0, "-", 1.0, 30.0]],
    ),
    "Standard Curve Result": other(
        *("Well", "Well Position", "Sample", "Quantity", "Target", "Dye", "Task", "Cq", "Omit"),
        rows=[[1.0, "A1", "S1", 5.0, "ALB", "VIC", "UNKNOWN", 31.0, "FALSE"]],
    ),
    "RQ Replicate Group Result": other(
        *("Sample", "Target", "Rq", "Rq Min", "EqCq Mean", "Delta Delta EqCq"),
        rows=[["S1", "ALB", 1.0, 0.9, 31.0, 0.0]],
    ),
    "Genotyping Result": other(
        *("Well", "Well Position", "Sample", "SNP Assay", "Task", "Allele 1", "Call"),
        rows=[[1.0, "A1", "S1", "rs1", "UNKNOWN", 2.0, "Homozygous 1/1"]],
    ),
    "Control Status": other("Sample", "Test Code", "Wells", "Call", "Status"),
    "Target Call": other(
        *("Well", "Omit", "Sample", "Target", "Task", "Call", "Cq", "Cq Confidence"),
        rows=[["A1", "FALSE", "S1", "ALB", "UNKNOWN", "Presence", 31.0, 0.9]],
    ),
    "Sample Call": other("Sample", "Test Code", "Wells", "Presence Targets", "Call"),
    "Well Call": other(
        "Well", "Sample", "Test Code", "Presence Targets", rows=[["A1", "S1", "", "ALB"]]
    ),
    "Melt Curve Raw": other(
        *("Well", "Well Position", "Reading", "Target", "Temperature", "Fluorescence"),
        rows=[[1.0, "A1", 1.0, "ALB", 60.0, 5.0]],
    ),
    "Melt Curve Result": other(
        *("Well", "Well Position", "Sample", "Target", "Tm1"),
        rows=[[1.0, "A1", "S1", "ALB", 81.2]],
    ),
}


@pytest.mark.parametrize("first", [True, False])
def test_the_results_count_among_all_other_sheets(tmp_path, first):
    """The order of the sheets varies, and an automatic export is called .xls."""
    mine = {"Results": results(*ROWS), "Amplification Data": curves(*DRAWN)}
    content = workbook(mine | OTHERS if first else OTHERS | dict(reversed(mine.items())))
    export = read_export(tmp_path, content, name="auto.xls")
    assert export.records == expected()
    head = (export.run_date, export.plate_wells, export.n_cycles, export.plate, export.ct_kind)
    assert head == ("2026-01-19", 96, 5, "run 7.eds", "Cq")
    assert export.empty_wells == {"A4"}


def test_results_alone(tmp_path):
    """A primary analysis of which one sheet was exported."""
    export = read_export(tmp_path, workbook({"Results": results(*ROWS)}))
    assert export.records == expected((), ())
    assert (export.n_cycles, export.noticed) == (None, ())


def test_a_workbook_per_table(tmp_path):
    files = {
        "Results_20260120.xlsx": workbook({"Results": results(*ROWS)}),
        "Amplification Data_20260120.xlsx": workbook({"Amplification Data": curves(*DRAWN)}),
        "Raw Data_20260120.xlsx": workbook({"Raw Data": OTHERS["Raw Data"]}),
    }
    record_, reactions, found = read_folder(tmp_path, files)
    assert (record_.status, len(reactions)) == ("read", 4)
    assert [curve.values for curve in found] == [RISING, RISING, FLAT, RISING]


INSTEAD = "no Ct of a well in it; export the Ct (Cq, Cp) of every well and the amplification curves"
SAID = {
    "Replicate Group Result": f"results of replicate groups alone; {INSTEAD}",
    "Genotyping Result": f"genotyping (allelic discrimination) results; {INSTEAD}",
    "Melt Curve Raw": f"a melt (dissociation or HRM) table; {INSTEAD}",
    "Melt Curve Result": f"a melt (dissociation or HRM) table; {INSTEAD}",
}


@pytest.mark.parametrize("sheet", sorted(set(OTHERS) - {"Raw Data"}))
def test_a_workbook_of_other_tables_says_which_to_export(tmp_path, sheet):
    bare = f"no table of results; found '{sheet}'; export again with Results ticked"
    reason = f"a.xlsx: {SAID.get(sheet, bare)}"
    assert rejection(tmp_path, {"a.xlsx": workbook({sheet: OTHERS[sheet]})}) == reason


def test_cells_as_text_and_as_truth_values(tmp_path):
    """Re-saved workbooks hold numbers as text, and flags as truth values."""
    rows = [
        ["1", "A01", False, "S1", "ALB", "UNKNOWN", "FAM", "", "", "", "", "", "21.25"],
        ["2", "A02", True, "S2", "ALB", "UNKNOWN", "FAM", "", "", "", "", "NA", "39.5"],
    ]
    export = read_export(tmp_path, workbook({"Results": results(*rows)}))
    assert [(r.well, r.state, r.ct, r.ct_text, r.flags) for r in export.records] == [
        ("A1", State.OK, 21.25, "21.25", ()),
        ("A2", State.OMITTED, 39.5, "39.5", ()),
    ]


def test_an_array_card_has_384_wells(tmp_path):
    """Its block names no number of wells; the positions beyond 96 do."""
    top = [["Block Type", "Taqman Array Card Block"] if r[:1] == ["Block Type"] else r for r in TOP]
    last = line(1, "S2", "ALB", 22.5)
    last[:2] = [384.0, "P24"]
    export = read_export(
        tmp_path, workbook({"Results": results(line(1, "S1", "ALB", 21.5), last, top=top)})
    )
    assert [(r.well, r.ct) for r in export.records] == [("A1", 21.5), ("P24", 22.5)]
    assert export.plate_wells == 384


def test_both_alleles_of_a_genotyping_run_are_two_targets(tmp_path):
    rows = [
        line(1, "S1", "rs1-Allele 1", 25.5, dye="VIC"),
        line(1, "S1", "rs1-Allele 2", "UNDETERMINED"),
        line(2, "PC", "rs1-Allele 1", 24.5, task="POSITIVE_1/1", dye="VIC"),
    ]
    sheets = {"Results": results(*rows), "Genotyping Result": OTHERS["Genotyping Result"]}
    record_, reactions, _ = read_folder(tmp_path, {"a.xlsx": workbook(sheets)})
    assert [(r.well, r.target, r.ct) for r in reactions] == [
        ("A1", "rs1-Allele 1", 25.5),
        ("A1", "rs1-Allele 2", None),
        ("A2", "rs1-Allele 1", 24.5),
    ]
    assert sentences(record_, "task_unknown") == [
        "task 'POSITIVE_1/1' in 1 well (A2) is not known and decides no role"
    ]


def test_issues_are_flags(tmp_path):
    rows = [line(1, "S1", "ALB", 21.5, issues="LOW_CQ_CONF, LOW_ROX")]
    export = read_export(tmp_path, workbook({"Results": results(*rows)}))
    assert export.records[0].flags == ("LOW_CQ_CONF", "LOW_ROX")


def test_primary_result_of_diomni_with_its_own_headings(tmp_path):
    """Sample type stands for the task, Quality issue(s) for the issues."""
    headings = ["Well", "Omit", "Sample", "Sample type", "Target", "Cq", "Quality issue(s)"]
    rows = [["A01", "FALSE", "S1", "NTC", "ALB", "UNDETERMINED", "LOW_PASSIVE_REFERENCE"]]
    export = read_export(tmp_path, workbook({"Primary_result": [*TOP, headings, *rows]}))
    (found,) = export.records
    assert (found.task, found.state, found.flags) == (
        *("NTC", State.UNDETERMINED),
        ("LOW_PASSIVE_REFERENCE",),
    )


def test_version_1_of_a_relative_run_has_lines_below_its_tables(tmp_path):
    """Design & Analysis 1 and Flex: Cт in Cyrillic, blank wells, the analysis below the rows."""
    top = [["Block Type", "96-Well 0.1-mL Block"], ["Chemistry", "TAQMAN"], []]
    headings = ["Well", "Well Position", "Omit", "Sample Name", "Target Name", "Task", "Reporter"]
    headings += ["CT", "Ct Mean", "Automatic Ct Threshold", "Ct Threshold", "HIGHSD", "NOAMP"]
    table = [
        [1, "A1", False, "S1", "ALB", "UNKNOWN", "VIC", 21.5, 21.5, True, 0.08, "Y", "N"],
        [2, "A2", False, "", "ALB", "NTC", "VIC", "Undetermined", "", True, 0.08, "N", "Y"],
        [3, "A3", False, "", "", "", "", "", "", "", "", "N", "N"],
        [],
        ["Analysis Type", "Singleplex"],
        ["Endogenous Control", "ALB"],
        ["RQ Min/Max Confidence Level", 95.0],
    ]
    groups = [
        *top,
        ["Sample Name", "Target Name", "Task", "RQ", "Ct Mean"],
        ["S1", "ALB", "", 1, 30],
    ]
    sheets = {
        "Technical Analysis Result": groups,
        "BioGroup Analysis Result": groups,
        "Results": [*top, headings, *table],
        "Reagent Information": [*top, ["Reagent Type", "Reagent Name"]],
    }
    export = read_export(tmp_path, workbook(sheets))
    assert [(r.well, r.task, r.ct, r.threshold, r.flags) for r in export.records] == [
        ("A1", "UNKNOWN", 21.5, 0.08, ("HIGHSD",)),
        ("A2", "NTC", None, 0.08, ("NOAMP",)),
    ]
    assert export.empty_wells == {"A3"}


def test_an_archive_of_exports_is_to_be_unpacked(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("Results_20260120.csv", "# File Name: x\n")
        packed.writestr("Amplification Data_20260120.csv", "# File Name: x\n")
    assert rejection(tmp_path, {"run.zip": content.getvalue()}) == (
        "run.zip: archive that holds 'Results_20260120.csv', 'Amplification Data_20260120.csv'; "
        "unpack it and put the exports into the folder"
    )


def test_a_truth_value_is_no_well(tmp_path):
    """True equals 1 for Python, not for a person."""
    rows = curves(*DRAWN)
    rows[-1] = [True, *rows[-1][1:]]
    rows = [[cells[0], *cells[2:]] if len(cells) > 2 else cells for cells in rows]
    sheets = {"Results": results(*ROWS), "Amplification Data": rows}
    assert rejection(tmp_path, {"a.xlsx": workbook(sheets)}) == (
        "a.xlsx sheet Amplification Data line 34: 'true' is no well; export again"
    )
