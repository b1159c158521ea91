"""Profiles of instruments: optics and noise as fitted to real curves.

`measures` and `fitting` find them, resources/simulation/instruments.yaml holds them with sources.
Keys of a profile: source (where the curves come from), curves (how many lie behind the numbers),
unit (what the values are), formats (exports that can carry them), passive_reference, threshold (in
the unit, over the baseline), single_copy_ct (Ct of one copy at the profile's efficiency), measured
(the summary that was fitted, for a reader and the tests) and physics (fields of `Physics`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from breakpoint_pcr.config import read_yaml
from breakpoint_pcr.simulate.physics import Physics, amplify
from breakpoint_pcr.simulate.truth import PlanError

INSTRUMENTS = "resources/simulation/instruments.yaml"
CYCLES_MAX = 200
KEYS = (
    *("source", "curves", "unit", "formats", "passive_reference"),
    *("threshold", "single_copy_ct", "measured", "physics"),
)


@dataclass(frozen=True, slots=True)
class InstrumentProfile:
    """An instrument with its chemistry, as the simulator knows it.

    Args:
        name: Key of the file.
        physics: Constants; `signal_per_copy` follows from threshold and single-copy Ct.
        threshold: Recommended, in the unit of the curves, over the baseline.
        unit: What the curves are: Rn (over a passive reference) or rfu.
        passive_reference: Whether Rn is over a passive reference.
        formats: Exports of the simulator that can carry such curves.
        curves: Real curves behind the numbers.
        source: Where these are from.
        measured: The fitted summary (`measures.Summary`), where curves were at hand.
    """

    name: str
    physics: Physics
    threshold: float
    unit: str
    passive_reference: bool
    formats: tuple[str, ...]
    curves: int
    source: str
    measured: Mapping[str, float]


def read_instruments(path: Path) -> dict[str, InstrumentProfile]:
    """Read the profiles, in the order of the file.

    Raises:
        ConfigError: The file is missing or no YAML.
        PlanError: A key is missing, unknown or of the wrong kind.
    """
    return {name: _profile(path, name, entry) for name, entry in read_yaml(path).items()}


def _profile(path: Path, name: str, entry: Any) -> InstrumentProfile:  # noqa: ANN401
    where = f"{path}: {name}"
    if not isinstance(entry, dict) or set(entry) != set(KEYS):
        odd = sorted(set(KEYS).symmetric_difference(entry if isinstance(entry, dict) else ()))
        raise PlanError(f"{where}: {odd[0]!r} missing or unknown; expected {', '.join(KEYS)}")
    try:
        threshold = float(entry["threshold"])
        return InstrumentProfile(
            name=name,
            physics=_physics(entry["physics"], threshold, float(entry["single_copy_ct"])),
            threshold=threshold,
            unit=str(entry["unit"]),
            passive_reference=bool(entry["passive_reference"]),
            formats=tuple(entry["formats"]),
            curves=int(entry["curves"]),
            source=" ".join(str(entry["source"]).split()),
            measured={str(k): float(v) for k, v in (entry["measured"] or {}).items()},
        )
    except (TypeError, ValueError, AttributeError) as problem:
        raise PlanError(f"{where}: {problem}; expected numbers as in the other profiles") from None


def _physics(given: Mapping[str, float] | None, threshold: float, single_copy_ct: float) -> Physics:
    """Return the constants, with the light of one copy that puts it at its Ct."""
    values = dict(given or {})
    known = [entry.name for entry in fields(Physics) if entry.name != "signal_per_copy"]
    if unknown := [key for key in values if key not in known]:
        raise ValueError(f"physics: {unknown[0]} is unknown; expected {', '.join(known)}")
    physics = replace(Physics(), **values)
    return replace(physics, signal_per_copy=light_of_one(physics, threshold, single_copy_ct))


def light_of_one(physics: Physics, threshold: float, single_copy_ct: float) -> float:
    """Return the light of one copy that crosses the threshold at this Ct, brakes considered.

    A product that starts at a millionth of the threshold crosses after so many cycles; one copy
    grows freely up to that start.
    """
    start, many = threshold / 1e6, physics.stochastic_below
    product = replace(physics, signal_per_copy=start / many)
    made = amplify(
        [many],
        [physics.efficiency],
        cycles=CYCLES_MAX,
        physics=product,
        rng=np.random.default_rng(0),
    )
    if made[-1] < threshold:
        raise ValueError(f"threshold {threshold:g} is not reached; full_rn {physics.full_rn:g}")
    above = next(cycle for cycle, light in enumerate(made) if light >= threshold)
    crossing = above + (threshold - made[above - 1]) / (made[above] - made[above - 1])
    return start / (1 + physics.efficiency) ** (single_copy_ct - crossing)
