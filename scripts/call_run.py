"""Reactions, curves and products -> features.tsv, wells.tsv, samples.tsv, findings.tsv."""

from pathlib import Path

from breakpoint_pcr import tables
from breakpoint_pcr.calling.calling import CallSettings, call_run
from breakpoint_pcr.calling.primers import unconfirmed_primers
from breakpoint_pcr.job import job
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.runs import read_record
from breakpoint_pcr.tables import read_table, read_traces, write_table

given, output = snakemake.input, snakemake.output
with job(snakemake.log[0]):
    panel = load_panel(Path(given.panel[0]).parent)
    called = call_run(
        read_record(Path(given.record)),
        *read_traces(Path(given.reactions), Path(given.curves)),
        read_table(Path(given.products), tables.Product),
        panel=panel,
        settings=CallSettings.from_config(**snakemake.params.settings),
        unconfirmed=unconfirmed_primers(
            panel, read_table(Path(given.sites), tables.Site), snakemake.params.confirmed
        ),
    )
    names = list(dict.fromkeys(name for row in called.features for name in row.values))
    assays = [assay.name for assay in panel.assays]
    write_table(Path(output.features), tables.Feature, called.features, names)
    write_table(Path(output.wells), tables.Well, called.wells)
    write_table(Path(output.samples), tables.Sample, called.samples, assays)
    write_table(Path(output.findings), tables.Finding, called.findings)
