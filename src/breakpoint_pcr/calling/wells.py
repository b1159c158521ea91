"""What one reaction says by itself: its state, its curve, and the instrument's Ct."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from breakpoint_pcr.curves import DISTURBED
from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.runs import Override
from breakpoint_pcr.tables import CurveClass, Outcome, Reaction, State

NEAR_CUTOFF = "near_cutoff"
LATE_AMPLIFICATION = "late_amplification"
CT_DISAGREEMENT = "ct_disagreement"
NONE_WITH_CT = "curve_none_with_ct"
TOO_FEW_CYCLES = "too_few_cycles"
WELL_UNUSABLE = "well_unusable"
CRT_NOT_ACCEPTED = "crt_not_accepted"
DECIMALS = 4
ROUND_DECIMALS = 1
UNUSABLE = {
    State.EMPTY: "the export lists the well as empty",
    State.OMITTED: "the well is omitted",
    State.NO_DATA: "the export holds no data of the reaction",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WellRules:
    """Section `calling` of the config; all but the two switches in cycles."""

    ct_limit: float
    require_curve: bool
    grey_zone: tuple[float, float] | None
    near_cutoff: float
    ct_difference_max: float
    accept_crt: bool

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> Self:
        """Build the rules from the config's section `calling`, which its schema has checked.

        Raises:
            ConfigError: The grey zone ends before it begins.
        """
        zone = section["grey_zone"]
        if zone and zone[0] > zone[1]:
            raise ConfigError(
                f"config: calling.grey_zone: {zone[0]:g} lies above {zone[1]:g}; lowest Ct first"
            )
        values: dict[str, Any] = {**section, "grey_zone": tuple(zone) if zone else None}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a reaction's curve shows; `n_cycles` is the last cycle with a value."""

    curve: CurveClass
    reasons: tuple[str, ...] = ()
    ct_own: float | None = None
    n_cycles: int | None = None


@dataclass(frozen=True, slots=True)
class JudgedWell:
    """A reaction with its own outcome, before controls and replicates have their say.

    `notes` are codes: flags of the sample and findings on the well. `override` is a reviewer's
    decision, which `outcome` then is; `reason` keeps what the rules said.
    """

    reaction: Reaction
    shape: Shape
    outcome: Outcome
    reason: str
    notes: tuple[str, ...] = ()
    override: Override | None = None

    @property
    def ct_words(self) -> str:
        """The instrument's Ct, or the export's own word."""
        ct = self.reaction.ct
        return self.reaction.ct_text or "no Ct" if ct is None else shown(ct)

    @property
    def usable(self) -> bool:
        """Whether the well says anything."""
        return self.outcome is not Outcome.INVALID


def judge_well(
    reaction: Reaction, shape: Shape, *, rules: WellRules, crt: bool, excluded: str = ""
) -> JudgedWell:
    """Judge a reaction: positive is a standard curve with a Ct strictly below the limit.

    Args:
        reaction: As exported; its Ct is compared unrounded.
        shape: What its curve shows.
        rules: Limits.
        crt: Whether the export's value is a Crt, for which the limit was not set.
        excluded: Why the laboratory took the well out; empty when it did not.
    """
    out = f"excluded: {excluded}" if excluded else UNUSABLE.get(reaction.state, "")
    if out:
        return JudgedWell(reaction, shape, Outcome.INVALID, out, (WELL_UNUSABLE,))
    foreign = crt and not rules.accept_crt and reaction.ct is not None
    outcome, reason = _decided(reaction.ct, shape, rules, foreign)
    notes = (CRT_NOT_ACCEPTED,) if foreign else _notes(reaction.ct, shape, rules)
    well = JudgedWell(reaction, shape, outcome, reason, notes)
    return _seen_to_the_limit(_outside_grey_zone(well, rules), rules)


def shown(ct: float) -> str:
    """Return a Ct to four decimals, or whole where that would make a rounder number of it.

    So 31.99999 never reads 32.0: a limit is a round number, and a reader compares.
    """
    rounded = round(ct, DECIMALS)
    return str(ct if rounded == round(rounded, ROUND_DECIMALS) else rounded)


def _decided(
    ct: float | None, shape: Shape, rules: WellRules, foreign: bool
) -> tuple[Outcome, str]:
    if ct is None:
        return _without_ct(shape)
    if foreign:
        return Outcome.REVIEW, f"{shown(ct)} is a Crt, and calling.accept_crt is off"
    if _contradicted(ct, shape.ct_own, rules):
        return Outcome.REVIEW, f"Ct {shown(ct)}, but the curve crosses at {_rounded(shape.ct_own)}"
    if ct >= rules.ct_limit:
        return _at_limit(ct, shape, rules)
    return _below_limit(ct, shape, rules)


