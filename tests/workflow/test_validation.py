"""`snakemake validate_assay` as its users meet it: a small study, and a laboratory's own runs."""

import csv
import shutil

import pytest
from test_workflow import DEMO, config, snakemake

from breakpoint_pcr.tables import read_table
from breakpoint_pcr.validation import rows

SMALL = {"samples": 100, "samples_per_batch": 50, "limit_samples": 20}
# What the demo's plan put into the tubes of the first plate: resources/demo/plans.
RUN = "2026-01-12_abi7500"
TRUTH = {
    "S01": "Δ4-7",
    "S02": "Δ2-7",
    "S03": "Δ2-8",
    "S04": "Δ4-8",
    "S05": "Δ2-7",
    "S06": "Δ4-7;Δ2-7",
    "S07": "negative",
    "S08": "negative",
    "S09": "Δ4-7",
}


def with_truth(sheet):
    """Add the column `truth` to a sample sheet."""
    with sheet.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        line["truth"] = TRUTH.get(line["sample"], "")
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


@pytest.fixture(scope="module")
def validated(tmp_path_factory):
    """A working folder with one run whose sheet tells the truth, and a small study."""
    folder = tmp_path_factory.mktemp("validated")
    shutil.copytree(DEMO / RUN, folder / "runs" / RUN)
    with_truth(folder / "runs" / RUN / "samplesheet.csv")
    status, text = snakemake(folder, "validate_assay", *config(folder, validation=SMALL))
    assert status == 0, text
    return folder


def test_the_study_is_written_and_has_no_wrong_call(validated):
    arms = read_table(validated / "results/validation/arms.tsv", rows.ArmResult)
    assert sum(arm.samples for arm in arms) == SMALL["samples"] + SMALL["limit_samples"]
    assert [arm.arm for arm in arms if arm.target and arm.wrong] == []
    assert (validated / "results/validation/validation.pdf").read_bytes().startswith(b"%PDF-")
    page = (validated / "docs/validation.md").read_text(encoding="utf-8")
    assert str(SMALL["samples"]) in page
    assert str(validated) not in page


def test_the_laboratory_part_counts_its_own_samples_and_stays_out_of_the_page(validated):
    """By hand: 9 samples; 7 hold a deletion (S01-S06, S09), 2 hold none."""
    table = validated / "results/validation/laboratory/agreement.tsv"
    found = {row.deletion: row for row in read_table(table, rows.Agreement)}
    whole = found["any"]
    assert (whole.samples, whole.true_positive, whole.true_negative) == (9, 7, 2)
    assert (whole.false_positive, whole.false_negative, whole.open) == (0, 0, 0)
    assert found["Δ2-7"].true_positive == 3
    assert RUN not in (validated / "docs/validation.md").read_text(encoding="utf-8")


def test_nothing_changed_means_nothing_to_be_done(validated):
    options = config(validated, validation=SMALL)
    status, text = snakemake(validated, "validate_assay", *options)
    assert status == 0
    assert "Nothing to be done" in text


def test_a_truth_in_the_sheet_changes_no_call(validated, tmp_path):
    shutil.copytree(DEMO / RUN, tmp_path / "runs" / RUN)
    target = f"results/runs/{RUN}/samples.tsv"
    status, text = snakemake(tmp_path, target, *config(tmp_path))
    assert status == 0, text
    assert (tmp_path / target).read_bytes() == (validated / target).read_bytes()
