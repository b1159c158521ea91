"""run.json of all runs -> confirmed.txt, or one line for each rejected run and exit status 1."""

import sys
from pathlib import Path

from breakpoint_pcr.job import job
from breakpoint_pcr.runs import Status, read_record

with job(snakemake.log[0]):
    records = [read_record(Path(path)) for path in snakemake.input.records]
    rejected = [f"{r.run}: {r.reason}" for r in records if r.status is Status.REJECTED]
    if lines := [f"rejected: {line}" for line in [*snakemake.params.refused, *rejected]]:
        sys.exit("\n".join(lines))
    Path(snakemake.output[0]).write_text("".join(f"{r.run}\n" for r in records), encoding="utf-8")
