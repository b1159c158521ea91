"""The fingerprint of a stage covers every module that the stage loads, and no other stage's."""

import subprocess
import sys
from pathlib import Path

import pytest

from breakpoint_pcr import fingerprint as module

STAGES = {
    "read_run": ("ingest.reading", "job"),
    "call_run": ("calling.calling", "calling.primers", "job"),
    "report_run": ("report.reading", "report.document", "report.typesetting", "job"),
    "verify_primers": ("insilico.verification", "job"),
    "summarise_runs": ("summary.summarising", "job"),
}
LIST = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(f"breakpoint_pcr.{name}")
print(*(m.__file__ for n, m in sys.modules.items() if n.startswith("breakpoint_pcr.")), sep="\\n")
"""


@pytest.mark.parametrize("stage", STAGES)
def test_every_loaded_module_counts(stage):
    command = [sys.executable, "-c", LIST, *STAGES[stage]]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    covered = {path for name in STAGES[stage] for path in module._closure(name)}
    assert {Path(path) for path in loaded if path} <= covered


def test_stages_stay_apart():
    """Reading does not rest on the report, and the report not on the readers."""
    reading = {path.parent.name for path in module._closure("ingest.reading")}
    report = {path.parent.name for path in module._closure("report.document")}
    assert not {"report", "calling", "summary", "simulate"} & reading
    assert not {"ingest", "insilico", "summary", "simulate"} & report


def test_wording_counts():
    assert any(path.name == "en.yaml" for path in module._closure("report.document"))


@pytest.mark.parametrize("stage", ["read_run", "call_run", "report_run"])
def test_a_stage_of_every_run_imports_nothing_heavy(stage):
    names = ", ".join(f"breakpoint_pcr.{name}" for name in STAGES[stage])
    check = f"import sys, {names}; print(*({{'pandas', 'scipy', 'matplotlib'}} & {{*sys.modules}}))"
    command = [sys.executable, "-c", check]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == ""
