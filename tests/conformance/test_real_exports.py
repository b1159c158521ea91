"""Real exports of the first formats against truth tables that were made by other parsers."""

import re
from pathlib import Path

import pytest
from real_exports import PANEL, SAMPLES, SETTINGS, needs_samples, truth
from real_exports import read as read_sample

from breakpoint_pcr.ingest.reading import read_run
from breakpoint_pcr.runs import Status
from breakpoint_pcr.tables import State

# Export, reader, and what is set up but missing in its Results (read off the files by hand).
EXPORTS = {
    "abi7500/sds7500_v2_results_only_CR.csv": ("abi_sections", []),
    "abi7500/sds7500_v2_allsections_excerpt_CR.csv": ("abi_sections", [("A2", "NRIP1")]),
    "stepone/stepone_v2_results_decimal_comma.txt": ("abi_sections", []),
    "quantstudio/qs6flex_presence_absence.txt": ("abi_sections", []),
    "quantstudio/qs7flex_comparative_ntc.txt": ("abi_sections", []),
    "quantstudio/qs1_da27_standard_curve.xlsx": ("quantstudio_workbook", []),
    "quantstudio/qs3_da15_excerpt_AB.xls": ("quantstudio_workbook", []),
    "quantstudio/qs7flex_v1_crt.xlsx": ("quantstudio_workbook", []),
    "quantstudio/qs7pro_da27_presence_absence.xlsx": ("quantstudio_workbook", []),
    "quantstudio/qs7pro_diomni43.xlsx": ("quantstudio_workbook", []),
    "abi7500/sds12_ab7000.csv": ("abi_sds1", []),
    "eds/eds_v1_analysis_result_only.eds": ("eds", []),
}
HEADERS = {
    "sds7500_v2_allsections_excerpt_CR": ("Applied Biosystems 7500", "2010-01-27", "ROX", "Ct"),
    "stepone_v2_results_decimal_comma": ("StepOnePlus", "", "", "Ct"),
    "qs6flex_presence_absence": ("QuantStudio(TM) 6 Flex System", "2010-10-01", "ROX", "Ct"),
    "qs1_da27_standard_curve": ("QuantStudio™ 1 System", "2018-06-01", "ROX", "Cq"),
    "qs3_da15_excerpt_AB": ("QuantStudio™ 3 System", "2023-11-03", "ROX", "Ct"),
    "qs7flex_v1_crt": ("QuantStudio(TM) 7 Flex System", "2022-08-12", "ROX", "Crt"),
    "qs7pro_diomni43": ("QuantStudio™ 7 Pro System", "2026-02-13", "ROX", "Cq"),
}
pytestmark = needs_samples


def read(name):
    return read_sample(SAMPLES / name)


def as_truth(record):
    """The record in the words of a truth table."""
    return {
        "well": record.well,
        "sample": record.sample,
        "target": record.target,
        "task": record.task,
        "dye": record.dye,
        "ct": "" if record.ct is None else f"{record.ct:.4f}",
        "ct_raw": record.ct_text if record.ct is None else "",
        "threshold": record.threshold,
        "omit": "true" if record.state is State.OMITTED else "false",
        "n_cycles": str(len(record.values) or ""),
        "last_drn": f"{record.values[-1]:.4f}" if record.values else "",
    }


@pytest.mark.parametrize("name", EXPORTS)
def test_every_reaction_is_read_and_none_invented(name):
    reader, export = read(name)
    expected, missing = truth(name), EXPORTS[name][1]
    assert reader == EXPORTS[name][0]
    measured = export.records[: len(export.records) - len(missing)]
    found = [as_truth(record) for record in measured]
    for row in expected:
        if "ct_raw" in row:  # some say in brackets what the text means
            row["ct_raw"] = row["ct_raw"].partition(" (")[0]
        if "threshold" in row:
            row["threshold"] = float(row["threshold"]) if row["threshold"] else None
    columns = expected[0].keys()
    assert [{key: row[key] for key in columns} for row in found] == expected
    omitted = export.records[len(measured) :]
    assert [(r.well, r.target, r.state) for r in omitted] == [
        (*key, State.OMITTED) for key in missing
    ]


@pytest.mark.parametrize("stem", HEADERS)
def test_header_is_read(stem):
    name = next(name for name in EXPORTS if Path(name).stem == stem)
    _, export = read(name)
    found = (export.instrument, export.run_date, export.passive_reference, export.ct_kind)
    assert found == HEADERS[stem]


def test_curves_that_were_cut_tell_nothing_of_the_cycles_run():
    _, export = read("quantstudio/qs7flex_comparative_ntc.txt")
    assert export.n_cycles is None
    assert [finding.code for finding in export.noticed] == ["curves_missing", "curves_cut"]


@pytest.mark.parametrize(
    ("name", "wells"),
    [
        ("abi7500/sds7500_v2_allsections_excerpt_CR.csv", []),
        ("quantstudio/qs1_da27_standard_curve.xlsx", []),
        ("quantstudio/qs7pro_da27_presence_absence.xlsx", []),
        # facts: one well of this file lies 6.29 cycles off, all others below 0.5.
        ("quantstudio/qs3_da15_excerpt_AB.xls", None),
    ],
)
def test_cts_lie_where_their_curves_cross(tmp_path, name, wells):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "export").write_bytes((SAMPLES / name).read_bytes())
    record, _, curves = read_run(folder, panel=PANEL, settings=SETTINGS)
    off = [finding.subject for finding in record.noticed if finding.code == "ct_off_curve"]
    assert curves
    assert off == wells if wells is not None else len(off) <= 1


def test_a_run_of_foreign_targets_is_read_and_mapped_by_a_sheet(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    name = "quantstudio/qs7pro_da27_presence_absence.xlsx"
    (folder / "export.bin").write_bytes((SAMPLES / name).read_bytes())
    record, reactions, _ = read_run(folder, panel=PANEL, settings=SETTINGS)
    assert {reaction.assay for reaction in reactions} == {""}
    assert "no_known_assay" in {finding.code for finding in record.noticed}
    (folder / "samplesheet.csv").write_text(
        "well,target,sample,assay,role\nA2,Xeno,S1,F.4/R-7,unknown\nA2,IPC,S1,ALB,unknown\n",
        encoding="utf-8",
    )
    record, reactions, _ = read_run(folder, panel=PANEL, settings=SETTINGS)
    mapped = [(r.well, r.sample, r.assay, r.target) for r in reactions if r.assay]
    assert mapped == [("A2", "S1", "F.4/R-7", "Xeno"), ("A2", "S1", "ALB", "IPC")]
    assert "no_known_assay" not in {finding.code for finding in record.noticed}


@pytest.mark.parametrize("name", EXPORTS)
def test_half_a_file_is_refused(tmp_path, name):
    """Each of these is cut inside a row or an archive there; a cut between rows cannot be seen."""
    folder = tmp_path / "run"
    folder.mkdir()
    content = (SAMPLES / name).read_bytes()
    (folder / "export").write_bytes(content[: len(content) // 2])
    record, reactions, curves = read_run(folder, panel=PANEL, settings=SETTINGS)
    assert (record.status, reactions, curves) == (Status.REJECTED, [], [])
    assert "\n" not in record.reason
    assert re.match(r"export.*(cut off|damaged)", record.reason)
