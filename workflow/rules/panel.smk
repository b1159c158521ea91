"""From panel and reference to what each deletion lights up, and to the verification document.

Takes: panel folder, reference folder; the genome and known variants where the config names them
Gives: results/panel/
"""


checkpoint index_genome:
    """List the records of the genome, in parts that are searched side by side."""
    input:
        genome=GENOME,
    output:
        records="results/panel/genome/records.tsv",
        document="results/panel/genome/genome.json",
    log:
        "logs/panel/index_genome.log",
    benchmark:
        "logs/panel/index_genome.tsv"
    params:
        library=fingerprint(
            "insilico.genome.searched", "insilico.genome.records", "job"
        ),
    script:
        "../../scripts/index_genome.py"


rule search_genome:
    """Find every site of the panel's oligos in a part of the genome."""
    input:
        genome=GENOME,
        records="results/panel/genome/records.tsv",
        panel=folder_files(PANEL),
        reference=folder_files(REFERENCE),
    output:
        "results/panel/genome/{genome_part}.tsv",
    log:
        "logs/panel/{genome_part}/search_genome.log",
    benchmark:
        "logs/panel/{genome_part}/search_genome.tsv"
    resources:
        mem_mb=1500,
    params:
        library=fingerprint("insilico.genome.scanning", "insilico.verification", "job"),
        conditions=lookup("primers", within=config),
    script:
        "../../scripts/search_genome.py"


rule verify_primers:
    """Find every primer site, the products of every allele, and the call of every pattern."""
    input:
        panel=folder_files(PANEL),
        reference=folder_files(REFERENCE),
        genome=genome_tables,
        variants=VARIANTS,
    output:
        sites="results/panel/sites.tsv",
        oligos="results/panel/oligos.tsv",
        dimers="results/panel/dimers.tsv",
        products="results/panel/products.tsv",
        decision_table="results/panel/decision_table.tsv",
        coverage="results/panel/coverage.tsv",
        robustness="results/panel/robustness.tsv",
        probe_room="results/panel/probe_room.tsv",
        design="results/panel/design.tsv",
        genome_sites="results/panel/genome_sites.tsv",
        genome_products="results/panel/genome_products.tsv",
        variants="results/panel/variants.tsv",
        findings="results/panel/findings.tsv",
        document="results/panel/panel.json",
    log:
        "logs/panel/verify_primers.log",
    benchmark:
        "logs/panel/verify_primers.tsv"
    params:
        library=fingerprint("insilico.files", "job"),
        conditions=lookup("primers", within=config),
    script:
        "../../scripts/verify_primers.py"


rule report_panel:
    """Write the verification as a PDF, for who orders the oligos and who signs for them."""
    input:
        panel="results/panel/panel.json",
        fonts=folder_files(FONTS),
    output:
        "results/panel/verification.pdf",
    log:
        "logs/panel/report_panel.log",
    benchmark:
        "logs/panel/report_panel.tsv"
    params:
        library=fingerprint("verification", "provenance", "job"),
        language=lookup("report/language", within=config),
    script:
        "../../scripts/report_panel.py"


rule map_junctions:
    """On request: place reads of sequenced products on the locus (`junctions` in the config)."""
    input:
        reads=READS,
        panel=folder_files(PANEL),
        reference=folder_files(REFERENCE),
        sites="results/panel/sites.tsv",
        oligos="results/panel/oligos.tsv",
    output:
        junctions="results/junctions/junctions.tsv",
        findings="results/junctions/findings.tsv",
    log:
        "logs/junctions/map_junctions.log",
    benchmark:
        "logs/junctions/map_junctions.tsv"
    params:
        library=fingerprint(
            "junctions.judging", "junctions.mapping", "junctions.reading", "job"
        ),
        settings=lookup("junction_mapping", within=config),
        product_limits=[config["primers"][key] for key in PRODUCT_LIMITS],
    script:
        "../../scripts/map_junctions.py"
