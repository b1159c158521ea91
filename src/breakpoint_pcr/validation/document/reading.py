"""From result folders to the tables of the validation report, and the sums back to files."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from breakpoint_pcr.simulate.assumptions import ASSUMPTIONS
from breakpoint_pcr.simulate.instruments import read_instruments
from breakpoint_pcr.tables import StandardCurve, read_table, write_table
from breakpoint_pcr.validation.arms import ARMS
from breakpoint_pcr.validation.document.source import LaboratoryTables, Simulation, StudyTables
from breakpoint_pcr.validation.rows import (
    Agreement,
    ArmResult,
    ClassResult,
    Confusion,
    CutoffCurve,
    CutoffLevel,
    Disagreement,
    LimitEffect,
    Precision,
    StudySample,
)
from breakpoint_pcr.validation.summing import errors_of, sum_arms, sum_classes, sum_confusion


def read_study(
    batches: Iterable[str],
    limits: Iterable[str],
    cutoff: Sequence[str],
    *,
    panel: Mapping[str, Any],
    confidence: float,
) -> StudyTables:
    """Read the parts of the simulated study and sum them up.

    Args:
        batches: Tables of simulated samples.
        limits: Tables of moved limits.
        cutoff: The table of levels, and the table of curves.
        panel: panel.json.
        confidence: Confidence of every interval, as a share.

    Raises:
        TableError: A table is damaged.
    """
    samples = [row for path in batches for row in read_table(Path(path), StudySample)]
    moved = [row for path in limits for row in read_table(Path(path), LimitEffect)]
    levels, curves = map(Path, cutoff)
    return StudyTables(
        samples=samples,
        arms=sum_arms(samples, confidence),
        classes=sum_classes(samples, classes_of(panel), confidence),
        confusion=sum_confusion(samples, confidence),
        errors=errors_of(samples),
        limits=sorted(moved, key=lambda row: (row.limit, row.moved)),
        levels=read_table(levels, CutoffLevel),
        curves=read_table(curves, CutoffCurve),
    )


def classes_of(panel: Mapping[str, Any]) -> list[str]:
    """Return the classes that the assays of panel.json show, in the order of the assays."""
    return list(dict.fromkeys(name for assay in panel["assays"] for name in assay["deletions"]))


def read_simulation(instruments: Path, config: Mapping[str, Any]) -> Simulation:
    """Return how the study was simulated.

    Args:
        instruments: File of the instrument profiles.
        config: Section `validation` of the config.

    Raises:
        PlanError: A profile is damaged.
    """
    return Simulation(
        arms={arm.name: arm.what for arm in ARMS},
        instruments=read_instruments(instruments),
        assumptions=ASSUMPTIONS,
        config=config,
    )


def read_laboratory(folder: Path) -> LaboratoryTables:
    """Read the tables of the laboratory's own runs (results/validation/laboratory).

    Raises:
        TableError: A table is damaged.
    """
    return LaboratoryTables(
        agreement=read_table(folder / "agreement.tsv", Agreement),
        disagreements=read_table(folder / "disagreements.tsv", Disagreement),
        precision=read_table(folder / "precision.tsv", Precision),
        levels=read_table(folder / "cutoff.tsv", CutoffLevel),
        curves=read_table(folder / "detection.tsv", CutoffCurve),
        standards=read_table(folder / "standards.tsv", StandardCurve),
    )


def write_sums(study: StudyTables, folder: Path) -> None:
    """Write the summed tables of a study into results/validation."""
    write_table(folder / "arms.tsv", ArmResult, study.arms)
    write_table(folder / "classes.tsv", ClassResult, study.classes)
    write_table(folder / "confusion.tsv", Confusion, study.confusion)
    write_table(folder / "errors.tsv", StudySample, study.errors)
    write_table(folder / "limits.tsv", LimitEffect, study.limits)
