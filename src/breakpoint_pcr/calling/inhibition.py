"""Whether a control gene comes later than the DNA in the reaction explains: inhibition.

Ct + log2(input in ng) is the Ct of one ng, when every cycle doubles the product (efficiency 1). It
is the same for every clean sample of a run, whatever its input. A sample whose value lies above
that of the others amplifies less DNA than its sheet says: an inhibitor, or DNA that does not
amplify. A low-level deletion then falls beyond the Ct limit unseen. Standards are left out: their
input is known, but not from the extraction that the samples went through.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from breakpoint_pcr.calling.wells import JudgedWell
from breakpoint_pcr.tables import Outcome, Reaction, Role

COMPARED = (Role.UNKNOWN, Role.NEGATIVE_CONTROL, Role.POSITIVE_CONTROL)
DECIMALS = 9
Owner = tuple[Role, str]


@dataclass(frozen=True, slots=True)
class Delay:
    """How many cycles a control gene comes after (before: negative) the Ct that is expected.

    `others` is how many other samples and controls the expected Ct comes from.
    """

    cycles: float
    expected_ct: float
    others: int


def delays_of(
    wells: Iterable[JudgedWell],
    genes: Collection[str],
    *,
    names: Mapping[str, str],
    delay_max: float,
    others_min: int,
) -> dict[Reaction, Delay]:
    """Return the delay of each control-gene reaction that can be compared with enough others.

    Args:
        wells: All wells of the run.
        genes: Names of the control genes.
        names: The name under which a sample is called, where it is not its own.
        delay_max: Cycles; what is later than the others by more is no measure for them.
        others_min: Fewest other samples and controls.
    """
    known = [well for well in wells if well.reaction.assay in genes and measurable(well)]
    found: dict[Reaction, Delay] = {}
    for gene in sorted(genes):
        levels = _levels([well for well in known if well.reaction.assay == gene], names)
        for well in (well for well in known if well.reaction.assay == gene):
            mine = _owner(well, names)
            others = [level for owner, level in levels.items() if owner != mine]
            if len(others) >= others_min:
                found[well.reaction] = _delay(well.reaction, others, delay_max)
    return found


def measurable(well: JudgedWell) -> bool:
    """Tell whether a well has a sound Ct and a known input."""
    reaction = well.reaction
    sound = well.outcome is Outcome.POSITIVE and reaction.ct is not None
    return sound and reaction.role in COMPARED and (reaction.input_ng or 0) > 0


def _owner(well: JudgedWell, names: Mapping[str, str]) -> Owner:
    sample = well.reaction.sample
    return well.reaction.role, names.get(sample, sample)


def _levels(wells: Iterable[JudgedWell], names: Mapping[str, str]) -> dict[Owner, float]:
    """Return the Ct of one ng of each sample and control, one value each however many wells."""
    values: dict[Owner, list[float]] = {}
    for well in wells:
        values.setdefault(_owner(well, names), []).append(_ct_of_one_ng(well.reaction))
    return {owner: median(mine) for owner, mine in values.items()}


def _ct_of_one_ng(reaction: Reaction) -> float:
    return (reaction.ct or 0) + math.log2(reaction.input_ng or 1)


def _typical(levels: Collection[float], delay_max: float) -> float:
    """Return the median of those that are not late themselves."""
    latest = median(levels) + delay_max
    return median([level for level in levels if level <= latest])


def _delay(reaction: Reaction, others: Collection[float], delay_max: float) -> Delay:
    typical = _typical(others, delay_max)
    expected = typical - math.log2(reaction.input_ng or 1)
    # A Ct as exported has fewer decimals: what is left of adding logarithms is not late.
    cycles = round(_ct_of_one_ng(reaction) - typical, DECIMALS)
    return Delay(cycles, expected, len(others))
