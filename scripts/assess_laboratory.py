"""Tables of all runs, truth of their sample sheets -> results/validation/laboratory/."""

from pathlib import Path

from breakpoint_pcr.job import job
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.tables import StandardCurve, write_table
from breakpoint_pcr.validation import rows
from breakpoint_pcr.validation.laboratory import assess, read_runs

given, output, params = snakemake.input, snakemake.output, snakemake.params
with job(snakemake.log[0]):
    panel = load_panel(Path(given.panel[0]).parent)
    runs = read_runs(Path(record).parent for record in given.records)
    found = assess(runs, panel=panel, confidence=params.confidence)
    write_table(Path(output.agreement), rows.Agreement, found.agreement)
    write_table(Path(output.disagreements), rows.Disagreement, found.disagreements)
    write_table(Path(output.precision), rows.Precision, found.precision)
    write_table(Path(output.cutoff), rows.CutoffLevel, found.cutoff)
    write_table(Path(output.detection), rows.CutoffCurve, found.detection)
    write_table(Path(output.standards), StandardCurve, found.standards)
