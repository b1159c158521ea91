"""Panel and reference -> results/panel/."""

import json
from pathlib import Path

from breakpoint_pcr.insilico.verification import Conditions, verify
from breakpoint_pcr.job import job
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference
from breakpoint_pcr.tables import Dimer, Finding, Oligo, Pattern, Product, Site, write_table

with job(snakemake.log[0]):
    panel = load_panel(Path(snakemake.input.panel[0]).parent)
    locus = load_reference(Path(snakemake.input.reference[0]).parent)
    found = verify(panel, locus, Conditions.from_config(snakemake.params.conditions))
    output = snakemake.output
    write_table(Path(output.sites), Site, found.sites)
    write_table(Path(output.oligos), Oligo, found.oligos)
    write_table(Path(output.dimers), Dimer, found.dimers)
    write_table(Path(output.products), Product, found.products)
    assays = [assay.name for assay in panel.breakpoint_assays]
    write_table(Path(output.decision_table), Pattern, found.patterns, assays)
    write_table(Path(output.findings), Finding, found.findings)
    text = json.dumps(found.document, ensure_ascii=False, indent=1)
    Path(output.document).write_text(text + "\n", encoding="utf-8")
