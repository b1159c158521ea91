"""How long an export takes to be read, from the start of the interpreter, beside bare parsing.

Bare parsing takes the same files apart with csv, python-calamine or ElementTree and understands
nothing of them. Plates are simulated; real exports join where they are at hand.
"""

import os
import resource
import statistics
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xlsxwriter

from breakpoint_pcr.panel import Panel, load_panel
from breakpoint_pcr.simulate.plans import read_plan
from breakpoint_pcr.simulate.plate import SimulatedPlate
from breakpoint_pcr.simulate.simulation import simulate_plate
from breakpoint_pcr.simulate.writers import quantstudio
from breakpoint_pcr.simulate.writers.catalogue import WRITERS

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT.parent / "shared" / "samples"
PANEL = ROOT / "resources/primers/ikzf1"
ROUNDS = 7
CYCLES = 40
FILTERS = 12
SHAPES = {96: (8, 12), 384: (16, 24)}
SIMULATED = ("abi7500_v2", "sds1", "flex", "quantstudio", "eds_1", "cfx", "lightcycler480", "rdml")
REAL = (
    ("quantstudio/qs1_da27_standard_curve.xlsx", 96, "xlsx"),
    ("quantstudio/qs7pro_da27_presence_absence.xlsx", 96, "xlsx"),
    ("rdml/lc96_v11.rdml", 96, "xml"),
)
PARSERS = {"quantstudio": "xlsx", "rdml": "xml", "eds_1": "zip"}
READ = """
import sys
from pathlib import Path
from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.ingest.reading import IngestSettings, read_run
from breakpoint_pcr.panel import load_panel
settings = IngestSettings.from_config(read_yaml(Path(sys.argv[2]))["ingest"])
panel = load_panel(Path(sys.argv[3]))
record, reactions, curves = read_run(Path(sys.argv[1]), panel=panel, settings=settings)
assert record.status == "read" and curves, record.reason
"""
BARE = {
    "text": """
import csv, pathlib, sys
for path in pathlib.Path(sys.argv[1]).iterdir():
    rows = list(csv.reader(path.open(encoding="latin-1"), delimiter="\\t"))
""",
    "xlsx": """
import pathlib, python_calamine, sys
for path in pathlib.Path(sys.argv[1]).iterdir():
    book = python_calamine.CalamineWorkbook.from_path(path)
    rows = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
""",
    "xml": """
import pathlib, sys, xml.etree.ElementTree, zipfile
for path in pathlib.Path(sys.argv[1]).iterdir():
    archive = zipfile.ZipFile(path)
    trees = [xml.etree.ElementTree.fromstring(archive.read(name)) for name in archive.namelist()]
""",
    "zip": """
import pathlib, sys, zipfile
for path in pathlib.Path(sys.argv[1]).iterdir():
    archive = zipfile.ZipFile(path)
    rows = [archive.read(name).decode("latin-1").split("\\n") for name in archive.namelist()]
""",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A run folder to be read, and how it is parsed bare."""

    what: str
    folder: Path
    parser: str

    @property
    def size(self) -> int:
        """Return the bytes of the exports."""
        return sum(path.stat().st_size for path in self.folder.iterdir())


def export_rows(parent: Path) -> list[tuple[str, ...]]:
    """Time every case beside bare parsing: what, MB, seconds read, seconds parsed, ratio."""
    config = str(ROOT / "config/config.yaml")
    rows: list[tuple[str, ...]] = []
    for case in cases(parent):
        folder = str(case.folder)
        read = _cpu_seconds(READ, folder, config, str(PANEL))
        bare = _cpu_seconds(BARE[case.parser], folder)
        size = f"{case.size / 1e6:.2f}"
        rows.append((case.what, size, f"{read:.2f}", f"{bare:.2f}", f"{read / bare:.1f}"))
    return rows


def cases(parent: Path) -> Iterator[Case]:
    """Yield simulated plates of 96 and 384 wells, and the real exports that are at hand."""
    panel = load_panel(PANEL)
    writers = {writer.name: writer for writer in WRITERS}
    plate = _plate(panel, 96)
    for name in SIMULATED:
        folder = _folder(parent, name)
        writers[name].write(folder / f"plate{writers[name].suffix}", plate)
        yield Case(f"`{name}`, 96 wells", folder, PARSERS.get(name, "text"))
    folder = _folder(parent, "large")
    _write_whole_workbook(folder / "plate.xlsx", _plate(panel, 384))
    yield Case("`quantstudio`, 384 wells with multicomponent and raw data", folder, "xlsx")
    for name, wells, parser in REAL:
        if (SAMPLES / name).is_file():
            folder = _folder(parent, Path(name).stem)
            (folder / Path(name).name).write_bytes((SAMPLES / name).read_bytes())
            yield Case(f"real: {Path(name).name}, {wells} wells", folder, parser)


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder


def _plate(panel: Panel, wells: int) -> SimulatedPlate:
    """Return a full plate: one assay per row, the rows beyond them again."""
    rows, columns = SHAPES[wells]
    assays = [assay.name for assay in panel.assays]
    letters = string.ascii_uppercase[:rows]
    extra = {letters[row]: assays[row % len(assays)] for row in range(len(assays), rows)}
    samples = [
        {
            "name": f"S-{column}",
            "input_ng": 50,
            "extra_wells": {f"{letter}{column}": assay for letter, assay in extra.items()},
        }
        for column in range(1, columns + 1)
    ]
    plan = read_plan(
        {
            "name": "plate",
            "format": "quantstudio",
            "seed": 1,
            "date": "2026-02-03",
            "cycles": CYCLES,
            "threshold": 0.2,
            "baseline": {"kind": "line", "start": 3, "end": None},
            "assays": assays,
            "samples": samples,
        }
    )
    return simulate_plate(plan, panel=panel, products=[])


def _write_whole_workbook(path: Path, plate: SimulatedPlate) -> None:
    """Write Results and Amplification Data, and the sheets that no reader needs."""
    random = np.random.default_rng(1)
    raw = [
        [index + 1, well, cycle, *random.uniform(1e4, 1e6, FILTERS).round(3).tolist()]
        for index, well in enumerate(sorted({r.tube.well for r in plate.exported}))
        for cycle in range(1, CYCLES + 1)
    ]
    sheets = {
        "Results": [quantstudio.RESULTS, *quantstudio.results_of(plate)],
        "Amplification Data": [quantstudio.AMPLIFICATION, *quantstudio.curves_of(plate)],
        "Multicomponent Data": [["Well", "Well Position", "Cycle Number"], *(r[:5] for r in raw)],
        "Raw Data": [["Well", "Well Position", "Cycle Number"], *raw],
    }
    workbook = xlsxwriter.Workbook(str(path))
    for name, lines in sheets.items():
        sheet = workbook.add_worksheet(name)
        for index, cells in enumerate([*quantstudio.header_of(plate), [], *lines]):
            sheet.write_row(index, 0, cells)
    workbook.close()


def _cpu_seconds(code: str, *arguments: str) -> float:
    """Return the median over fresh interpreters, after one that fills the byte-code cache."""
    command = [sys.executable, "-c", code, *arguments]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return statistics.median(_rounds(lambda: subprocess.run(command, check=True, env=environment)))


def _rounds(action: Callable[[], object]) -> Iterator[float]:
    action()
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        action()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        yield after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
