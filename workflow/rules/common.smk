"""The checked configuration, the run folders, and what the library's stages are made of."""

import re
import sys
from pathlib import Path

from breakpoint_pcr.config import checked, read_yaml
from breakpoint_pcr.errors import BreakpointPcrError
from breakpoint_pcr.fingerprint import fingerprint
from breakpoint_pcr.folders import find_runs, folder_files, project_path
from breakpoint_pcr.validation.batches import batch_names

BASE = Path(workflow.basedir)

try:
    config = checked(config, read_yaml(BASE / "workflow/schemas/config.schema.yaml"))
    PANEL = project_path(config["panel"], BASE)
    REFERENCE = project_path(config["reference"], BASE)
    FOLDERS, REFUSED = find_runs(config["runs"], BASE)
except BreakpointPcrError as problem:
    sys.exit(f"{problem}")

RUNS = sorted(FOLDERS)
FONTS = project_path("resources/fonts", BASE)
INSTRUMENTS = project_path("resources/simulation/instruments.yaml", BASE)


wildcard_constraints:
    run="|".join(map(re.escape, RUNS)) or "$^",


def run_files(wildcards):
    """Every file of the run folder, so that a new or changed one reruns it."""
    return folder_files(FOLDERS[wildcards.run])
