"""The proof, on request: `snakemake validate_assay`.

Takes: the config, panel and reference, simulation profiles, results/panel/, results/runs/
Gives: results/validation/, docs/validation.md
"""

BATCHES = batch_names(config["validation"])
LIMIT_PARTS = ("a", "b", "c", "d")
SCHEMA = project_path("workflow/schemas/config.schema.yaml", BASE)
LIMIT_SECTIONS = ("calling", "curves", "controls", "replicates")


wildcard_constraints:
    batch="|".join(BATCHES),
    part="|".join(LIMIT_PARTS),


rule simulate_batch:
    """Simulate plates of the study, write their exports, read and call them, and compare."""
    input:
        products="results/panel/products.tsv",
        sites="results/panel/sites.tsv",
        panel=folder_files(PANEL),
        instruments=INSTRUMENTS,
    output:
        "results/validation/batches/{batch}.tsv",
    log:
        "logs/validation/{batch}/simulate_batch.log",
    benchmark:
        "logs/validation/{batch}/simulate_batch.tsv"
    params:
        library=fingerprint("validation.study", "job"),
        study=lookup("validation", within=config),
        settings={key: config[key] for key in LIMIT_SECTIONS},
        ingest=lookup("ingest", within=config),
        confirmed=[entry["name"] for entry in config["primers"]["confirmed"]],
    script:
        "../../scripts/simulate_batch.py"


rule move_limits:
    """Move each limit of the config down and up, and call the same simulated samples anew."""
    input:
        products="results/panel/products.tsv",
        sites="results/panel/sites.tsv",
        panel=folder_files(PANEL),
        instruments=INSTRUMENTS,
        schema=SCHEMA,
    output:
        "results/validation/limits/{part}.tsv",
    log:
        "logs/validation/{part}/move_limits.log",
    benchmark:
        "logs/validation/{part}/move_limits.tsv"
    params:
        library=fingerprint("validation.limits", "job"),
        parts=LIMIT_PARTS,
        study=lookup("validation", within=config),
        settings={key: config[key] for key in LIMIT_SECTIONS},
        ingest=lookup("ingest", within=config),
        confirmed=[entry["name"] for entry in config["primers"]["confirmed"]],
    script:
        "../../scripts/move_limits.py"


rule simulate_cutoff:
    """Simulate dilutions of every assay, and find the copies that are positive in 5, 50, 95 %."""
    input:
        products="results/panel/products.tsv",
        panel=folder_files(PANEL),
        instruments=INSTRUMENTS,
    output:
        levels="results/validation/cutoff.tsv",
        curves="results/validation/detection.tsv",
    log:
        "logs/validation/simulate_cutoff.log",
    benchmark:
        "logs/validation/simulate_cutoff.tsv"
    params:
        library=fingerprint("validation.cutoff", "job"),
        study=lookup("validation", within=config),
        settings={key: config[key] for key in LIMIT_SECTIONS},
        confidence=lookup("level/confidence", within=config),
    script:
        "../../scripts/simulate_cutoff.py"


rule assess_laboratory:
    """Compare the runs' calls with the truth of their sample sheets: agreement, precision, LoD."""
    input:
        records=expand("results/runs/{run}/run.json", run=RUNS),
        wells=expand("results/runs/{run}/wells.tsv", run=RUNS),
        samples=expand("results/runs/{run}/samples.tsv", run=RUNS),
        standards=expand("results/runs/{run}/standards.tsv", run=RUNS),
        panel=folder_files(PANEL),
    output:
        agreement="results/validation/laboratory/agreement.tsv",
        disagreements="results/validation/laboratory/disagreements.tsv",
        precision="results/validation/laboratory/precision.tsv",
        cutoff="results/validation/laboratory/cutoff.tsv",
        detection="results/validation/laboratory/detection.tsv",
        standards="results/validation/laboratory/standards.tsv",
    log:
        "logs/validation/assess_laboratory.log",
    benchmark:
        "logs/validation/assess_laboratory.tsv"
    params:
        library=fingerprint("validation.laboratory", "job"),
        confidence=lookup("level/confidence", within=config),
    script:
        "../../scripts/assess_laboratory.py"


rule validate_assay:
    """Sum up the simulated study and the laboratory's own runs in tables, a page and a PDF."""
    input:
        batches=expand("results/validation/batches/{batch}.tsv", batch=BATCHES),
        limits=expand("results/validation/limits/{part}.tsv", part=LIMIT_PARTS),
        cutoff=rules.simulate_cutoff.output,
        laboratory=rules.assess_laboratory.output,
        instruments=INSTRUMENTS,
        panel="results/panel/panel.json",
        fonts=folder_files(FONTS),
    output:
        arms="results/validation/arms.tsv",
        classes="results/validation/classes.tsv",
        confusion="results/validation/confusion.tsv",
        errors="results/validation/errors.tsv",
        limits="results/validation/limits.tsv",
        pdf="results/validation/validation.pdf",
        page="docs/validation.md",
    log:
        "logs/validation/validate_assay.log",
    benchmark:
        "logs/validation/validate_assay.tsv"
    params:
        library=fingerprint("validation.document", "provenance", "job"),
        study=lookup("validation", within=config),
        names={key: config[key] for key in ("panel", "reference")},
        settings={key: config[key] for key in LIMIT_SECTIONS},
        confidence=lookup("level/confidence", within=config),
        report=lookup("report", within=config),
    script:
        "../../scripts/validate_assay.py"
