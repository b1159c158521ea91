"""Panel, products, instrument profiles, settings -> the judged samples of a batch."""

from pathlib import Path

from breakpoint_pcr.job import job
from breakpoint_pcr.tables import write_table
from breakpoint_pcr.validation.rows import StudySample
from breakpoint_pcr.validation.study import StudyFiles, read_pipeline, study_batch

given, params = snakemake.input, snakemake.params
with job(snakemake.log[0]):
    files = StudyFiles(
        panel=Path(given.panel[0]).parent,
        products=Path(given.products),
        sites=Path(given.sites),
        instruments=Path(given.instruments),
    )
    keys = ("study", "settings", "ingest", "confirmed")
    pipeline = read_pipeline(files, **{key: params[key] for key in keys})
    rows = study_batch(snakemake.wildcards.batch, params.study, pipeline)
    write_table(Path(snakemake.output[0]), StudySample, rows)
