"""Tables of a run and panel.json -> report.pdf, report.json."""

from pathlib import Path

from breakpoint_pcr.job import job
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.report.document import compose, document_text
from breakpoint_pcr.report.reading import read_source
from breakpoint_pcr.report.typesetting import typeset

with job(snakemake.log[0]):
    fonts = Path(snakemake.input.fonts[0]).parent
    given = snakemake.input
    source = read_source(Path(given.record).parent, Path(given.panel), snakemake.params)
    document = compose(source, read_coverage(fonts))
    Path(snakemake.output.document).write_text(document_text(document), encoding="utf-8")
    Path(snakemake.output.pdf).write_bytes(typeset(document, fonts=fonts))
