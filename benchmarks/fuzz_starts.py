"""Where fuzzing starts: a small plate in every format that the simulator writes, real exports."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from breakpoint_pcr.panel import Panel
from breakpoint_pcr.simulate.plans import read_plan
from breakpoint_pcr.simulate.simulation import simulate_plate
from breakpoint_pcr.simulate.writers import rdml
from breakpoint_pcr.simulate.writers.catalogue import WRITERS, Writer
from breakpoint_pcr.tables import Amplifies, Product

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
SAMPLE_BYTES_MAX = 1_500_000
REAL = "real"
# Of a plate, and of another with the same layout and names.
SEEDS = (1, 2)
NO_EXPORTS = ("truth", "README.md")


@dataclass(frozen=True, slots=True)
class Start:
    """The files of one run before anything is mutated; `others` are those of another plate.

    The other plate has the same layout and names; a real export has none.
    """

    name: str
    files: dict[str, bytes]
    others: dict[str, bytes]

    @property
    def kind(self) -> str:
        """Return the format, or that it is real."""
        return self.name.partition(" ")[0]


def starts(panel: Panel) -> list[Start]:
    """Return the starts, always in one order."""
    dialects = [
        (
            f"rdml {name}",
            Writer("rdml", 6, ".rdml", lambda path, plate, d=d: rdml.write(path, plate, d)),
        )
        for name, d in rdml.DIALECTS.items()
    ]
    named = [(writer.name, writer) for writer in WRITERS]
    return [*(_written(name, writer, panel) for name, writer in (*named, *dialects)), *_real()]


def _written(name: str, writer: Writer, panel: Panel) -> Start:
    first, second = (_files(writer, panel, seed) for seed in SEEDS)
    return Start(name, first, second)


def _files(writer: Writer, panel: Panel, seed: int) -> dict[str, bytes]:
    assays = panel.breakpoint_assays[:2]
    products = [
        Product("allele", assay.deletions[0].label, assay.name, "f", "r", 200, 210, Amplifies.MUST)
        for assay in assays
    ]
    control = next(assay.name for assay in panel.assays if assay not in panel.breakpoint_assays)
    alleles = {"allele": 3000.0}
    plan = read_plan(
        {
            "name": "fuzz",
            "format": writer.name,
            "seed": seed,
            "date": "2026-02-03",
            "cycles": 40,
            "threshold": 0.2,
            "baseline": {"kind": "line", "start": 3, "end": None},
            "assays": [*(assay.name for assay in assays), control],
            "samples": [
                {"name": "NTC", "role": "ntc"},
                {"name": "PC", "role": "positive_control", "input_ng": 100, "alleles": alleles},
                {"name": "S 1", "input_ng": 100, "alleles": alleles},
                {"name": "S,2", "input_ng": 100, "faults": [{"kind": "omitted", "assay": control}]},
            ],
        }
    )
    plate = simulate_plate(plan, panel=panel, products=products)
    with tempfile.TemporaryDirectory() as folder:
        writer.write(Path(folder) / f"fuzz{writer.suffix}", replace(plate, name="fuzz"))
        return {p.name: p.read_bytes() for p in sorted(Path(folder).iterdir())}


def _real() -> list[Start]:
    if not SAMPLES.is_dir():
        return []
    paths = [
        path
        for path in sorted(SAMPLES.rglob("*"))
        if path.is_file()
        and path.stat().st_size <= SAMPLE_BYTES_MAX
        and path.relative_to(SAMPLES).parts[0] not in NO_EXPORTS
    ]
    return [
        Start(f"{REAL} {path.relative_to(SAMPLES)}", {path.name: path.read_bytes()}, {})
        for path in paths
    ]
