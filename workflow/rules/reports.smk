"""From all runs to one page, and the last word on what was rejected.

Takes: results/runs/*/
Gives: results/summary/
"""


rule summarise_runs:
    """Join the tables of all runs, say which call of a sample stands, and write the page."""
    input:
        records=expand("results/runs/{run}/run.json", run=RUNS),
        wells=expand("results/runs/{run}/wells.tsv", run=RUNS),
        samples=expand("results/runs/{run}/samples.tsv", run=RUNS),
        levels=expand("results/runs/{run}/levels.tsv", run=RUNS),
        findings=expand("results/runs/{run}/findings.tsv", run=RUNS),
        reactions=expand("results/runs/{run}/reactions.tsv", run=RUNS),
        curves=expand("results/runs/{run}/curves.tsv", run=RUNS),
        features=expand("results/runs/{run}/features.tsv", run=RUNS),
        issued=expand("results/runs/{run}/samples", run=PER_SAMPLE),
        panel=folder_files(PANEL),
    output:
        runs="results/summary/runs.tsv",
        samples="results/summary/samples.tsv",
        levels="results/summary/levels.tsv",
        standing="results/summary/standing.tsv",
        controls="results/summary/controls.tsv",
        findings="results/summary/findings.tsv",
        cts="results/summary/ct.tsv",
        page="results/summary/index.html",
        figure_svg="results/summary/ct.svg",
        figure_png="results/summary/ct.png",
    log:
        "logs/summary/summarise_runs.log",
    benchmark:
        "logs/summary/summarise_runs.tsv"
    params:
        library=fingerprint("summary.summarising", "job"),
        ct_limit=lookup("calling/ct_limit", within=config),
        language=lookup("report/language", within=config),
    script:
        "../../scripts/summarise_runs.py"


rule confirm_runs:
    """Name each rejected run in one line, and fail when there is one."""
    input:
        records=expand("results/runs/{run}/run.json", run=RUNS),
        reports=expand("results/runs/{run}/report.pdf", run=RUNS),
        page="results/summary/index.html",
    output:
        "results/summary/confirmed.txt",
    log:
        "logs/summary/confirm_runs.log",
    localrule: True
    params:
        library=fingerprint("runs", "job"),
        refused=lambda wildcards: REFUSED,
    script:
        "../../scripts/confirm_runs.py"
