"""From the curves of a run to what its reactions need to know of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from breakpoint_pcr.calling.wells import Shape
from breakpoint_pcr.curves import (
    CurveFeatures,
    CurveLimits,
    JudgedCurve,
    judge_curves,
    measure_curves,
    reference_amplitude,
)
from breakpoint_pcr.errors import TableError
from breakpoint_pcr.tables import (
    CONTROL_ROLES,
    Curve,
    CurveClass,
    CurveKind,
    Feature,
    Reaction,
)

ABOVE_BASELINE = (CurveKind.DELTA_RN, CurveKind.RN)
NO_CURVE = Shape(CurveClass.MISSING)


@dataclass(frozen=True, slots=True)
class Traced:
    """A reaction with its curve; `reference` marks a control that must amplify."""

    reaction: Reaction
    curve: Curve
    reference: bool


def with_curves(
    reactions: Sequence[Reaction], curves: Sequence[Curve]
) -> list[tuple[Reaction, Curve | None]]:
    """Pair each reaction with its curve; curves stand in the order of the reactions with one.

    Raises:
        TableError: There are more or fewer curves than reactions that have one.
    """
    wanted = sum(reaction.curve_kind is not CurveKind.NONE for reaction in reactions)
    if wanted != len(curves):
        raise TableError(
            f"curves.tsv: {len(curves)} curves; reactions.tsv has {wanted}; delete both, run again"
        )
    rest = iter(curves)
    return [
        (reaction, None if reaction.curve_kind is CurveKind.NONE else next(rest))
        for reaction in reactions
    ]


def judge_traced(traced: Sequence[Traced], limits: CurveLimits) -> list[JudgedCurve]:
    """Judge every curve beside the reference amplitude of its own assay."""
    judged: dict[int, JudgedCurve] = {}
    for indices, assay_limits in _by_limits(traced, limits):
        chosen = [traced[index] for index in indices]
        features = measure_curves([entry.curve.values for entry in chosen], assay_limits)
        amplitudes = _reference_amplitudes(chosen, features, assay_limits)
        verdicts = judge_curves(
            features,
            reference_amplitudes=[amplitudes[entry.reaction.assay] for entry in chosen],
            levels=[level_of(entry.reaction) for entry in chosen],
            limits=assay_limits,
        )
        judged.update(zip(indices, verdicts, strict=True))
    return [judged[index] for index in range(len(traced))]


def _reference_amplitudes(
    traced: Sequence[Traced], features: CurveFeatures, limits: CurveLimits
) -> dict[str, float | None]:
    """Return the reference amplitude of each assay.

    It is that of the clear curves of its sound positive controls. Where there is none, the clear
    curves of the samples stand in, then those of any well, so that the noise of an empty well is
    not measured by itself. A control that failed is no reference: it would lower what others are
    held to.
    """
    rows: dict[str, list[int]] = {}
    for index, entry in enumerate(traced):
        rows.setdefault(entry.reaction.assay, []).append(index)
    found: dict[str, float | None] = {}
    for assay, indices in rows.items():
        controls = [index for index in indices if traced[index].reference]
        samples = [i for i in indices if traced[i].reaction.role not in CONTROL_ROLES]
        groups = (_sound(controls, features, limits), samples, indices)
        amplitudes = (reference_amplitude(features, group) for group in groups)
        found[assay] = next((amplitude for amplitude in amplitudes if amplitude), None)
    return found


def _sound(controls: Sequence[int], features: CurveFeatures, limits: CurveLimits) -> list[int]:
    """Return the positive controls whose curve is standard beside the largest of them."""
    amplitudes = (reference_amplitude(features, [index]) for index in controls)
    largest = max((amplitude for amplitude in amplitudes if amplitude), default=None)
    judged = judge_curves(
        features.take(controls),
        reference_amplitudes=[largest] * len(controls),
        levels=[None] * len(controls),
        limits=limits,
    )
    shapes = zip(controls, judged, strict=True)
    return [index for index, curve in shapes if curve.curve is CurveClass.STANDARD]


def _by_limits(
    traced: Sequence[Traced], limits: CurveLimits
) -> list[tuple[list[int], CurveLimits]]:
    """Group the curves by the limits that hold for their assay."""
    groups: dict[str, list[int]] = {}
    for index, entry in enumerate(traced):
        own = entry.reaction.assay if entry.reaction.assay in limits.assays else ""
        groups.setdefault(own, []).append(index)
    return [(indices, limits.for_assay(own)) for own, indices in groups.items()]


def level_of(reaction: Reaction) -> float | None:
    """Return the instrument's threshold where it is in units of the curve, over its baseline."""
    if reaction.curve_kind not in ABOVE_BASELINE or not reaction.threshold:
        return None
    return reaction.threshold if reaction.threshold > 0 else None


def shape_of(curve: Curve, judged: JudgedCurve) -> Shape:
    """Return what a reaction needs to know of its curve."""
    cycles = [n for n, value in enumerate(curve.values, start=1) if value is not None]
    return Shape(judged.curve, judged.reasons, judged.ct_own, max(cycles, default=0))


def feature_of(reaction: Reaction, judged: JudgedCurve) -> Feature:
    """Return the row of features.tsv."""
    return Feature(reaction.run, reaction.well, reaction.assay, judged.values)
