"""A part of the genome, panel, reference -> the sites of the panel's oligos in that part."""

from pathlib import Path

from breakpoint_pcr.insilico.conditions import Conditions
from breakpoint_pcr.insilico.genome.own import own_sites
from breakpoint_pcr.insilico.genome.scanning import scan_part
from breakpoint_pcr.insilico.rows import GenomeRecord, GenomeSite
from breakpoint_pcr.insilico.verification import ordered_sequences
from breakpoint_pcr.job import job
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference
from breakpoint_pcr.tables import read_table, write_table

given = snakemake.input
with job(snakemake.log[0]):
    panel = load_panel(Path(given.panel[0]).parent)
    locus = load_reference(Path(given.reference[0]).parent)
    conditions = Conditions.from_config(snakemake.params.conditions)
    primers = ordered_sequences(panel, conditions)
    own = own_sites(panel, primers, locus, conditions.rule)
    listed = read_table(Path(given.records), GenomeRecord)
    records = [record for record in listed if record.part == snakemake.wildcards.genome_part]
    sites = scan_part(
        Path(given.genome[0]), records, primers=primers, rule=conditions.rule, own=own
    )
    write_table(Path(snakemake.output[0]), GenomeSite, sites)
