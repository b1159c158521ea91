"""The plate plan: a YAML file that says what lies where, what is in it and what goes wrong.

Rows of the plate are assays, columns are samples, both in the order of the plan. Keys:

- name: of the run folder; format: of the export; seed: a whole number; date: ISO.
- cycles; threshold: Rn over the baseline; baseline: kind (line or flat), start and end cycle, end
  null where the instrument chooses it for each well.
- physics: constants of `Physics` that differ on this plate. priming: share of templates that a
  primer starts on. run_yaml: what is written to run.yaml.
- assays: names, or name and efficiency.
- samples: name, role (unknown when absent), alleles (mean copies per reaction), input_ng,
  long_products (false: none appears), faults (kind, assay, and well, size, cycle where they apply),
  left_out (assays that were not pipetted), extra_wells (well: assay), sheet (cells of the sample
  sheet), expect (call, deletions, candidates, why).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from breakpoint_pcr.simulate.physics import Physics
from breakpoint_pcr.simulate.truth import Expectation, Fault, FaultKind, PlanError, SampleTruth
from breakpoint_pcr.tables import Role

PLAN_KEYS = (
    "name format seed date cycles threshold baseline physics priming assays samples run_yaml"
)
SAMPLE_KEYS = "name role alleles input_ng long_products faults left_out extra_wells sheet expect"
RUN_NAME = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,64}")
SHEET_KEYS = "role expected input_ng specimen patient_ref replicate_of exclude"
BASELINES = ("line", "flat")
NEEDED = ("name", "format", "seed", "date", "cycles", "threshold", "baseline", "assays", "samples")


@dataclass(frozen=True, slots=True)
class Baseline:
    """How the instrument finds its baseline: kind (line or flat), first and last cycle."""

    kind: str
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plate as planned; `assays` maps each assay to its efficiency (None: as the physics say)."""

    name: str
    format: str
    seed: int
    date: str
    cycles: int
    threshold: float
    baseline: Baseline
    physics: Physics
    priming: Mapping[str, float]
    assays: Mapping[str, float | None]
    samples: tuple[SampleTruth, ...]
    run_yaml: Mapping[str, Any]


def load_plan(path: Path) -> Plan:
    """Read a plate plan.

    Raises:
        PlanError: The file is no plan: a key is missing, unknown or of the wrong kind.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        reason = " ".join(str(problem).split())
        raise PlanError(f"{path}: {reason}; a plan is a YAML file") from None
    try:
        return read_plan(data)
    except PlanError as problem:
        raise PlanError(f"{path}: {problem}") from None
    except (TypeError, ValueError, AttributeError, KeyError) as problem:
        raise PlanError(f"{path}: {problem!r}; compare resources/demo/plans") from None


def read_plan(data: Mapping[str, Any]) -> Plan:
    """Make a plan of the keys of a plan file.

    Raises:
        PlanError: A key is missing or unknown.
    """
    _check_keys("plan", data, PLAN_KEYS)
    if missing := [key for key in NEEDED if key not in data]:
        raise PlanError(f"{missing[0]!r} missing; a plan needs {', '.join(NEEDED)}")
    if not RUN_NAME.fullmatch(str(data["name"])):
        raise PlanError(f"name {data['name']!r}; expected 1 to 64 of A-Z, a-z, 0-9, . _ -")
    physics = data.get("physics") or {}
    _check_keys("physics", physics, " ".join(field.name for field in fields(Physics)))
    return Plan(
        name=str(data["name"]),
        format=str(data["format"]),
        seed=int(data["seed"]),
        date=str(data["date"]),
        cycles=int(data["cycles"]),
        threshold=float(data["threshold"]),
        baseline=_baseline(data["baseline"]),
        physics=Physics(**physics),
        priming=dict(data.get("priming") or {}),
        assays=dict(_assay(entry) for entry in data["assays"]),
        samples=tuple(_sample(entry) for entry in data["samples"]),
        run_yaml=dict(data.get("run_yaml") or {}),
    )


def _check_keys(where: str, data: Any, known: str) -> None:  # noqa: ANN401
    if not isinstance(data, dict):
        raise PlanError(f"{where}: {data!r}; expected keys with values")
    if unknown := [key for key in data if key not in known.split()]:
        raise PlanError(
            f"{where}: key {unknown[0]!r} is unknown; expected {', '.join(known.split())}"
        )


def _baseline(data: Any) -> Baseline:  # noqa: ANN401
    _check_keys("baseline", data, "kind start end")
    if data["kind"] not in BASELINES:
        raise PlanError(f"baseline: kind {data['kind']!r}; expected {' or '.join(BASELINES)}")
    return Baseline(
        data["kind"], int(data["start"]), None if data["end"] is None else int(data["end"])
    )


def _assay(entry: str | Mapping[str, Any]) -> tuple[str, float | None]:
    if isinstance(entry, str):
        return entry, None
    return str(entry["name"]), float(entry["efficiency"])


def _sample(data: Mapping[str, Any]) -> SampleTruth:
    name = str(data.get("name", ""))
    _check_keys(f"sample {name}", data, SAMPLE_KEYS)
    role = data.get("role", Role.UNKNOWN.value)
    if role not in list(Role):
        raise PlanError(f"sample {name}: role {role!r}; expected {', '.join(Role)}")
    expect = data.get("expect")
    return SampleTruth(
        name=name,
        role=Role(role),
        alleles={str(key): float(copies) for key, copies in (data.get("alleles") or {}).items()},
        input_ng=None if data.get("input_ng") is None else float(data["input_ng"]),
        long_products=bool(data.get("long_products", True)),
        faults=tuple(_fault(name, entry) for entry in data.get("faults") or ()),
        left_out=tuple(data.get("left_out") or ()),
        extra_wells=dict(data.get("extra_wells") or {}),
        sheet=_sheet(name, data.get("sheet") or {}),
        expect=_expectation(expect) if expect else None,
    )


def _sheet(sample: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what the sample sheet says; it wins over the truth, as in life."""
    _check_keys(f"sample {sample}: sheet", data, SHEET_KEYS)
    return {str(key): str(value) for key, value in data.items()}


def _fault(sample: str, data: Mapping[str, Any]) -> Fault:
    _check_keys(f"sample {sample}: fault", data, "kind assay well size cycle")
    if data.get("kind") not in list(FaultKind):
        raise PlanError(
            f"sample {sample}: fault {data.get('kind')!r}; expected {', '.join(FaultKind)}"
        )
    return Fault(
        FaultKind(data["kind"]),
        str(data["assay"]),
        str(data.get("well", "")),
        float(data.get("size", 0)),
        int(data.get("cycle", 0)),
    )


def _expectation(data: Mapping[str, Any]) -> Expectation:
    return Expectation(
        str(data["call"]),
        tuple(data.get("deletions") or ()),
        tuple(data.get("candidates") or ()),
        " ".join(str(data["why"]).split()),
    )
