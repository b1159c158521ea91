"""`breakpoint-pcr simulate`: from a plate plan to a run folder with known truth.

The folder holds an export, samplesheet.csv, run.yaml where the plan has one, and expected/:
truth.tsv (what is in each tube), wells.tsv and samples.tsv (what a right analysis says). Bytes
depend on the plan, the panel's products, the Ct limit and the seed alone.
"""

import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from breakpoint_pcr.panel import Panel
from breakpoint_pcr.simulate.expectations import Rules, write_expectations
from breakpoint_pcr.simulate.physics import Readout
from breakpoint_pcr.simulate.plans import Plan, checked_seed
from breakpoint_pcr.simulate.plate import SimulatedPlate, lay_out, plate_size, run_tube, split_well
from breakpoint_pcr.simulate.truth import PlanError, SampleTruth, check_alleles
from breakpoint_pcr.simulate.writers.catalogue import writer_named
from breakpoint_pcr.tables import Product

SHEET_COLUMNS = (
    *("well", "sample", "assay", "role", "expected", "input_ng"),
    *("specimen", "patient_ref", "replicate_of", "exclude"),
)
# Written only where a sample of the plan has them.
LEVEL_COLUMNS = ("copies", "dilution", "marker", "truth")


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """What to simulate, and where.

    Args:
        plan: The plate.
        out: Folder in which the run folder (named as the plan) is made anew.
        panel: Primers and assays.
        products: What each allele gives with each pair (verification, products.tsv).
        ct_limit: Ct limit of the expected outcomes, in cycles.
    """

    plan: Plan
    out: Path
    panel: Panel
    products: Sequence[Product]
    ct_limit: float


def simulate(request: SimulationRequest) -> Path:
    """Write a run folder and return it; a folder of that name is replaced.

    Raises:
        PlanError: The plan does not fit the panel or the plate.
    """
    plate = simulate_plate(request.plan, panel=request.panel, products=request.products)
    writer = writer_named(request.plan.format)
    folder = _fresh_folder(request.out / request.plan.name)
    writer.write(folder / f"{plate.name}{writer.suffix}", plate)
    _write_sheet(folder / "samplesheet.csv", plate, assays=not writer.names_targets)
    if request.plan.run_yaml:
        text = yaml.safe_dump(
            dict(request.plan.run_yaml), allow_unicode=True, sort_keys=False, width=200
        )
        (folder / "run.yaml").write_text(text, encoding="utf-8")
    rules = Rules(request.panel, request.products, request.ct_limit)
    write_expectations(folder / "expected", plate.reactions, rules)
    return folder


def simulate_plate(plan: Plan, *, panel: Panel, products: Sequence[Product]) -> SimulatedPlate:
    """Run a plate without writing it.

    Raises:
        PlanError: The plan does not fit the panel or the plate.
    """
    check_alleles(plan.samples, products)
    digits = writer_named(plan.format).digits
    base = plan.baseline
    readout = Readout(plan.cycles, plan.threshold, base.kind, base.start, base.end, digits)
    tubes = lay_out(plan, panel=panel, products=products)
    reactions = tuple(
        run_tube(tube, seed=plan.seed, physics=plan.physics, readout=readout) for tube in tubes
    )
    return SimulatedPlate(
        plan.name, plan.date, plate_size(plan), readout, plan.passive_reference, reactions
    )


def changed(plan: Plan, *, seed: int | None, format_name: str | None) -> Plan:
    """Return the plan with another seed or format, where given.

    Raises:
        PlanError: The seed is negative.
    """
    return replace(
        plan,
        seed=plan.seed if seed is None else checked_seed(seed),
        format=plan.format if format_name is None else format_name,
    )


def _fresh_folder(folder: Path) -> Path:
    """Make an empty folder, in place of an older simulation only."""
    if folder.exists():
        if not (folder / "expected" / "truth.tsv").is_file():
            raise PlanError(
                f"{folder}: exists and is no simulated run; name another folder or remove it"
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def _write_sheet(path: Path, plate: SimulatedPlate, *, assays: bool) -> None:
    """Write the sample sheet; with `assays` it names the assay of each well."""
    wells: dict[tuple[str, str], list[str]] = {}
    samples: dict[str, SampleTruth] = {}
    for reaction in plate.reactions:
        sample, assay = reaction.tube.label, reaction.tube.target if assays else ""
        wells.setdefault((sample.name, assay), []).append(reaction.tube.well)
        samples[sample.name] = sample
    used = {name for sample in samples.values() for name in sample.sheet}
    columns = (*SHEET_COLUMNS, *(name for name in LEVEL_COLUMNS if name in used))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        for (name, assay), places in wells.items():
            row = {**_sheet_row(samples[name]), "assay": assay}
            writer.writerows({**row, "well": span} for span in _spans(places))


def _sheet_row(sample: SampleTruth) -> dict[str, str]:
    amount = "" if sample.input_ng is None else f"{sample.input_ng:g}"
    return {
        "sample": sample.name,
        "role": sample.role.value,
        "input_ng": amount,
        **sample.sheet,
    }


def _spans(wells: Sequence[str]) -> Iterator[str]:
    """Yield wells joined to ranges that run down a column."""
    ordered = sorted(wells, key=lambda well: split_well(well)[::-1])
    start = last = ordered[0]
    for well in ordered[1:]:
        row, column = split_well(last)
        if split_well(well) != (row + 1, column):
            yield start if start == last else f"{start}:{last}"
            start = well
        last = well
    yield start if start == last else f"{start}:{last}"
