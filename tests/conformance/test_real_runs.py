"""The whole workflow on real exports, with sample sheets that map their wells to assays.

The expected calls follow from the truth tables by hand: in each file the targets taken for a
breakpoint assay amplify far below the Ct limit in every sample but the negative ones, and what
stands for the control gene comes at 26 to 29 cycles.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT.parent / "shared/samples"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the real exports stand beside the project, not in it"
)

OVERLAY = {
    "runs": "runs",
    "controls": {
        "ntc": {"required": False},
        "positive": {"required": False},
        "wild_type": {"required": False},
        "control_gene": {"required": False, "ct_max": 30},
    },
    "replicates": {"rule": "majority"},
}
SHEETS = {
    "abi7500/sds7500_v2_allsections_excerpt_CR.csv": "well,assay\nA1:A8,F.4/R-7\nE1:F8,ALB\n",
    "quantstudio/qs1_da27_standard_curve.xlsx": "well,assay\nA1:H12,F.4/R-7\n",
    "quantstudio/qs7pro_da27_presence_absence.xlsx": None,
    "quantstudio/qs3_da15_excerpt_AB.xls": (
        "well,target,assay\nA1:B3,gfpbarcode,ALB\nA1:B3,U64,F.4/R-7\n"
    ),
}


def run_name(path):
    return Path(path).stem


def sheet_from_truth():
    """Map target Xeno of the QuantStudio 7 Pro file; IPC is in the NTC too, so no control gene."""
    truth = SAMPLES / "truth/qs7pro_da27_presence_absence.tsv"
    with truth.open(newline="") as file:
        wells = [r["well"] for r in csv.DictReader(file, delimiter="\t") if r["target"] == "Xeno"]
    lines = [f"{well},Xeno,F.4/R-7" for well in wells]
    return "\n".join(["well,target,assay", *lines, ""])


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real")
    for export, sheet in SHEETS.items():
        run = folder / "runs" / run_name(export)
        run.mkdir(parents=True)
        shutil.copy(SAMPLES / export, run)
        (run / "samplesheet.csv").write_text(sheet or sheet_from_truth(), encoding="utf-8")
    (folder / "overlay.json").write_text(json.dumps(OVERLAY), encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(folder), "--cores", "2", "--configfile", "overlay.json"]
    done = subprocess.run(
        command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "results"


def calls(results, export):
    with (results / "runs" / run_name(export) / "samples.tsv").open(newline="") as file:
        return {row["sample"]: row["call"] for row in csv.DictReader(file, delimiter="\t")}


@pytest.mark.parametrize("export", SHEETS)
def test_every_run_has_its_report(results, export):
    folder = results / "runs" / run_name(export)
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["status"] == "read"


def test_abi_7500(results):
    """Row A: Ct 31.7 to 33.1 in every sample but the one whose well is not in the results."""
    found = calls(results, "abi7500/sds7500_v2_allsections_excerpt_CR.csv")
    absent = found.pop("Scramble miR 2")
    assert absent == "invalid"
    assert len(found) == 7
    assert set(found.values()) == {"Δ4-7"}


def test_quantstudio_1(results):
    """36 replicates of each unknown at Ct 27 to 29; standards and NTC make no sample."""
    found = calls(results, "quantstudio/qs1_da27_standard_curve.xlsx")
    assert found == {"Unk_5K": "Δ4-7", "Unk_10K": "Δ4-7"}


def test_quantstudio_7_pro(results):
    """The vendor's example says itself which samples are positive; NTC and NAC are controls."""
    found = calls(results, "quantstudio/qs7pro_da27_presence_absence.xlsx")
    assert len(found) == 24
    for sample, call in found.items():
        assert call == ("Δ4-7" if sample.startswith("Positive") else "negative"), sample


def test_quantstudio_3(results):
    """One sample name in six wells, three with a Ct and three without: nobody may call that."""
    found = calls(results, "quantstudio/qs3_da15_excerpt_AB.xls")
    assert found == {"Sample 1": "inconclusive"}
