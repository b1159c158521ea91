"""Whether the control gene shows that a sample brought enough DNA to be called negative."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from breakpoint_pcr.calling.controls import ControlRules, background
from breakpoint_pcr.calling.inhibition import Delay
from breakpoint_pcr.calling.replicates import ReplicateRule, join_outcomes
from breakpoint_pcr.calling.wells import JudgedWell, shown
from breakpoint_pcr.tables import Outcome, Reaction


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


@dataclass(frozen=True, slots=True)
class InputBasis:
    """What a control-gene well is judged by.

    `water` are the no-template controls of the control genes, `delays` the wells whose Ct can be
    compared with their input.
    """

    water: tuple[JudgedWell, ...]
    delays: Mapping[Reaction, Delay]
    rules: ControlRules


def check_input(
    wells: Sequence[JudgedWell], basis: InputBasis, *, replicates: ReplicateRule
) -> InputCheck:
    """Judge the control-gene wells of a sample; one adequate control gene is enough.

    Args:
        wells: The sample's wells of every control gene.
        basis: What they are judged by.
        replicates: How replicates are joined.
    """
    checks = [
        _check_gene([w for w in wells if w.reaction.assay == gene], basis, replicates)
        for gene in dict.fromkeys(well.reaction.assay for well in wells)
    ]
    for state in Input:
        if reasons := [check.reason for check in checks if check.state is state]:
            return InputCheck(state, "; ".join(reasons))
    return InputCheck(Input.ABSENT, "no control gene was run for the sample")


def _check_gene(
    wells: Sequence[JudgedWell], basis: InputBasis, replicates: ReplicateRule
) -> InputCheck:
    read = [adequacy(well, basis) for well in wells]
    joined = join_outcomes((outcome for outcome, _ in read), replicates)
    reason = f"control gene {wells[0].reaction.assay}: " + ", ".join(words for _, words in read)
    if joined is Outcome.INVALID:
        return InputCheck(Input.ABSENT, reason)
    return InputCheck(Input.ADEQUATE if joined is Outcome.POSITIVE else Input.INADEQUATE, reason)


def adequacy(well: JudgedWell, basis: InputBasis) -> tuple[Outcome, str]:
    """Judge one control-gene well: positive when it shows enough DNA; and say why."""
    ct, place = well.reaction.ct, well.reaction.well
    if well.override or well.outcome is not Outcome.POSITIVE or ct is None:
        return well.outcome, f"{place} {well.outcome} ({well.reason})"
    problem = _too_late(ct, basis.rules) or _in_the_water(well, ct, basis) or _delayed(well, basis)
    if problem:
        return Outcome.NEGATIVE, f"{place} Ct {shown(ct)}{problem}, not adequate"
    return Outcome.POSITIVE, f"{place} Ct {shown(ct)} adequate"


def _too_late(ct: float, rules: ControlRules) -> str:
    return f" later than {rules.ct_max:g}" if ct > rules.ct_max else ""


def _in_the_water(well: JudgedWell, ct: float, basis: InputBasis) -> str:
    delta = basis.rules.ntc_delta_ct
    of_gene = [w for w in basis.water if w.reaction.assay == well.reaction.assay]
    near = [f"{w.reaction.well} ({w.ct_words})" for w in of_gene if _too_near(ct, w, delta)]
    if not near:
        return ""
    return f", but no-template control {', '.join(near)} within {delta:g} cycles"


def inhibited(well: JudgedWell, basis: InputBasis) -> bool:
    """Tell whether a control gene comes later than its input explains."""
    delay, limit = basis.delays.get(well.reaction), basis.rules.delay_max
    return delay is not None and limit is not None and delay.cycles > limit


def _delayed(well: JudgedWell, basis: InputBasis) -> str:
    if not inhibited(well, basis):
        return ""
    delay = basis.delays[well.reaction]
    return (
        f" comes {delay.cycles:.2f} cycles later than its input of {well.reaction.input_ng:g} ng "
        f"explains (Ct {delay.expected_ct:.2f}, from {delay.others} others): inhibition suspected"
    )


def _too_near(ct: float, water: JudgedWell, delta: float) -> bool:
    """Tell whether what is in the water could be what is in the sample."""
    if background(water) not in (Outcome.POSITIVE, Outcome.REVIEW):
        return False
    seen = water.shape.ct_own if water.reaction.ct is None else water.reaction.ct
    return seen is None or seen - ct <= delta
