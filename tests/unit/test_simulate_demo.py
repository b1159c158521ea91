"""The demo runs are what their plans say, and show every kind of call."""

import csv
import zipfile
from functools import cache
from pathlib import Path

import pytest
import yaml

from breakpoint_pcr.insilico.conditions import Conditions
from breakpoint_pcr.insilico.verification import verify
from breakpoint_pcr.panel import load_panel
from breakpoint_pcr.reference import load_reference
from breakpoint_pcr.simulate.plans import load_plan
from breakpoint_pcr.simulate.simulation import SimulationRequest, simulate

DEMO = Path("resources/demo")
PLANS = sorted((DEMO / "plans").glob("*.yaml"))
CONFIG = yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))
PANEL = load_panel(Path(CONFIG["panel"]))


@cache
def products():
    locus = load_reference(Path(CONFIG["reference"]))
    return verify(PANEL, locus, Conditions.from_config(CONFIG["primers"])).products


def content(path):
    """Bytes; of a workbook, the bytes of its members: compression may differ between machines."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def contents(folder):
    return {
        str(path.relative_to(folder)): content(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def expected_samples(run):
    with (DEMO / "runs" / run / "expected" / "samples.tsv").open(encoding="utf-8") as file:
        return {row["sample"]: row for row in csv.DictReader(file, delimiter="\t")}


def test_each_run_has_a_plan():
    assert {path.name for path in (DEMO / "runs").iterdir()} == {path.stem for path in PLANS}


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_makes_its_run(tmp_path, path):
    request = SimulationRequest(
        load_plan(path), tmp_path, PANEL, products(), CONFIG["calling"]["ct_limit"]
    )
    made = contents(simulate(request))
    assert made == contents(DEMO / "runs" / path.stem)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_sample_has_an_expected_call(path):
    unknown = [s.name for s in load_plan(path).samples if s.role == "unknown"]
    assert list(expected_samples(path.stem)) == unknown


def test_every_kind_of_call_is_shown():
    classes = {d.label for assay in PANEL.breakpoint_assays for d in assay.deletions}
    calls = {row["call"] for path in PLANS for row in expected_samples(path.stem).values()}
    assert calls == classes | {"mixed", "negative", "inconclusive", "invalid"}


def test_the_demo_is_small():
    sizes = [path.stat().st_size for path in DEMO.rglob("*") if path.is_file()]
    assert sum(sizes) < 1_000_000
