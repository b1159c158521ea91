"""Panel, reference, sites in a genome, known variants -> results/panel/."""

from pathlib import Path

from breakpoint_pcr.insilico.files import read_genome, read_known, write_verification
from breakpoint_pcr.insilico.verification import Conditions, verify
from breakpoint_pcr.job import job
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference

given = snakemake.input
with job(snakemake.log[0]):
    panel = load_panel(Path(given.panel[0]).parent)
    locus = load_reference(Path(given.reference[0]).parent)
    conditions = Conditions.from_config(snakemake.params.conditions)
    genome = read_genome([Path(path) for path in given.genome])
    known = read_known([Path(path) for path in given.variants], locus, conditions.variants)
    found = verify(panel, locus, conditions, genome=genome, known=known)
    write_verification(found, {name: Path(path) for name, path in snakemake.output.items()})
