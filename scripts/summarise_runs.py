"""Tables of all runs -> results/summary/."""

from pathlib import Path

from breakpoint_pcr.job import job
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.summary.summarising import SummarySource, summarise

with job(snakemake.log[0]):
    source = SummarySource(
        runs=tuple(Path(record).parent for record in snakemake.input.records),
        panel=load_panel(Path(snakemake.input.panel[0]).parent),
        ct_limit=snakemake.params.ct_limit,
        language=snakemake.params.language,
        output=Path(snakemake.output.page).parent,
        issued=tuple(Path(folder) / "index.tsv" for folder in snakemake.input.issued),
    )
    summarise(source)
