"""panel.json -> primer_map.svg, primer_map.png."""

import json
from pathlib import Path

from breakpoint_pcr.figures.drawing import draw_panel
from breakpoint_pcr.job import job

given, language = snakemake.input, snakemake.params.language
with job(snakemake.log[0]):
    panel = json.loads(Path(given.panel).read_text(encoding="utf-8"))
    drawn = draw_panel(panel, language=language, fonts=Path(given.fonts[0]).parent)
    Path(snakemake.output.svg).write_bytes(drawn.svg)
    Path(snakemake.output.png).write_bytes(drawn.png)
