"""The description of a lost segment that was not sequenced, against ../shared/facts/hgvs.tsv."""

import csv
import re
import sys
from pathlib import Path

import pytest

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.insilico.verification import Conditions, verify
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference
from breakpoint_pcr.report import calls
from breakpoint_pcr.report.source import view
from breakpoint_pcr.tables import Role

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "facts" / "hgvs.tsv"
pytestmark = pytest.mark.skipif(not FACTS.is_file(), reason="../shared/facts is not here")
sys.path.insert(0, str(ROOT / "tests" / "unit"))


def facts():
    """Return the description of each class that the assay sees."""
    if not FACTS.is_file():
        return []
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found = []
    for row in rows:
        label = f"Δ{row['exons (NM_006060.6, 1 = 5-prime UTR exon)']}"
        text = next(value for key, value in row.items() if key.startswith("NC_000007.14"))
        if said := re.match(r"g\.\S+", text):
            found.append((label, f"NC_000007.14:{said[0]}"))
    return found


@pytest.mark.parametrize(("label", "description"), facts())
def test_description(label, description):
    from report_example import example_source, plate_tables, sample_of

    config = read_yaml(ROOT / "config" / "config.yaml")
    panel = load_panel(ROOT / config["panel"])
    conditions = Conditions.from_config(config["primers"])
    document = verify(panel, load_reference(ROOT / config["reference"]), conditions).document
    forward = "F.2a" if label.startswith("Δ2") else "F.4"
    assay = f"{forward}/R-{label[-1]}"
    reactions, curves, wells = plate_tables([("S", Role.UNKNOWN, (25.0,))], [assay])
    sample = sample_of("S", label, [label])
    source = example_source(
        panel=document, reactions=reactions, curves=curves, wells=wells, samples=[sample]
    )
    found = calls.bounds(sample, view(source))
    assert [b.description("NC_000007.14") for b in found] == [description]
