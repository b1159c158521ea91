"""ViiA 7 and QuantStudio Flex: Crt, separate files of one run, wells that the sheet alone fills."""

import pytest
from ingest_exports import (
    HEADER,
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
)

from breakpoint_pcr.tables import CurveKind, State

FLEX = (
    "* Block Type = 384-Well Block\n* Experiment File Name = D:\\x.eds\n"
    "* Instrument Type = ViiA 7\n* Passive Reference = NA\n* Quantification Cycle Method = {0}\n\n"
)
CRT_RESULTS = (
    "[Results]\nWell\tWell Position\tOmit\tSample Name\tTarget Name\tTask\tReporter\t{0}\t"
    "{1} Mean\t{1} Threshold\tBaseline Start\tBaseline End\n"
    "25\tB1\tfalse\tS1\tALB\tUNKNOWN\tFAM\t20.5\t20.5\t0.2\t1\t2\n"
)


@pytest.mark.parametrize("heading", ["CRT", "CT"])
def test_crt_is_told_by_heading_or_method(tmp_path, heading):
    """A Crt has no threshold that its curve crosses, so it is not compared with one."""
    text = FLEX.format("Crt" if heading == "CT" else "NA") + CRT_RESULTS.format(
        heading, heading.title()
    )
    curves = "\n[Amplification Data]\nWell\tCycle\tTarget Name\tRn\tDelta Rn\n" + "".join(
        f"25\t{cycle}\tALB\t1\t0.0\n" for cycle in range(1, 31)
    )
    export = read_export(tmp_path, text + curves)
    assert (export.ct_kind, export.instrument, export.passive_reference) == ("Crt", "ViiA 7", "")
    (record,) = export.records
    assert (record.well, record.ct, record.threshold, len(record.values)) == ("B1", 20.5, 0.2, 30)
    found, _, _ = read_folder(tmp_path, {"a.txt": text + curves})
    assert "ct_off_curve" not in codes(found)
    assert found.ct_kind == "Crt"


@pytest.mark.parametrize(
    ("number", "position", "curve_of", "found"),
    [(25, "B1", 26, "B2"), (13, "B1", 14, "B2"), (25, "C1", 2, "A2")],
)
def test_numbers_beside_positions_tell_the_plate(tmp_path, number, position, curve_of, found):
    """Without a block type the curves, which stand by number alone, find their wells by these."""
    head = FLEX.format("Ct").replace("* Block Type = 384-Well Block\n", "")
    rows = CRT_RESULTS.format("CT", "Ct").replace("25\tB1", f"{number}\t{position}")
    curves = "\n[Amplification Data]\nWell\tCycle\tTarget Name\tRn\tDelta Rn\n" + "".join(
        f"{curve_of}\t{cycle}\tALB\t1\t0.0\n" for cycle in range(1, 4)
    )
    export = read_export(tmp_path, head + rows + curves)
    assert {record.well for record in export.records if record.values} == {found}


def parted(name="x"):
    """Results and amplification data of one run in two files."""
    head = HEADER.replace("\n\n", f"\n* Experiment File Name = {name}.eds\n\n")
    curves = head + "[Amplification Data]\nWell,Cycle,Target Name,Rn,ΔRn\n"
    return head, curves + curve("A1", "ALB", RISING)


def test_results_and_curves_in_two_files_of_one_run(tmp_path):
    head, curves = parted()
    results = head + RESULTS + result("A1", "S1", "ALB", "3.25")
    record, reactions, found = read_folder(tmp_path, {"a.csv": results, "b.csv": curves})
    assert [(r.well, r.curve_kind, r.n_cycles) for r in reactions] == [
        ("A1", CurveKind.DELTA_RN, 5)
    ]
    assert found[0].values == RISING
    assert record.format == "abi_sections"


