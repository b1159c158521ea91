"""The curves of a run, packed for a page that is looked at and never calculated from.

A curve is kept as 16-bit steps between its lowest and its highest value: the error is at most half
a step, 1/131068 of the height of that curve.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from breakpoint_pcr.tables import CurveKind, Feature, Reaction, read_table, read_traces

MISSING = 0xFFFF
STEPS = MISSING - 1
# What an instrument exports with the baseline taken off; the page has nothing to subtract there.
CORRECTED = (CurveKind.DELTA_RN, CurveKind.RFU)


@dataclass(frozen=True, slots=True)
class Packed:
    """A curve: value = low + step x stored number; `MISSING` stands for no value."""

    low: float
    step: float
    steps: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Trace:
    """A reaction as exported, its curve packed.

    `baseline` is (intercept, slope per cycle) of the line to subtract, the first cycle counting
    as 0; None where the export has subtracted one or no line was found.
    """

    reaction: Reaction
    baseline: tuple[float, float] | None
    curve: Packed


def read_packed(folder: Path) -> Iterator[Trace]:
    """Yield every reaction of results/runs/{run}, in the order of reactions.tsv.

    Raises:
        TableError: A table is damaged.
    """
    reactions, curves = read_traces(folder / "reactions.tsv", folder / "curves.tsv")
    features = read_table(folder / "features.tsv", Feature)
    lines = {(row.well, row.assay): _line(row) for row in features}
    found = iter(curves)
    for reaction in reactions:
        kind = reaction.curve_kind
        values = () if kind is CurveKind.NONE else next(found).values
        key = (reaction.well, reaction.assay)
        line = lines.get(key) if reaction.assay and kind not in CORRECTED else None
        yield Trace(reaction, line, packed(values))


def packed(values: Sequence[float | None]) -> Packed:
    """Pack a curve; what is missing or not finite stays missing."""
    known = np.array([np.nan if v is None or not isfinite(v) else v for v in values], dtype=float)
    present = ~np.isnan(known)
    steps = np.full(len(known), MISSING, dtype="<u2")
    if not present.any():
        return Packed(0.0, 0.0, steps)
    # The page gets these two numbers rounded, so the steps are counted with the rounded ones.
    low = float(f"{known[present].min():.9g}")
    step = float(f"{(known[present].max() - low) / STEPS:.6g}")
    if step > 0:
        steps[present] = np.clip(np.rint((known[present] - low) / step), 0, STEPS)
    else:
        steps[present] = 0
    return Packed(low, max(step, 0.0), steps)


def _line(row: Feature) -> tuple[float, float] | None:
    intercept, slope = (row.values.get(f"baseline_{name}") for name in ("intercept", "slope"))
    return (float(intercept), float(slope)) if intercept and slope else None
