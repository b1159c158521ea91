"""A dark well says something only where there was DNA.

In a multiplex reaction the control gene shows whether this tube holds DNA that amplifies. Where it
does not, the tube's negative says nothing, whatever the other tubes of the sample show. A wild-type
control without DNA is one more water control, and shows nothing of the background of DNA.
"""

from collections.abc import Sequence
from dataclasses import replace

from breakpoint_pcr.calling.control_gene import InputBasis, adequacy
from breakpoint_pcr.calling.controls import background
from breakpoint_pcr.calling.wells import WELL_UNUSABLE, JudgedWell
from breakpoint_pcr.tables import Outcome, Role

NO_DNA_IN_WELL = "no_dna_in_well"
NO_DNA_IN_CONTROL = "the control gene of this control does not amplify, so it held no DNA"
Tube = tuple[str, str]


def negatives_with_dna(
    wells: Sequence[JudgedWell], genes: frozenset[str], basis: InputBasis
) -> list[JudgedWell]:
    """Return the wells; a sample's negative whose own tube shows no adequate DNA is invalid.

    Args:
        wells: All wells of the run, after overrides; a reviewer's word is left alone.
        genes: Names of the control genes.
        basis: What control-gene wells are judged by.
    """
    empty = _empty_tubes([well for well in wells if well.reaction.assay in genes], basis)
    return [
        _without_dna(well, empty[_tube(well)])
        if _rests_on_dna(well, genes) and _tube(well) in empty
        else well
        for well in wells
    ]


def _empty_tubes(wells: Sequence[JudgedWell], basis: InputBasis) -> dict[Tube, str]:
    """Return the tubes of samples in which no control gene is adequate, and why."""
    read: dict[Tube, list[tuple[Outcome, str]]] = {}
    for well in wells:
        if well.reaction.role is Role.UNKNOWN and well.usable:
            outcome, words = adequacy(well, basis)
            said = f"control gene {well.reaction.assay} of the same well: {words}"
            read.setdefault(_tube(well), []).append((outcome, said))
    return {
        tube: "; ".join(words for _, words in mine)
        for tube, mine in read.items()
        if all(outcome is not Outcome.POSITIVE for outcome, _ in mine)
    }


def _tube(well: JudgedWell) -> Tube:
    return well.reaction.well, well.reaction.sample


def _rests_on_dna(well: JudgedWell, genes: frozenset[str]) -> bool:
    sample = well.reaction.role is Role.UNKNOWN and well.reaction.assay not in genes
    return sample and well.outcome is Outcome.NEGATIVE and not well.override


def _without_dna(well: JudgedWell, why: str) -> JudgedWell:
    notes = (*well.notes, NO_DNA_IN_WELL)
    return replace(well, outcome=Outcome.INVALID, reason=f"{well.reason}; {why}", notes=notes)


def wild_types_with_dna(wells: Sequence[JudgedWell], genes: frozenset[str]) -> list[JudgedWell]:
    """Return the wells; a dark well of a wild-type control whose control gene failed is unusable.

    One that lights up says what it says. A control without a well of a control gene is believed.
    """
    mine = [w for w in wells if w.reaction.role is Role.NEGATIVE_CONTROL]
    read: dict[str, set[Outcome]] = {}
    for well in mine:
        if well.reaction.assay in genes and well.usable:
            read.setdefault(well.reaction.sample, set()).add(well.outcome)
    dry = {sample for sample, outcomes in read.items() if Outcome.POSITIVE not in outcomes}
    return [_dry_control(w) if _is_dry(w, genes, dry) else w for w in wells]


def _is_dry(well: JudgedWell, genes: frozenset[str], dry: set[str]) -> bool:
    control = well.reaction.role is Role.NEGATIVE_CONTROL and well.reaction.sample in dry
    dark = background(well) is Outcome.NEGATIVE and not well.override
    return control and dark and well.reaction.assay not in genes


def _dry_control(well: JudgedWell) -> JudgedWell:
    notes = (*well.notes, WELL_UNUSABLE)
    reason = f"{well.reason}; {NO_DNA_IN_CONTROL}"
    return replace(well, outcome=Outcome.INVALID, reason=reason, notes=notes)
