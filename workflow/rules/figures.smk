"""Figures for slides and papers, on request: `snakemake draw_figures`, or results/figures/RUN.

Takes: results/runs/{run}/, results/panel/panel.json
Gives: results/figures/{run}/, results/panel/primer_map.svg, results/panel/primer_map.png
"""


rule draw_figures:
    """On request: draw every run and the primer map."""
    input:
        expand("results/figures/{run}", run=RUNS),
        "results/panel/primer_map.svg",


rule draw_run:
    """Draw the plate of a run and the curves of each of its samples."""
    input:
        record="results/runs/{run}/run.json",
        reactions="results/runs/{run}/reactions.tsv",
        curves="results/runs/{run}/curves.tsv",
        features="results/runs/{run}/features.tsv",
        wells="results/runs/{run}/wells.tsv",
        samples="results/runs/{run}/samples.tsv",
        levels="results/runs/{run}/levels.tsv",
        standards="results/runs/{run}/standards.tsv",
        findings="results/runs/{run}/findings.tsv",
        panel="results/panel/panel.json",
        fonts=folder_files(FONTS),
    output:
        directory("results/figures/{run}"),
    log:
        "logs/runs/{run}/draw_run.log",
    benchmark:
        "logs/runs/{run}/draw_run.tsv"
    params:
        library=fingerprint("figures.drawing", "report.reading", "job"),
        ct_limit=lookup("calling/ct_limit", within=config),
        language=lookup("report/language", within=config),
    script:
        "../../scripts/draw_run.py"


rule draw_primer_map:
    """Draw the locus to scale: exons, primers, recurrent deletions and their products."""
    input:
        panel="results/panel/panel.json",
        fonts=folder_files(FONTS),
    output:
        svg="results/panel/primer_map.svg",
        png="results/panel/primer_map.png",
    log:
        "logs/panel/draw_primer_map.log",
    benchmark:
        "logs/panel/draw_primer_map.tsv"
    params:
        library=fingerprint("figures.drawing", "job"),
        language=lookup("report/language", within=config),
    script:
        "../../scripts/draw_primer_map.py"
