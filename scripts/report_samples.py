"""Tables of a run and panel.json -> one report.pdf for each sample, and their index."""

import json
from pathlib import Path

from breakpoint_pcr.job import job
from breakpoint_pcr.provenance import commit, versions
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.per_sample import issue
from breakpoint_pcr.report.reading import read_tables
from breakpoint_pcr.report.source import ReportSource

with job(snakemake.log[0]):
    fonts = Path(snakemake.input.fonts[0]).parent
    source = ReportSource(
        **read_tables(Path(snakemake.input.record).parent),
        panel=json.loads(Path(snakemake.input.panel).read_text(encoding="utf-8")),
        settings=snakemake.params.settings,
        laboratory=snakemake.params.report["laboratory"],
        language=snakemake.params.report["language"],
        versions=versions(),
        panel_name=snakemake.params.names["panel"],
        reference_name=snakemake.params.names["reference"],
        commit=commit(),
    )
    folder = Path(snakemake.output.folder)
    issue(source, folder, fonts=fonts, coverage=read_coverage(fonts))
