"""QuantStudio Design & Analysis v2 as csv, one file per table."""

import pytest
from ingest_exports import RISING, codes, read_export, read_folder, rejection, sentences, workbook

from breakpoint_pcr.ingest.export import Record
from breakpoint_pcr.tables import CurveKind, State

ABOVE = (
    "# File Name: run, 7.eds\n# Comment: \n# Instrument Type: QuantStudio™ 7 Pro System\n"
    "# Block Type: 384-Well Block\n# Run End Data/Time: 2024-02-12 11:30:22 PM UTC\n"
    "# Passive Reference: ROX\n# Quantification Cycle Method: CT\n"
    "# Software Name and Version: Design & Analysis Software v2.7.0\n"
)
HEAD = (
    '"Well","Well Position","Omit","Sample","Target","Task","Reporter","Quencher","Amp Status",'
    '"Result Quality Issues","Cq","Cq Mean","Auto Threshold","Threshold","Auto Baseline",'
    '"Baseline Start","Baseline End"\n'
)
ROWS = (
    '"1","A1","FALSE","S1","F.4/R-7","UNKNOWN","FAM","None","AMP","","3.25","3.25","FALSE","0.2",'
    '"TRUE","1","2"\n'
    '"25","B1","FALSE","S1","ALB","UNKNOWN","FAM","None","NO_AMP","LOW_ROX","UNDETERMINED","",'
    '"FALSE","0.2","TRUE","1","2"\n'
    '"26","B2","TRUE","S2","ALB","NTC","FAM","None","AMP","","3.3","3.3","FALSE","0.2","TRUE",'
    '"1","2"\n'
    '"27","B3","FALSE","","","","","","","","","","","","","",""\n'
)
RESULTS = ABOVE + HEAD + ROWS
CURVE_HEAD = '"Well","Well Position","Cycle Number","Target","Rn","dRn","Sample","Omit"\n'


def curves(*wells, above=ABOVE):
    lines = [above, CURVE_HEAD]
    for well, target in wells:
        for cycle, value in enumerate(RISING, 1):
            cells = ("", well, cycle, target, 1 + value, value, "S1", "FALSE")
            lines.append(",".join(f'"{cell}"' for cell in cells) + "\n")
    return "".join(lines)


CURVES = curves(("A1", "F.4/R-7"), ("B1", "ALB"), ("B2", "ALB"))
GROUPS = ABOVE + '"Sample","Target","Cq Mean","Cq SD"\n"S1","ALB","20.0","0.1"\n'


NOT_USED = (
    "g.csv: a table without a Ct or curve of a well; found 'Sample', 'Target', 'Cq Mean', 'Cq SD'; "
    "export the tables Results and Amplification Data"
)


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_results(tmp_path, delimiter):
    """R users save the table again with tabs and without quotes."""
    text = (
        RESULTS if delimiter == "," else ABOVE + (HEAD + ROWS).replace('"', "").replace(",", "\t")
    )
    export = read_export(tmp_path, text)
    head = (export.format, export.ct_kind, export.plate_wells, export.run_date, export.plate)
    assert head == ("quantstudio_csv", "Cq", 384, "2024-02-12", "run, 7.eds")
    fit = {"threshold": 0.2, "baseline_start": 1, "baseline_end": 2}
    undetermined = (State.UNDETERMINED, None, "UNDETERMINED")
    assert export.records == (
        Record("A1", "S1", "F.4/R-7", "UNKNOWN", "FAM", State.OK, 3.25, "3.25", **fit),
        Record("B1", "S1", "ALB", "UNKNOWN", "FAM", *undetermined, **fit, flags=("LOW_ROX",)),
        Record("B2", "S2", "ALB", "NTC", "FAM", State.OMITTED, 3.3, "3.3", **fit),
    )
    assert export.empty_wells == {"B3"}


def test_the_two_files_of_a_run_are_joined_and_the_others_left(tmp_path):
    files = {"r.csv": RESULTS, "c.csv": CURVES, "g.csv": GROUPS}
    record, reactions, found = read_folder(tmp_path, files)
    assert record.status == "read"
    assert [(r.well, r.ct, r.curve_kind, r.n_cycles) for r in reactions] == [
        ("A1", 3.25, CurveKind.DELTA_RN, 5),
        ("B1", None, CurveKind.DELTA_RN, 5),
        ("B2", 3.3, CurveKind.DELTA_RN, 5),
    ]
    assert [curve.values for curve in found] == [RISING] * 3
    assert sentences(record, "file_not_used") == [NOT_USED]


def test_the_crossing_of_a_joined_curve_is_compared_with_its_ct(tmp_path):
    """The curve crosses 0.2 at 3.25; the Ct says 4.25."""
    results = RESULTS.replace('"3.25","3.25"', '"4.25","4.25"')
    record, _, _ = read_folder(tmp_path, {"r.csv": results, "c.csv": CURVES})
    assert [f.subject for f in record.noticed if f.code == "ct_off_curve"] == ["A1"]


