"""The real exports beside the project: where they lie, how they are read, their truth tables."""

import csv
from pathlib import Path

import pytest
import yaml

from breakpoint_pcr.ingest.files.source import open_source
from breakpoint_pcr.ingest.formats.readers import readers
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.panel import load_panel

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
SETTINGS = IngestSettings.from_config(
    yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))["ingest"]
)
PANEL = load_panel(Path("resources/primers/ikzf1"))
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the real exports stand beside the project, not in it"
)


def read(path):
    """The name of the reader that knows a file, and what it reads."""
    source = open_source(path)
    reader = next(reader for reader in readers() if reader.sniff(source, SETTINGS))
    return reader.name, reader.read(source, SETTINGS)


def truth(name):
    """The rows of the truth table of an export."""
    path = SAMPLES / "truth" / f"{Path(name).stem}.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))
