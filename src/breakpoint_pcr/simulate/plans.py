"""The plate plan: a YAML file that says what lies where, what is in it and what goes wrong.

Rows of the plate are assays, columns are samples, both in the order of the plan. Keys:

- name: of the run folder; format: of the export; seed: a whole number; date: ISO.
- cycles; instrument: a profile of resources/simulation/instruments.yaml; threshold: over the
  baseline, in the unit of the curves (needed without an instrument); baseline: kind (line or flat),
  start and end cycle, end null where the instrument chooses it for each well.
- physics: constants of `Physics` that differ on this plate. priming: share of templates that a
  primer starts on. run_yaml: what is written to run.yaml.
- effects: of the place on the plate (fields of `PlateEffects`).
- swapped, swapped_assays: pairs of samples or of assays whose names are exchanged in what is
  written, not in the tubes.
- assays: names, or name and efficiency.
- samples: name, role (unknown when absent), alleles (mean copies per reaction), input_ng,
  long_products (false: none appears), faults (kind, assay, and well, size, cycle where they apply),
  left_out (assays that were not pipetted), extra_wells (well: assay), sheet (cells of the sample
  sheet), expect (call, deletions, candidates, why).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.folders import RUN_NAME
from breakpoint_pcr.simulate.effects import NO_EFFECTS, PlateEffects
from breakpoint_pcr.simulate.instruments import InstrumentProfile
from breakpoint_pcr.simulate.physics import Physics
from breakpoint_pcr.simulate.truth import Expectation, Fault, FaultKind, PlanError, SampleTruth
from breakpoint_pcr.tables import Role

PLAN_KEYS = (
    "name format seed date cycles instrument threshold baseline physics priming assays samples "
    "run_yaml effects swapped swapped_assays"
)
SAMPLE_KEYS = "name role alleles input_ng long_products faults left_out extra_wells sheet expect"
SHEET_KEYS = (
    "role expected input_ng specimen patient_ref replicate_of exclude copies dilution marker truth"
)
BASELINES = ("line", "flat")
# What can be drawn and written: least and most.
SEED, CYCLES, SHARE, COPIES, INPUT = (0, 2**63), (15, 60), (0, 1), (0, 1e12), (0, 1e6)
EFFECT = (-1, 1)
PAIR = 2
NO_INSTRUMENTS: Mapping[str, InstrumentProfile] = {}
# Cycles that a baseline needs beyond its first, for a slope.
BASELINE_CYCLES_MIN = 2
Number = TypeVar("Number", int, float)
NEEDED = ("name", "format", "seed", "date", "cycles", "baseline", "assays", "samples")


@dataclass(frozen=True, slots=True)
class Baseline:
    """How the instrument finds its baseline: kind (line or flat), first and last cycle."""

    kind: str
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plate as planned.

    `assays` maps each assay to its efficiency (None: as the physics say). `swapped` are pairs of
    samples whose names are exchanged in export and sheet while the tubes keep their contents;
    `swapped_assays` are pairs of assays whose targets are exchanged in the export.
    """

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
    run_yaml: Mapping[str, Any] = field(default_factory=dict[str, Any])
    effects: PlateEffects = NO_EFFECTS
    swapped: tuple[tuple[str, str], ...] = ()
    swapped_assays: tuple[tuple[str, str], ...] = ()
    passive_reference: bool = True


def load_plan(path: Path, instruments: Mapping[str, InstrumentProfile] = NO_INSTRUMENTS) -> Plan:
    """Read a plate plan, which may name one of the instruments.

    Raises:
        ConfigError: The file is missing or no YAML.
        PlanError: The file is no plan: a key is missing, unknown or of the wrong kind.
    """
    data = read_yaml(path)
    try:
        return read_plan(data, instruments)
    except PlanError as problem:
        raise PlanError(f"{path}: {problem}") from None
    except (TypeError, ValueError, AttributeError, KeyError) as problem:
        raise PlanError(f"{path}: {problem!r}; compare resources/demo/plans") from None


def read_plan(
    data: Mapping[str, Any], instruments: Mapping[str, InstrumentProfile] = NO_INSTRUMENTS
) -> Plan:
    """Make a plan of the keys of a plan file.

    Raises:
        PlanError: A key is missing or unknown.
    """
    _check_keys("plan", data, PLAN_KEYS)
    if missing := [key for key in NEEDED if key not in data]:
        raise PlanError(f"{missing[0]!r} missing; a plan needs {', '.join(NEEDED)}")
    name = str(data["name"])
    if not RUN_NAME.fullmatch(name) or name.startswith("."):
        raise PlanError(f"name {name!r}; expected 1 to 64 of A-Z, a-z, 0-9, . _ -")
    cycles = _within("cycles", int(data["cycles"]), CYCLES)
    profile = _profile(data, instruments)
    return Plan(
        name=name,
        format=str(data["format"]),
        seed=checked_seed(int(data["seed"])),
        date=date.fromisoformat(str(data["date"])).isoformat(),
        cycles=cycles,
        threshold=_threshold(data, profile),
        baseline=_baseline(data["baseline"], cycles),
        physics=_physics(data.get("physics") or {}, profile.physics if profile else Physics()),
        priming={str(k): _within(f"priming of {k}", float(v), SHARE) for k, v in _pairs(data)},
        assays=dict(_assay(entry) for entry in data["assays"]),
        samples=_samples(data["samples"]),
        run_yaml=dict(data.get("run_yaml") or {}),
        effects=_effects(data.get("effects") or {}),
        swapped=_exchanges("swapped", data.get("swapped") or ()),
        swapped_assays=_exchanges("swapped_assays", data.get("swapped_assays") or ()),
        passive_reference=profile.passive_reference if profile else True,
    )


