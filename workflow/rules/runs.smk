"""From a run folder to calls.

Takes: a run folder, results/panel/
Gives: results/runs/{run}/
"""


rule read_run:
    """Read the exports, the sample sheet and run.yaml of a run folder."""
    input:
        run_files,
        panel=folder_files(PANEL),
    output:
        record="results/runs/{run}/run.json",
        reactions="results/runs/{run}/reactions.tsv",
        curves="results/runs/{run}/curves.tsv",
    log:
        "logs/runs/{run}/read_run.log",
    benchmark:
        "logs/runs/{run}/read_run.tsv"
    group:
        "run"
    params:
        library=fingerprint("ingest.reading", "job"),
        folder=lambda wildcards: str(FOLDERS[wildcards.run]),
        ingest=lookup("ingest", within=config),
    script:
        "../../scripts/read_run.py"


rule call_run:
    """Judge curves, wells and controls, and call each sample."""
    input:
        record="results/runs/{run}/run.json",
        reactions="results/runs/{run}/reactions.tsv",
        curves="results/runs/{run}/curves.tsv",
        products="results/panel/products.tsv",
        sites="results/panel/sites.tsv",
        panel=folder_files(PANEL),
    output:
        features="results/runs/{run}/features.tsv",
        wells="results/runs/{run}/wells.tsv",
        samples="results/runs/{run}/samples.tsv",
        levels="results/runs/{run}/levels.tsv",
        standards="results/runs/{run}/standards.tsv",
        findings="results/runs/{run}/findings.tsv",
    log:
        "logs/runs/{run}/call_run.log",
    benchmark:
        "logs/runs/{run}/call_run.tsv"
    group:
        "run"
    params:
        library=fingerprint("calling", "calling.primers", "levels", "job"),
        settings={
            key: config[key] for key in ("calling", "curves", "controls", "replicates")
        },
        level=lookup("level", within=config),
        confirmed=[entry["name"] for entry in config["primers"]["confirmed"]],
    script:
        "../../scripts/call_run.py"


rule report_run:
    """Write the PDF report of a run, with everything it shows as JSON."""
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
        pdf="results/runs/{run}/report.pdf",
        document="results/runs/{run}/report.json",
    log:
        "logs/runs/{run}/report_run.log",
    benchmark:
        "logs/runs/{run}/report_run.tsv"
    group:
        "run"
    params:
        library=fingerprint(
            "report.reading",
            "report.document",
            "report.typesetting",
            "provenance",
            "job",
        ),
        names={key: config[key] for key in ("panel", "reference")},
        settings={
            key: config[key]
            for key in ("calling", "curves", "controls", "replicates", "level")
        },
        report={key: config["report"][key] for key in ("laboratory", "language")},
    script:
        "../../scripts/report_run.py"


rule report_samples:
    """Write a PDF report for each sample of a run, with nothing of another patient in it."""
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
        folder=directory("results/runs/{run}/samples"),
    log:
        "logs/runs/{run}/report_samples.log",
    benchmark:
        "logs/runs/{run}/report_samples.tsv"
    group:
        "run"
    params:
        library=fingerprint("report.reading", "report.per_sample", "provenance", "job"),
        names={key: config[key] for key in ("panel", "reference")},
        settings={
            key: config[key]
            for key in ("calling", "curves", "controls", "replicates", "level")
        },
        report={key: config["report"][key] for key in ("laboratory", "language")},
    script:
        "../../scripts/report_samples.py"
