"""Run folder -> run.json, reactions.tsv, curves.tsv."""

from pathlib import Path

from breakpoint_pcr.ingest.reading import IngestSettings, read_run
from breakpoint_pcr.job import job
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.runs import write_record
from breakpoint_pcr.tables import Reaction, write_curves, write_table

with job(snakemake.log[0]):
    panel = load_panel(Path(snakemake.input.panel[0]).parent)
    settings = IngestSettings.from_config(snakemake.params.ingest)
    record, reactions, curves = read_run(
        Path(snakemake.params.folder), panel=panel, settings=settings
    )
    write_record(Path(snakemake.output.record), record)
    write_table(Path(snakemake.output.reactions), Reaction, reactions)
    write_curves(Path(snakemake.output.curves), curves)
