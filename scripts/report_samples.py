"""Tables of a run and panel.json -> one report.pdf for each sample, and their index."""

from pathlib import Path

from breakpoint_pcr.job import job
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.per_sample import issue
from breakpoint_pcr.report.reading import read_source

with job(snakemake.log[0]):
    fonts = Path(snakemake.input.fonts[0]).parent
    given = snakemake.input
    source = read_source(Path(given.record).parent, Path(given.panel), snakemake.params)
    folder = Path(snakemake.output.folder)
    issue(source, folder, fonts=fonts, coverage=read_coverage(fonts))
