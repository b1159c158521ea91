"""From panel and reference to what each deletion lights up.

Takes: panel folder, reference folder
Gives: results/panel/
"""


rule verify_primers:
    """Find every primer site, the products of every allele, and the call of every pattern."""
    input:
        panel=folder_files(PANEL),
        reference=folder_files(REFERENCE),
    output:
        sites="results/panel/sites.tsv",
        oligos="results/panel/oligos.tsv",
        dimers="results/panel/dimers.tsv",
        products="results/panel/products.tsv",
        decision_table="results/panel/decision_table.tsv",
        findings="results/panel/findings.tsv",
        document="results/panel/panel.json",
    log:
        "logs/panel/verify_primers.log",
    benchmark:
        "logs/panel/verify_primers.tsv"
    params:
        library=fingerprint("insilico.verification", "job"),
        conditions=lookup("primers", within=config),
    script:
        "../../scripts/verify_primers.py"