def test_curves_of_another_run_are_refused(tmp_path):
    other = curves(("A1", "F.4/R-7"), above=ABOVE.replace("run, 7", "run, 8"))
    assert rejection(tmp_path, {"r.csv": RESULTS, "c.csv": other}) == (
        "c.csv: curves of plate 'run, 8.eds', results in r.csv of plate 'run, 7.eds'; expected one "
        "plate; take the file of the other plate out of the folder"
    )


def test_curves_of_another_day_are_refused(tmp_path):
    other = curves(("A1", "F.4/R-7"), above=ABOVE.replace("2024-02-12", "2024-02-13"))
    assert rejection(tmp_path, {"r.csv": RESULTS, "c.csv": other}).startswith("c.csv: curves of")


def test_results_of_replicate_groups_alone_are_refused(tmp_path):
    assert rejection(tmp_path, {"g.csv": GROUPS}) == NOT_USED


def test_a_workbook_of_replicate_groups_alone_is_refused(tmp_path):
    rows = [["Block Type", "96-Well Block"], [], ["Sample", "Target", "Cq Mean"], ["S", "T", 20]]
    book = workbook({"Replicate Group Result": rows, "Multicomponent": rows})
    assert rejection(tmp_path, {"a.xlsx": book}) == (
        "a.xlsx: no table of results; found 'Replicate Group Result', 'Multicomponent'; export "
        "again with Results ticked"
    )


def test_a_cut_file_is_refused(tmp_path):
    assert rejection(tmp_path, {"r.csv": RESULTS[:-40]}).endswith(
        "the file is cut off; copy or export it again"
    )


def test_cqs_alone_are_read_and_said_to_lack_curves(tmp_path):
    record, reactions, _ = read_folder(tmp_path, {"r.csv": RESULTS})
    assert len(reactions) == 3
    assert "no_curves" in codes(record)


def test_curves_cut_off_in_their_own_file_take_no_ct_away(tmp_path):
    """Baselines to cycle 6 beside curves of 5: a Ct of 5.5 is none beyond the run."""
    results = RESULTS.replace('"3.25","3.25"', '"5.5","5.5"').replace('"1","2"', '"1","6"')
    record, reactions, _ = read_folder(tmp_path, {"r.csv": results, "c.csv": CURVES})
    assert [(r.well, r.ct) for r in reactions] == [("A1", 5.5), ("B1", None), ("B2", 3.3)]
    assert sentences(record, "curves_cut") == [
        "the curves end at cycle 5, before the end of a baseline: they are not whole"
    ]


def test_tables_without_the_lines_above_them_are_told_by_their_headings(tmp_path):
    """Laboratories delete those lines; the omitted well must stay omitted."""
    files = {"r.csv": RESULTS.removeprefix(ABOVE), "c.csv": CURVES.removeprefix(ABOVE)}
    record, reactions, found = read_folder(tmp_path, files)
    assert (record.format, len(found)) == ("quantstudio_csv", 3)
    assert [(r.well, r.state, r.ct) for r in reactions] == [
        ("A1", State.OK, 3.25),
        ("B1", State.UNDETERMINED, None),
        ("B2", State.OMITTED, 3.3),
    ]


def test_results_of_the_cloud(tmp_path):
    """Thermo Fisher's cloud: five lines above, A1 in Well, a comma at the end of each row."""
    headings = "Well,Sample Name,Target Name,Amp Score,Amp Status,Task,Cq,Cq Mean,Quantity,"
    headings += "Auto Threshold,Threshold,Auto Baseline,Baseline Start,Baseline End,Omit,\n"
    text = (
        f"a\nb\nc\nd\n\n{headings}"
        "A1,No Sample,ALB,1.28,Amp,UNKNOWN,20.513,20.513,-,true,0.183,true,3,15,false,\n"
        "A2,S1,ALB,1.25,Amp,NTC,25.734,25.734,-,true,0.161,true,3,20,true,\n"
        "A3,S1,ALB,0,No Amp,UNKNOWN,-,-,-,true,0.161,true,3,20,false,\n"
    )
    export = read_export(tmp_path, text)
    rows = [(r.well, r.task, r.state, r.ct, r.threshold, r.baseline_end) for r in export.records]
    assert rows == [
        ("A1", "UNKNOWN", State.OK, 20.513, 0.183, 15),
        ("A2", "NTC", State.OMITTED, 25.734, 0.161, 20),
        ("A3", "UNKNOWN", State.UNDETERMINED, None, 0.161, 20),
    ]


def test_a_table_saved_again_with_trailing_commas(tmp_path):
    """Excel pads the lines above the table to the width of the table."""
    padded = "".join(f"{line}{',' * 16}\n" for line in ABOVE.splitlines())
    plain = read_export(tmp_path, RESULTS)
    again = read_export(tmp_path, padded + (HEAD + ROWS).replace('"', ""), name="b")
    assert (again.records, again.plate, again.run_date) == (
        *(plain.records, plain.plate),
        plain.run_date,
    )
