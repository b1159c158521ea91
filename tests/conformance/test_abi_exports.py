"""Real files of Applied Biosystems that have no truth table, or that hold no Ct of a well."""

import csv
import shutil
from pathlib import Path

import pytest
from test_real_exports import PANEL, SAMPLES, SETTINGS, pytestmark, read

from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.runs import Status
from breakpoint_pcr.tables import State

__all__ = ["pytestmark"]
STUDY = "abi7500/sds12_ab7000_study_undet_ct36.csv"
HEADLESS = "abi7500/sds12_ab7000_undetermined.csv"


def rows_of(name, first):
    """The table below the header that begins so, by Python's own reader of csv."""
    text = (SAMPLES / name).read_text(encoding="latin-1")
    return list(csv.DictReader(text[text.index(first) :].splitlines()))


@pytest.mark.parametrize(
    ("name", "first", "sample", "ct"),
    [(STUDY, "Plate,Well ID", "Sample", "Ct"), (HEADLESS, "Well,Sample", "Sample Name", "CT")],
)
def test_every_row_of_sds_v1_is_read(name, first, sample, ct):
    reader, export = read(name)
    rows = [row for row in rows_of(name, first) if row["Well"]]
    assert reader == "abi_sds1"
    found = [(r.well, r.sample, r.target, r.task, r.ct_text) for r in export.records]
    assert found == [
        (row["Well"], row[sample], row["Detector"], row.get("Task", ""), row[ct]) for row in rows
    ]
    for record, row in zip(export.records, rows, strict=True):
        if row[ct].startswith("Undet"):
            assert (record.ct, record.state) == (None, State.UNDETERMINED)
        else:
            assert (record.ct, record.state) == (float(row[ct]), State.OK)
        if "Threshold" in row:
            fit = (record.threshold, record.baseline_start, record.baseline_end)
            assert fit == (float(row["Threshold"]), int(row["Start"]), int(row["End"]))


def test_what_the_readme_of_the_samples_says_of_them():
    _, study = read(STUDY)
    (h3,) = [record for record in study.records if record.well == "H3"]
    assert (h3.sample, h3.ct, h3.state) == ("NTC", 36.0, State.OK)
    _, headless = read(HEADLESS)
    undetermined = [r for r in headless.records if r.state is State.UNDETERMINED]
    assert (len(headless.records), len(undetermined)) == (48, 13)


def run_of(tmp_path, *names):
    folder = tmp_path / "run"
    folder.mkdir()
    for name in names:
        shutil.copy(SAMPLES / name, folder)
    return read_run(folder, panel=PANEL, settings=SETTINGS)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (
            "abi7500/sds7500_v23_standard_curve_example.eds",
            "EDS file of 7500 Software v2.3 without results: it holds the dyes' signals, but no Ct "
            "and no Rn; open it in the instrument's software and export",
        ),
        (
            "eds/eds_v2_qs6pro_384_anonymised.eds",
            "EDS file with 10 results of replicate groups and no Ct of a well; analyse the run in "
            "Design & Analysis and export it",
        ),
    ],
)
def test_an_eds_without_cts_says_so(tmp_path, name, found):
    record, reactions, curves = run_of(tmp_path, name)
    assert (record.status, reactions, curves) == (Status.REJECTED, [], [])
    assert record.reason.startswith(f"{Path(name).name}: {found}")


def test_an_eds_without_cts_is_no_harm_beside_the_export(tmp_path):
    record, reactions, _ = run_of(
        tmp_path,
        "abi7500/sds7500_v2_results_only_CR.csv",
        "abi7500/sds7500_v23_standard_curve_example.eds",
    )
    assert (record.status, len(reactions)) == (Status.READ, 46)
    assert "file_not_used" in {finding.code for finding in record.noticed}


def test_the_cts_of_an_eds_lie_on_one_line_of_its_curves(tmp_path):
    record, reactions, curves = run_of(tmp_path, "eds/eds_v1_analysis_result_only.eds")
    codes = {finding.code for finding in record.noticed}
    assert not codes & {"ct_off_curve", "cts_off_one_line"}
    assert (len(reactions), len(curves)) == (24, 24)


def test_a_crt_is_not_compared_with_a_threshold(tmp_path):
    record, _, _ = run_of(tmp_path, "quantstudio/qs7flex_v1_crt.xlsx")
    codes = {finding.code for finding in record.noticed}
    assert not codes & {"ct_off_curve", "cts_off_one_line"}
