"""Breakpoint PCR: from run folders to deletion calls and a PDF report for each run."""

from snakemake.utils import min_version

min_version("9.0")


configfile: f"{workflow.basedir}/config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/panel.smk"
include: "workflow/rules/runs.smk"
include: "workflow/rules/reports.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/studies.smk"


rule all:
    """Report every run, sum up, and fail when a run was rejected."""
    default_target: True
    input:
        expand("results/runs/{run}/report.pdf", run=RUNS),
        expand("results/runs/{run}/samples", run=PER_SAMPLE),
        "results/panel/verification.pdf",
        "results/summary/index.html",
        "results/summary/confirmed.txt",
