"""Panel, products, instrument profiles, settings -> what each limit of a part does when moved."""

from pathlib import Path

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.job import job
from breakpoint_pcr.tables import write_table
from breakpoint_pcr.validation.limits import limits_of, limits_of_part, move_limits
from breakpoint_pcr.validation.rows import LimitEffect
from breakpoint_pcr.validation.study import StudyFiles, read_pipeline

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
    limits = limits_of(params.settings, read_yaml(Path(given.schema)))
    mine = limits_of_part(snakemake.wildcards.part, params.parts, limits)
    effects = move_limits(mine, pipeline, settings=params.settings, study=params.study)
    write_table(Path(snakemake.output[0]), LimitEffect, effects)
