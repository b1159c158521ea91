"""The checked configuration, the run folders, and what the library's stages are made of."""

import re
import sys
from pathlib import Path

from breakpoint_pcr.config import checked, read_yaml
from breakpoint_pcr.errors import BreakpointPcrError
from breakpoint_pcr.fingerprint import fingerprint
from breakpoint_pcr.folders import (
    facts_folder,
    find_runs,
    folder_files,
    listed_files,
    optional_file,
    project_path,
)
from breakpoint_pcr.validation.batches import batch_names

BASE = Path(workflow.basedir)

try:
    config = checked(config, read_yaml(BASE / "workflow/schemas/config.schema.yaml"))
    PANEL = facts_folder(config["panel"], BASE, "panel")
    REFERENCE = facts_folder(config["reference"], BASE, "reference")
    GENOME, VARIANTS = (
        optional_file(config[key], BASE, key) for key in ("genome", "variants")
    )
    READS = listed_files(config["junctions"], BASE, "junctions")
    FOLDERS, REFUSED = find_runs(config["runs"], BASE)
except BreakpointPcrError as problem:
    sys.exit(f"{problem}")

RUNS = sorted(FOLDERS)
PER_SAMPLE = RUNS if config["report"]["per_sample"] else []
FONTS = project_path("resources/fonts", BASE)
INSTRUMENTS = project_path("resources/simulation/instruments.yaml", BASE)


PRODUCT_LIMITS = ("product_must_max_bp", "product_may_max_bp")


wildcard_constraints:
    genome_part=r"\d+",
    run="|".join(map(re.escape, RUNS)) or "$^",


def run_files(wildcards):
    """Every file of the run folder, so that a new or changed one reruns it."""
    return folder_files(FOLDERS[wildcards.run])


def genome_tables(wildcards):
    """What the genome is, and the sites in each of its parts; nothing where none is configured."""
    from breakpoint_pcr.insilico.genome.searched import part_names

    if not GENOME:
        return []
    parts = part_names(Path(checkpoints.index_genome.get().output.records))
    found = expand("results/panel/genome/{genome_part}.tsv", genome_part=parts)
    return ["results/panel/genome/genome.json", *found]
