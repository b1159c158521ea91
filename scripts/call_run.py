"""Reactions, curves, products -> features, wells, samples, levels, standards, findings (tsv)."""

from pathlib import Path

from breakpoint_pcr import tables
from breakpoint_pcr.calling import CallSettings, call_run
from breakpoint_pcr.calling.primers import unconfirmed_primers
from breakpoint_pcr.job import job
from breakpoint_pcr.levels import LevelSettings, levels_of
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.runs import read_record
from breakpoint_pcr.tables import read_table, read_traces, write_table

given, output, params = snakemake.input, snakemake.output, snakemake.params
with job(snakemake.log[0]):
    panel = load_panel(Path(given.panel[0]).parent)
    record = read_record(Path(given.record))
    products = read_table(Path(given.products), tables.Product)
    sites = read_table(Path(given.sites), tables.Site)
    traces = read_traces(Path(given.reactions), Path(given.curves))
    settings = CallSettings.from_config(**params.settings)
    doubtful = unconfirmed_primers(panel, sites, params.confirmed)
    run = call_run(record, *traces, products, panel=panel, settings=settings, unconfirmed=doubtful)
    limits = LevelSettings.from_config(params.level)
    level = levels_of(record, run, products, panel=panel, settings=limits)
    names = list(dict.fromkeys(name for row in run.features for name in row.values))
    write_table(Path(output.features), tables.Feature, run.features, names)
    write_table(Path(output.wells), tables.Well, run.wells)
    write_table(Path(output.samples), tables.Sample, run.samples, [a.name for a in panel.assays])
    write_table(Path(output.findings), tables.Finding, [*run.findings, *level.findings])
    write_table(Path(output.levels), tables.SampleLevel, level.levels)
    write_table(Path(output.standards), tables.StandardCurve, level.standards)
