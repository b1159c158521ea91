"""The fingerprint of a stage covers every module that the stage loads, and no other stage's."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from breakpoint_pcr import fingerprint as module
from breakpoint_pcr.ingest.formats.readers import MODULES

ROOT = Path(__file__).parents[2]
RULE = re.compile(
    r"^(?:rule|checkpoint) (\w+):\n(.*?)(?=^(?:rule|checkpoint) |\Z)", re.MULTILINE | re.DOTALL
)
FINGERPRINT = re.compile(r"fingerprint\(([^)]*)\)")


def stages():
    """The modules that each rule hands to its fingerprint, by rule."""
    text = "\n".join(p.read_text() for p in sorted((ROOT / "workflow/rules").glob("*.smk")))
    return {
        name: tuple(re.findall(r'"([^"]+)"', found[1]))
        for name, body in RULE.findall(text)
        if (found := FINGERPRINT.search(body))
    }


STAGES = stages()
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


@pytest.mark.parametrize("stage", STAGES)
def test_every_module_that_a_script_imports_counts(stage):
    script = ROOT / f"scripts/{stage}.py"
    covered = {path for name in STAGES[stage] for path in module._closure(name)}
    missing = [n for n in module._imports(script) if (f := module._file(n)) and f not in covered]
    assert missing == []


def test_stages_stay_apart():
    """Reading does not rest on the report, and the report not on the readers.

    Of the search the report takes how an alignment is drawn and graded, and the tables.
    """
    reading = {path.parent.name for path in module._closure("ingest.reading")}
    report = module._closure("report.document")
    assert not {"report", "calling", "summary", "simulate"} & reading
    assert not {"ingest", "summary", "simulate"} & {
        part for path in report for part in path.parts[-4:-1]
    }
    taken = {path.stem for path in report if path.parent.name == "insilico"}
    assert taken <= {"__init__", "alignment", "nucleotides", "rows", "rule"}


def test_a_reader_counts_though_it_is_loaded_when_its_turn_comes():
    covered = {path.stem for path in module._closure("ingest.reading")}
    assert {name.rpartition(".")[2] for name in MODULES} <= covered


def test_wording_counts():
    assert any(path.name == "en.yaml" for path in module._closure("report.document"))


@pytest.mark.parametrize("stage", ["read_run", "call_run", "report_run"])
def test_a_stage_of_every_run_imports_nothing_heavy(stage):
    names = ", ".join(f"breakpoint_pcr.{name}" for name in STAGES[stage])
    check = f"import sys, {names}; print(*({{'pandas', 'scipy', 'matplotlib'}} & {{*sys.modules}}))"
    command = [sys.executable, "-c", check]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == ""