def test_files_of_two_runs_are_not_joined(tmp_path):
    head, _ = parted()
    _, curves = parted("y")
    results = head + RESULTS + result("A1", "S1", "ALB", "3.25")
    assert rejection(tmp_path, {"a.csv": results, "b.csv": curves}) == (
        "b.csv: curves of plate 'y.eds', results in a.csv of plate 'x.eds'; expected one plate; "
        "take the file of the other plate out of the folder"
    )


def test_a_measured_well_that_the_results_leave_out_is_omitted(tmp_path):
    head, curves = parted()
    results = head + RESULTS + result("A1", "S1", "ALB", "3.25")
    files = {"a.csv": results, "b.csv": curves + curve("A2", "ALB", RISING)}
    record, reactions, _ = read_folder(tmp_path, files)
    assert [(r.well, r.state) for r in reactions] == [("A1", State.OK), ("A2", State.OMITTED)]
    assert sentences(record, "missing_from_results") == [
        "measured, but not in the results, so taken as omitted: A2 ALB"
    ]


def test_a_file_without_results_is_no_harm_beside_one_with(tmp_path):
    raw = HEADER + "[Raw Data]\nWell,Cycle,1,2,3\nA1,1,5,5,5\n"
    record, reactions, _ = read_folder(
        tmp_path, {"a.csv": abi(result("A1", "S1", "ALB", "20")), "raw.csv": raw}
    )
    assert [reaction.well for reaction in reactions] == ["A1"]
    assert sentences(record, "file_not_used") == [
        "raw.csv: no table of results; found '[Raw Data]'; export again with Results ticked"
    ]


EMPTY = abi(result("A1", "S1", "ALB", "20"), setup="A1,S1,ALB,UNKNOWN,FAM\nA2,,,,\nA3,,,,\n")


def test_a_sheet_may_fill_wells_that_the_export_lists_as_empty(tmp_path):
    """They have no result: empty, with a finding, and not a rejected run."""
    sheet = "well,sample,assay\nA1:A3,S1,ALB\n"
    record, reactions, _ = read_folder(tmp_path, {"a.csv": EMPTY, "samplesheet.csv": sheet})
    found = [(r.well, r.sample, r.assay, r.state, r.ct, r.curve_kind) for r in reactions]
    assert found == [
        ("A1", "S1", "ALB", State.OK, 20.0, CurveKind.NONE),
        ("A2", "S1", "ALB", State.EMPTY, None, CurveKind.NONE),
        ("A3", "S1", "ALB", State.EMPTY, None, CurveKind.NONE),
    ]
    assert sentences(record, "sheet_well_empty") == [
        "the sample sheet names 2 wells (A2, A3), which the export lists as empty; taken as empty, "
        "so without a result"
    ]


def test_two_assays_in_an_empty_well(tmp_path):
    sheet = "well,sample,assay\nA2,S1,ALB\nA2,S1,F.4/R-7\n"
    _, reactions, _ = read_folder(tmp_path, {"a.csv": EMPTY, "samplesheet.csv": sheet})
    assert [(r.well, r.assay, r.state) for r in reactions if r.well == "A2"] == [
        ("A2", "ALB", State.EMPTY),
        ("A2", "F.4/R-7", State.EMPTY),
    ]


def test_a_sheet_of_wells_that_the_export_does_not_list_is_of_another_plate(tmp_path):
    sheet = "well,sample,assay\nA1,S1,ALB\nH12,S2,ALB\n"
    assert rejection(tmp_path, {"a.csv": EMPTY, "samplesheet.csv": sheet}) == (
        "samplesheet.csv line 3: the export has no reaction in well H12; mend the line"
    )


def test_genotyping_is_refused(tmp_path):
    text = HEADER + SETUP + "A1,S1,ALB,UNKNOWN,FAM\n\n[Results]\nWell,Sample Name,Call\nA1,S1,X\n"
    assert rejection(tmp_path, {"a.csv": text}) == (
        "a.csv [Results]: column 'ct' or 'cq' or 'crt' missing; found 'Well', 'Sample Name', "
        "'Call'; export the amplification results"
    )
