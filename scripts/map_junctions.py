"""Reads of products, panel, reference -> results/junctions/."""

from pathlib import Path

from breakpoint_pcr.insilico.conditions import ProductLimits
from breakpoint_pcr.job import job
from breakpoint_pcr.junctions.judging import judge_junctions
from breakpoint_pcr.junctions.mapping import PanelSites, map_reads
from breakpoint_pcr.junctions.reading import read_reads
from breakpoint_pcr.junctions.rows import Junction
from breakpoint_pcr.junctions.settings import MappingSettings
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference
from breakpoint_pcr.tables import Finding, Oligo, Site, read_table, write_table

given, params, output = snakemake.input, snakemake.params, snakemake.output
with job(snakemake.log[0]):
    settings = MappingSettings.from_config(params.settings)
    reads, problems = read_reads([Path(path) for path in given.reads], settings)
    panel = PanelSites(
        assays=load_panel(Path(given.panel[0]).parent).breakpoint_assays,
        sites=tuple(read_table(Path(given.sites), Site)),
        lengths={oligo.name: oligo.length_nt for oligo in read_table(Path(given.oligos), Oligo)},
        limits=ProductLimits(*params.product_limits),
    )
    locus = load_reference(Path(given.reference[0]).parent)
    rows = map_reads(reads, locus, panel, settings)
    write_table(Path(output.junctions), Junction, rows)
    write_table(Path(output.findings), Finding, [*problems, *judge_junctions(rows)])
