"""Tables of a run and panel.json -> report.pdf, report.json."""

import json
from pathlib import Path

from breakpoint_pcr.job import job
from breakpoint_pcr.provenance import commit, versions
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.document import compose, document_text
from breakpoint_pcr.report.reading import read_tables
from breakpoint_pcr.report.source import ReportSource
from breakpoint_pcr.report.typesetting import typeset

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
    document = compose(source, read_coverage(fonts))
    Path(snakemake.output.document).write_text(document_text(document), encoding="utf-8")
    Path(snakemake.output.pdf).write_bytes(typeset(document, fonts=fonts))