def _profile(
    data: Mapping[str, Any], instruments: Mapping[str, InstrumentProfile]
) -> InstrumentProfile | None:
    """Return the instrument that the plan names, if it names one."""
    name = data.get("instrument")
    if name is not None and name not in instruments:
        known = ", ".join(instruments) or "none: no profiles were read"
        raise PlanError(f"instrument {name!r} is unknown; expected one of {known}")
    return None if name is None else instruments[name]


def _threshold(data: Mapping[str, Any], profile: InstrumentProfile | None) -> float:
    if "threshold" in data:
        return float(data["threshold"])
    if profile is None:
        raise PlanError("'threshold' missing; a plan needs it or an instrument")
    return profile.threshold


def _exchanges(what: str, pairs: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    found = [tuple(str(name) for name in pair) for pair in pairs]
    if odd := [pair for pair in found if len(pair) != PAIR]:
        raise PlanError(f"{what}: {list(odd[0])!r}; expected pairs of names")
    return tuple((first, second) for first, second in found)


def _effects(data: Any) -> PlateEffects:  # noqa: ANN401
    _check_keys("effects", data, " ".join(entry.name for entry in fields(PlateEffects)))
    return PlateEffects(**{k: _within(f"effects: {k}", v, EFFECT) for k, v in data.items()})


def checked_seed(seed: int) -> int:
    """Return the seed.

    Raises:
        PlanError: No random numbers can be drawn from it.
    """
    return _within("seed", seed, SEED)


def _pairs(data: Mapping[str, Any]) -> Iterable[tuple[Any, Any]]:
    return (data.get("priming") or {}).items()


def _within(what: str, value: Number, allowed: tuple[float, float]) -> Number:
    """Refuse a number outside its range, and NaN."""
    low, high = allowed
    if not low <= value <= high:
        raise PlanError(f"{what}: {value}; expected {low:g} to {high:g}")
    return value


def _physics(data: Any, base: Physics) -> Physics:  # noqa: ANN401
    _check_keys("physics", data, " ".join(entry.name for entry in fields(Physics)))
    if odd := [key for key, value in data.items() if type(value) not in (int, float)]:
        raise PlanError(f"physics: {odd[0]} is {data[odd[0]]!r}; expected a number")
    return replace(base, **data)


def _samples(entries: Iterable[Mapping[str, Any]]) -> tuple[SampleTruth, ...]:
    samples = tuple(_sample(entry) for entry in entries)
    names = [sample.name for sample in samples]
    if twice := [name for name in names if not name or names.count(name) > 1]:
        raise PlanError(f"sample name {twice[0]!r} stands twice or is empty; give each its own")
    return samples


def _check_keys(where: str, data: Any, known: str) -> None:  # noqa: ANN401
    if not isinstance(data, dict):
        raise PlanError(f"{where}: {data!r}; expected keys with values")
    if unknown := [key for key in data if key not in known.split()]:
        raise PlanError(
            f"{where}: key {unknown[0]!r} is unknown; expected {', '.join(known.split())}"
        )


def _baseline(data: Any, cycles: int) -> Baseline:  # noqa: ANN401
    _check_keys("baseline", data, "kind start end")
    if data["kind"] not in BASELINES:
        raise PlanError(f"baseline: kind {data['kind']!r}; expected {' or '.join(BASELINES)}")
    start, end = int(data["start"]), data["end"]
    _within("baseline: start", start, (1, cycles - BASELINE_CYCLES_MIN))
    if end is not None:
        end = _within("baseline: end", int(end), (start + BASELINE_CYCLES_MIN, cycles))
    return Baseline(data["kind"], start, end)


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
        alleles={
            str(key): _within(f"sample {name}: {key}", float(copies), COPIES)
            for key, copies in (data.get("alleles") or {}).items()
        },
        input_ng=_input(name, data.get("input_ng")),
        long_products=bool(data.get("long_products", True)),
        faults=tuple(_fault(name, entry) for entry in data.get("faults") or ()),
        left_out=tuple(data.get("left_out") or ()),
        extra_wells=dict(data.get("extra_wells") or {}),
        sheet=_sheet(name, data.get("sheet") or {}),
        expect=_expectation(expect) if expect else None,
    )


def _input(sample: str, amount: Any) -> float | None:  # noqa: ANN401
    """Return the DNA in ng."""
    return None if amount is None else _within(f"sample {sample}: input_ng", float(amount), INPUT)


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
        str(data.get("assay", "")),
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
