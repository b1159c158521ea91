"""Genome FASTA -> its records, in parts that are searched side by side, and what it is."""

import json
from pathlib import Path

from breakpoint_pcr.insilico.genome.records import index_genome, parts_of
from breakpoint_pcr.insilico.genome.searched import PART_NT, Genome
from breakpoint_pcr.insilico.rows import GenomeRecord
from breakpoint_pcr.job import job
from breakpoint_pcr.tables import write_table

output = snakemake.output
with job(snakemake.log[0]):
    path = Path(snakemake.input.genome[0])
    records = parts_of(index_genome(path), PART_NT)
    write_table(Path(output.records), GenomeRecord, records)
    text = json.dumps(Genome.of(path, records).document, ensure_ascii=False, indent=1)
    Path(output.document).write_text(text + "\n", encoding="utf-8")
