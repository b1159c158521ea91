"""A run as the calls see it: judged wells, what was run for whom, and what the controls allow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.calling.control_gene import InputBasis, adequacy
from breakpoint_pcr.calling.controls import Check, ControlRules, Effect, Validity
from breakpoint_pcr.calling.replicates import ReplicateRules, join_outcomes
from breakpoint_pcr.calling.samples import AssayResult
from breakpoint_pcr.calling.wells import JudgedWell
from breakpoint_pcr.explanation import Allele, in_exon_order
from breakpoint_pcr.ingest.wells import position
from breakpoint_pcr.panel import Assay, Panel
from breakpoint_pcr.tables import Outcome, Role

SampleWells = Mapping[str, Sequence[JudgedWell]]


@dataclass(frozen=True, slots=True)
class Plate:
    """Everything that a sample's call rests on beside its own wells.

    `assays` are the breakpoint assays that were run for samples, `validity` and `checks` what the
    controls say of each, `basis` what control genes are judged by, `unconfirmed` the primers
    without an exact site, `names` the sample that a sample is a replicate of.
    """

    run: str
    panel: Panel
    assays: tuple[Assay, ...]
    alleles: tuple[Allele, ...]
    validity: Mapping[str, Validity]
    checks: Mapping[str, tuple[Check, ...]]
    basis: InputBasis
    unconfirmed: frozenset[str]
    names: Mapping[str, str]
    replicates: ReplicateRules

    @property
    def controls(self) -> ControlRules:
        """Which controls are needed, and the limits of the control gene."""
        return self.basis.rules


def in_plate_order(wells: Iterable[JudgedWell]) -> list[JudgedWell]:
    """Return the wells by row and column."""

    def place(well: JudgedWell) -> tuple[tuple[int, int], str, str, str, str]:
        reaction = well.reaction
        tube = position(reaction.well)
        return tube, reaction.assay, reaction.target, reaction.dye, reaction.file

    return sorted(wells, key=place)


def samples_on(
    wells: Iterable[JudgedWell], names: Mapping[str, str]
) -> dict[str, dict[str, list[JudgedWell]]]:
    """Return the wells of each sample by assay, in plate order.

    Args:
        wells: All wells of the run.
        names: The name under which a sample is called, where it is not its own.
    """
    found: dict[str, dict[str, list[JudgedWell]]] = {}
    for well in in_plate_order(wells):
        reaction = well.reaction
        if reaction.role is Role.UNKNOWN and reaction.sample:
            sample = names.get(reaction.sample, reaction.sample)
            found.setdefault(sample, {}).setdefault(reaction.assay, []).append(well)
    return found


def results_of(wells: SampleWells, plate: Plate) -> list[AssayResult]:
    """Return what each breakpoint assay of the plate says of a sample."""
    return [_result(assay.name, wells.get(assay.name, ()), plate) for assay in plate.assays]


def _result(assay: str, wells: Sequence[JudgedWell], plate: Plate) -> AssayResult:
    joined = join_outcomes((well.outcome for well in wells), plate.replicates.rule)
    by_rules = any(well.usable and not well.override for well in wells)
    effect = plate.validity[assay].effect_on(joined) if by_rules else Effect(joined)
    usable = {well.outcome for well in wells if well.usable}
    reasons = ("replicates disagree",) if len(usable) > 1 else ()
    return AssayResult(
        assay, tuple(wells), effect.outcome, (*reasons, *effect.reasons), effect.flags
    )


def outcome_after_controls(well: JudgedWell, plate: Plate) -> tuple[Outcome, str]:
    """Return what a sample's well says in the light of the controls, and why."""
    if well.override or well.reaction.role is not Role.UNKNOWN:
        return well.outcome, well.reason
    if well.reaction.assay not in plate.validity:
        return well.outcome, _with_adequacy(well, plate)
    effect = plate.validity[well.reaction.assay].effect_on(well.outcome)
    if not effect.reasons:
        return well.outcome, well.reason
    change = "stands" if effect.outcome is well.outcome else effect.outcome
    return effect.outcome, f"{well.reason}; {change}: {'; '.join(effect.reasons)}"


def _with_adequacy(well: JudgedWell, plate: Plate) -> str:
    if well.outcome is not Outcome.POSITIVE:
        return well.reason
    adequate, words = adequacy(well, plate.basis)
    return well.reason if adequate is Outcome.POSITIVE else f"{well.reason}; {words}"


def classes_not_tested(plate: Plate) -> tuple[str, ...]:
    """Return the classes of the panel that no assay of the plate shows."""
    shown = {deletion for assay in plate.assays for deletion in assay.deletions}
    return in_exon_order(d.label for d in plate.panel.deletions if d not in shown)


def classes_on_unconfirmed(plate: Plate) -> frozenset[str]:
    """Return the classes that are seen only with a primer that has no exact site."""
    pairs = [pair for assay in plate.assays for pair in assay.pairs]
    sure = {
        pair.detects.label
        for pair in pairs
        if plate.unconfirmed.isdisjoint((pair.forward.name, pair.reverse.name))
    }
    return frozenset(pair.detects.label for pair in pairs) - sure


def unconfirmed_in_use(plate: Plate) -> tuple[str, ...]:
    """Return the primers without an exact site that an assay of the plate uses."""
    pairs = [pair for assay in plate.assays for pair in assay.pairs]
    used = {primer.name for pair in pairs for primer in (pair.forward, pair.reverse)}
    return tuple(sorted(plate.unconfirmed & used))
