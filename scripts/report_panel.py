"""panel.json -> verification.pdf."""

import json
from pathlib import Path

from breakpoint_pcr.job import job
from breakpoint_pcr.provenance import versions
from breakpoint_pcr.report.characters import read_coverage
from breakpoint_pcr.verification import compose, typeset

given, language = snakemake.input, snakemake.params.language
with job(snakemake.log[0]):
    fonts = Path(given.fonts[0]).parent
    panel = json.loads(Path(given.panel).read_text(encoding="utf-8"))
    found = compose(panel, language=language, versions=versions(), coverage=read_coverage(fonts))
    Path(snakemake.output[0]).write_bytes(typeset(found, fonts=fonts))