def _without_ct(shape: Shape) -> tuple[Outcome, str]:
    if shape.curve is CurveClass.STANDARD:
        return Outcome.REVIEW, "standard curve, but the instrument gives no Ct"
    if shape.curve is CurveClass.REVIEW:
        return Outcome.REVIEW, f"no Ct, but curve in doubt ({', '.join(shape.reasons)})"
    if shape.curve is CurveClass.NONE:
        return Outcome.NEGATIVE, f"no Ct, no amplification ({', '.join(shape.reasons)})"
    return Outcome.NEGATIVE, "no Ct; no curve exported"


def _at_limit(ct: float, shape: Shape, rules: WellRules) -> tuple[Outcome, str]:
    beyond = f"Ct {shown(ct)} is not below {rules.ct_limit:g}"
    disturbed = [reason for reason in shape.reasons if reason in DISTURBED]
    if shape.curve is CurveClass.REVIEW and disturbed:
        return Outcome.REVIEW, f"{beyond}, but the curve is disturbed ({', '.join(disturbed)})"
    return Outcome.NEGATIVE, beyond


def _below_limit(ct: float, shape: Shape, rules: WellRules) -> tuple[Outcome, str]:
    below = f"Ct {shown(ct)} below {rules.ct_limit:g}"
    if shape.curve is CurveClass.STANDARD:
        return Outcome.POSITIVE, f"standard curve, {below}"
    if shape.curve is CurveClass.REVIEW:
        return Outcome.REVIEW, f"{below}, but curve in doubt ({', '.join(shape.reasons)})"
    if shape.curve is CurveClass.NONE:
        return (
            Outcome.NEGATIVE,
            f"no amplification ({', '.join(shape.reasons)}) in spite of Ct {shown(ct)}",
        )
    if rules.require_curve:
        return Outcome.REVIEW, f"{below}, but no curve exported"
    return Outcome.POSITIVE, f"{below}; no curve exported, none required"


def _contradicted(ct: float, own: float | None, rules: WellRules) -> bool:
    """Tell whether own and instrument Ct lie far apart and on opposite sides of the limit."""
    opposite = own is not None and (own < rules.ct_limit) != (ct < rules.ct_limit)
    return opposite and _apart(ct, own, rules)


def _apart(ct: float | None, own: float | None, rules: WellRules) -> bool:
    return ct is not None and own is not None and abs(ct - own) > rules.ct_difference_max


def _notes(ct: float | None, shape: Shape, rules: WellRules) -> tuple[str, ...]:
    if ct is None:
        return ()
    below = ct < rules.ct_limit
    found = {
        NEAR_CUTOFF: abs(ct - rules.ct_limit) <= rules.near_cutoff,
        LATE_AMPLIFICATION: shape.curve is CurveClass.STANDARD and not below,
        CT_DISAGREEMENT: _apart(ct, shape.ct_own, rules),
        NONE_WITH_CT: shape.curve is CurveClass.NONE and below,
    }
    return tuple(note for note, holds in found.items() if holds)


def _outside_grey_zone(well: JudgedWell, rules: WellRules) -> JudgedWell:
    ct, zone = well.reaction.ct, rules.grey_zone
    if zone is None or ct is None or not zone[0] <= ct <= zone[1]:
        return well
    if well.outcome not in (Outcome.POSITIVE, Outcome.NEGATIVE):
        return well
    reason = f"{well.reason}; in the grey zone {zone[0]:g}-{zone[1]:g}"
    return replace(well, outcome=Outcome.REVIEW, reason=reason)


def _seen_to_the_limit(well: JudgedWell, rules: WellRules) -> JudgedWell:
    """A negative needs as many cycles as the limit, on the instrument and in the curve."""
    known = [n for n in (well.reaction.n_cycles, well.shape.n_cycles) if n is not None]
    if well.outcome is not Outcome.NEGATIVE or min(known, default=rules.ct_limit) >= rules.ct_limit:
        return well
    reason = (
        f"{well.reason}; only {min(known)} cycles of the {rules.ct_limit:g} that a negative needs"
    )
    notes = (*well.notes, TOO_FEW_CYCLES)
    return replace(well, outcome=Outcome.INVALID, reason=reason, notes=notes)


def _rounded(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
