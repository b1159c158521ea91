"""Panel, products, instruments, limits -> simulated dilutions: cutoff.tsv, detection.tsv."""

from pathlib import Path

from breakpoint_pcr.calling import CallSettings
from breakpoint_pcr.job import job
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.simulate.instruments import read_instruments
from breakpoint_pcr.tables import Product, read_table, write_table
from breakpoint_pcr.validation.cutoff import CutoffStudy, simulate_dilutions
from breakpoint_pcr.validation.dilutions import cutoff_curves, cutoff_levels
from breakpoint_pcr.validation.rows import CutoffCurve, CutoffLevel

given, output, params = snakemake.input, snakemake.output, snakemake.params
with job(snakemake.log[0]):
    study = CutoffStudy(
        panel=load_panel(Path(given.panel[0]).parent),
        products=read_table(Path(given.products), Product),
        instruments=read_instruments(Path(given.instruments)),
        settings=CallSettings.from_config(**params.settings),
        seed=params.study["seed"],
    )
    assays = [assay.name for assay in study.panel.breakpoint_assays]
    wells = simulate_dilutions(study)
    levels = cutoff_levels(wells, assays, confidence=params.confidence)
    curves = cutoff_curves(levels, confidence=params.confidence, notes={})
    write_table(Path(output.levels), CutoffLevel, levels)
    write_table(Path(output.curves), CutoffCurve, curves)
