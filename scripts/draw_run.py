"""Tables of a run and panel.json -> results/figures/RUN/."""

import json
from pathlib import Path

from breakpoint_pcr.figures.drawing import draw_run
from breakpoint_pcr.job import job
from breakpoint_pcr.report.reading import read_tables
from breakpoint_pcr.report.source import ReportSource

given, params = snakemake.input, snakemake.params
with job(snakemake.log[0]):
    source = ReportSource(
        **read_tables(Path(given.record).parent),
        panel=json.loads(Path(given.panel).read_text(encoding="utf-8")),
        settings={"calling": {"ct_limit": params.ct_limit}},
        laboratory="",
        language=params.language,
        versions={},
        panel_name="",
        reference_name="",
    )
    draw_run(source, fonts=Path(given.fonts[0]).parent, folder=Path(snakemake.output[0]))
