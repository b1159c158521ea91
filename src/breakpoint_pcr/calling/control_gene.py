"""Whether the control gene shows that a sample brought enough DNA to be called negative."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from breakpoint_pcr.calling.controls import ControlRules, background
from breakpoint_pcr.calling.replicates import ReplicateRule, join_outcomes
from breakpoint_pcr.calling.wells import JudgedWell, shown
from breakpoint_pcr.tables import Outcome


class Input(StrEnum):
    """What the control gene says of a sample's DNA."""

    ADEQUATE = "adequate"
    INADEQUATE = "inadequate"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class InputCheck:
    """What is known of a sample's DNA, and why."""

    state: Input
    reason: str


def check_input(
    wells: Sequence[JudgedWell],
    water: Sequence[JudgedWell],
    *,
    rules: ControlRules,
    replicates: ReplicateRule,
) -> InputCheck:
    """Judge the control-gene wells of a sample; one adequate control gene is enough.

    Args:
        wells: The sample's wells of every control gene.
        water: No-template controls of the control genes.
        rules: Latest adequate Ct, and how near a water control may come.
        replicates: How replicates are joined.
    """
    checks = [
        _check_gene(
            [w for w in wells if w.reaction.assay == gene],
            [w for w in water if w.reaction.assay == gene],
            rules,
            replicates,
        )
        for gene in dict.fromkeys(well.reaction.assay for well in wells)
    ]
    for state in Input:
        if reasons := [check.reason for check in checks if check.state is state]:
            return InputCheck(state, "; ".join(reasons))
    return InputCheck(Input.ABSENT, "no control gene was run for the sample")


def _check_gene(
    wells: Sequence[JudgedWell],
    water: Sequence[JudgedWell],
    rules: ControlRules,
    replicates: ReplicateRule,
) -> InputCheck:
    read = [adequacy(well, water, rules) for well in wells]
    joined = join_outcomes((outcome for outcome, _ in read), replicates)
    reason = f"control gene {wells[0].reaction.assay}: " + ", ".join(words for _, words in read)
    if joined is Outcome.INVALID:
        return InputCheck(Input.ABSENT, reason)
    return InputCheck(Input.ADEQUATE if joined is Outcome.POSITIVE else Input.INADEQUATE, reason)


def adequacy(
    well: JudgedWell, water: Sequence[JudgedWell], rules: ControlRules
) -> tuple[Outcome, str]:
    """Judge one control-gene well: positive when it shows enough DNA; and say why."""
    ct, place = well.reaction.ct, well.reaction.well
    if well.override or well.outcome is not Outcome.POSITIVE or ct is None:
        return well.outcome, f"{place} {well.outcome} ({well.reason})"
    if ct > rules.ct_max:
        return Outcome.NEGATIVE, f"{place} Ct {shown(ct)} later than {rules.ct_max:g}, not adequate"
    if near := [other for other in water if _too_near(ct, other, rules.ntc_delta_ct)]:
        names = ", ".join(f"{w.reaction.well} ({w.ct_words})" for w in near)
        delta = f"{rules.ntc_delta_ct:g}"
        return (
            Outcome.NEGATIVE,
            f"{place} Ct {shown(ct)}, but no-template control {names} within {delta} cycles, "
            "not adequate",
        )
    return Outcome.POSITIVE, f"{place} Ct {shown(ct)} adequate"


def _too_near(ct: float, water: JudgedWell, delta: float) -> bool:
    """Tell whether what is in the water could be what is in the sample."""
    if background(water) not in (Outcome.POSITIVE, Outcome.REVIEW):
        return False
    seen = water.shape.ct_own if water.reaction.ct is None else water.reaction.ct
    return seen is None or seen - ct <= delta
