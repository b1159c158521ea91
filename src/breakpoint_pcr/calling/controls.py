"""Whether the controls of a run let an assay's positives and negatives stand.

Water and wild-type DNA must stay dark: else the assay's positives do not stand. A positive control
must light up: else its negatives do not. One assay's failure leaves the others alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Self

from breakpoint_pcr.calling.wells import WELL_UNUSABLE, JudgedWell
from breakpoint_pcr.explanation import Allele
from breakpoint_pcr.panel import Assay
from breakpoint_pcr.tables import Amplifies, CurveClass, Finding, Level, Outcome, Role

CONTROL_FAILED = "control_failed"
CONTROL_MISSING = "control_missing"
NTC = "ntc"
WILD_TYPE = "wild_type_control"
POSITIVE = "positive_control"
DARK_POSITIVE = "dark_positive_control"
KINDS = {
    NTC: "no-template control",
    WILD_TYPE: "wild-type control",
    POSITIVE: "positive control",
    DARK_POSITIVE: "positive control without the deletion",
}


class Standing(IntEnum):
    """What a kind of control says of an assay, best first."""

    PASSED = 0
    REVIEW = 1
    MISSING = 2
    FAILED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRules:
    """Section `controls` of the config; `ct_max`, `ntc_delta_ct` and `delay_max` in cycles."""

    ntc_required: bool
    positive_required: bool
    positive_per_class: bool
    wild_type_required: bool
    control_gene_required: bool
    ct_max: float
    ntc_delta_ct: float
    delay_max: float | None
    delay_others_min: int

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> Self:
        """Build the rules from the config's section `controls`, which its schema has checked."""
        return cls(
            ntc_required=section["ntc"]["required"],
            positive_required=section["positive"]["required"],
            positive_per_class=section["positive"]["per"] == "class",
            wild_type_required=section["wild_type"]["required"],
            control_gene_required=section["control_gene"]["required"],
            ct_max=section["control_gene"]["ct_max"],
            ntc_delta_ct=section["control_gene"]["ntc_delta_ct"],
            delay_max=section["control_gene"]["delay_max"],
            delay_others_min=section["control_gene"]["delay_others_min"],
        )


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of an outcome, why, and which flags the sample then carries."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Validity:
    """What becomes of an assay's positives and of its negatives."""

    positive: Effect = Effect(Outcome.POSITIVE)
    negative: Effect = Effect(Outcome.NEGATIVE)

    def effect_on(self, outcome: Outcome) -> Effect:
        """Return what becomes of this outcome; only positives and negatives need controls."""
        if outcome is Outcome.POSITIVE:
            return self.positive
        return self.negative if outcome is Outcome.NEGATIVE else Effect(outcome)


@dataclass(frozen=True, slots=True)
class ControlWell:
    """A well of a control, with the classes that the sample sheet says it contains, if it does."""

    judged: JudgedWell
    expected: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of control of one assay: `code` names the kind, `reason` the wells that decided."""

    assay: str
    code: str
    standing: Standing
    reason: str


@dataclass(frozen=True, slots=True)
class ControlReport:
    """What the controls of a run say: effects and checks by assay, and findings."""

    validity: Mapping[str, Validity]
    checks: Mapping[str, tuple[Check, ...]]
    findings: list[Finding]


def check_controls(
    controls: Sequence[ControlWell],
    assays: Sequence[Assay],
    alleles: Sequence[Allele],
    *,
    rules: ControlRules,
) -> ControlReport:
    """Judge every assay that was run for samples by the control wells of the run.

    Args:
        controls: Wells of breakpoint assays whose role is a control.
        assays: The breakpoint assays that were run for samples.
        alleles: What light an assay, to know what a positive control must show.
        rules: Which controls are needed.
    """
    shown = _classes_shown(controls, assays, alleles)
    required = _required(rules)
    validity: dict[str, Validity] = {}
    checks: dict[str, tuple[Check, ...]] = {}
    findings: list[Finding] = []
    for assay in assays:
        wells = [c for c in controls if c.judged.reaction.assay == assay.name]
        dark = _dark_checks(assay, wells, alleles)
        lit = _lit_check(assay, wells, alleles, shown if rules.positive_per_class else frozenset())
        checks[assay.name] = (*dark, lit)
        open_ = [check for check in (*dark, lit) if check.standing is not Standing.PASSED]
        findings += [_finding(check, required[check.code]) for check in open_]
        counted = [c for c in open_ if c.standing is not Standing.MISSING or required[c.code]]
        validity[assay.name] = _validity(counted)
    return ControlReport(validity, checks, findings)


def _required(rules: ControlRules) -> dict[str, bool]:
    return {
        NTC: rules.ntc_required,
        WILD_TYPE: rules.wild_type_required,
        POSITIVE: rules.positive_required,
        DARK_POSITIVE: False,
    }


def background(well: JudgedWell) -> Outcome:
    """Read a well that must stay dark: a standard curve counts at any Ct."""
    if well.override or WELL_UNUSABLE in well.notes:
        return well.outcome
    if well.shape.curve is CurveClass.STANDARD:
        return Outcome.POSITIVE
    without_curve = well.shape.curve is CurveClass.MISSING and well.reaction.ct is not None
    if well.shape.curve is CurveClass.REVIEW or without_curve:
        return Outcome.REVIEW
    return well.outcome if well.outcome is Outcome.INVALID else Outcome.NEGATIVE


def _dark_checks(
    assay: Assay, wells: Sequence[ControlWell], alleles: Sequence[Allele]
) -> list[Check]:
    """Check the wells in which this assay has nothing to amplify."""
    of_role = {
        role: [c.judged for c in wells if c.judged.reaction.role is role]
        for role in (Role.NTC, Role.NEGATIVE_CONTROL)
    }
    others = [c.judged for c in wells if expectation(c, assay.name, alleles) is Amplifies.NONE]
    checks = [
        _dark_check(assay, NTC, of_role[Role.NTC]),
        _dark_check(assay, WILD_TYPE, of_role[Role.NEGATIVE_CONTROL]),
    ]
    unexpected = _dark_check(assay, DARK_POSITIVE, others)
    return checks if unexpected.standing is Standing.MISSING else [*checks, unexpected]


def _dark_check(assay: Assay, code: str, wells: Sequence[JudgedWell]) -> Check:
    read = [(background(well), well) for well in wells]
    for outcome, standing in (
        (Outcome.POSITIVE, Standing.FAILED),
        (Outcome.REVIEW, Standing.REVIEW),
    ):
        if found := [well for seen, well in read if seen is outcome]:
            return Check(assay.name, code, standing, _named(assay, code, found))
    if stayed := [well for seen, well in read if seen is Outcome.NEGATIVE]:
        return Check(assay.name, code, Standing.PASSED, _named(assay, code, stayed))
    return Check(assay.name, code, Standing.MISSING, _missing(assay, code, wells))


def expectation(control: ControlWell, assay: str, alleles: Sequence[Allele]) -> Amplifies | None:
    """Return what a well of a positive control must show in this assay; None for other roles."""
    if control.judged.reaction.role is not Role.POSITIVE_CONTROL:
        return None
    return must_show(control.expected, assay, alleles)


def must_show(expected: Sequence[str] | None, assay: str, alleles: Sequence[Allele]) -> Amplifies:
    """Return what a positive control that contains these classes must show in an assay.

    A class may be there in any of its forms, so its product must appear where the main form gives
    it, cannot where no form does, and otherwise may. Without a word in the sheet it must appear.
    """
    if expected is None:
        return Amplifies.MUST
    contained = [_forms(name, alleles) for name in expected]
    if any(_surely_lights(forms, assay) for forms in contained):
        return Amplifies.MUST
    lit = any(assay in allele.lights for forms in contained for allele in forms)
    return Amplifies.MAY if lit else Amplifies.NONE


def _forms(name: str, alleles: Sequence[Allele]) -> list[Allele]:
    """Return the alleles of a class, or the one form of it that the name says."""
    of_class = [allele for allele in alleles if allele.deletion == name]
    return of_class or [allele for allele in alleles if allele.name == name]


def _surely_lights(forms: Sequence[Allele], assay: str) -> bool:
    main = [allele for allele in forms if allele.main] or forms
    return bool(main) and all(assay in allele.must for allele in main)


def _lit_check(
    assay: Assay,
    wells: Sequence[ControlWell],
    alleles: Sequence[Allele],
    shown: frozenset[str],
) -> Check:
    """Check the positive controls of an assay; other wells vouch for the classes `shown`."""
    must = [c.judged for c in wells if expectation(c, assay.name, alleles) is Amplifies.MUST]
    usable = [well for well in must if well.usable]
    if dark := [well for well in usable if well.outcome is not Outcome.POSITIVE]:
        return Check(assay.name, POSITIVE, Standing.FAILED, _named(assay, POSITIVE, dark))
    vouched = {deletion.label for deletion in assay.deletions} <= shown
    if usable:
        return Check(assay.name, POSITIVE, Standing.PASSED, _named(assay, POSITIVE, usable))
    if vouched:
        words = f"positive controls of other assays show every class of {assay.name}"
        return Check(assay.name, POSITIVE, Standing.PASSED, words)
    return Check(assay.name, POSITIVE, Standing.MISSING, _missing(assay, POSITIVE, must))


def _classes_shown(
    controls: Sequence[ControlWell], assays: Sequence[Assay], alleles: Sequence[Allele]
) -> frozenset[str]:
    """Return the classes of which a positive control lit up where it had to.

    A control that does not say what it contains vouches for the class of an assay that shows one.
    """
    labels = {assay.name: [d.label for d in assay.deletions] for assay in assays}
    shown: set[str] = set()
    for control in controls:
        name = control.judged.reaction.assay
        must = expectation(control, name, alleles) is Amplifies.MUST
        if must and control.judged.outcome is Outcome.POSITIVE:
            possible = labels.get(name, [])
            if control.expected:
                possible = [x for x in possible if _contains(control.expected, x, name, alleles)]
            shown |= set(possible) if control.expected or len(possible) == 1 else set()
    return frozenset(shown)


def _contains(expected: Collection[str], label: str, assay: str, alleles: Sequence[Allele]) -> bool:
    """Tell whether what a control contains lights this assay as this class."""
    return any(
        _surely_lights(forms, assay) and forms[0].deletion == label
        for forms in (_forms(name, alleles) for name in expected)
    )


def _validity(checks: Sequence[Check]) -> Validity:
    dark = [check for check in checks if check.code != POSITIVE]
    lit = [check for check in checks if check.code == POSITIVE]
    spoilt = any(check.standing is not Standing.REVIEW for check in dark)
    doubtful = Outcome.REVIEW if dark else Outcome.POSITIVE
    positive = Effect(
        Outcome.INVALID if spoilt else doubtful,
        _reasons((*dark, *lit)),
        _control_flags((*dark, *lit)),
    )
    negative = Effect(
        Outcome.INVALID if lit else Outcome.NEGATIVE, _reasons(lit), _control_flags(lit)
    )
    return Validity(positive, negative)


def _reasons(checks: Iterable[Check]) -> tuple[str, ...]:
    return tuple(check.reason for check in checks)


def _control_flags(checks: Iterable[Check]) -> tuple[str, ...]:
    missing = [check.standing is Standing.MISSING for check in checks]
    flags = {CONTROL_FAILED: not all(missing), CONTROL_MISSING: any(missing)}
    return tuple(flag for flag, holds in flags.items() if holds)


def _named(assay: Assay, code: str, wells: Iterable[JudgedWell]) -> str:
    words = (f"{w.reaction.well} ({w.reaction.sample}: {w.reason})" for w in wells)
    return f"{KINDS[code]} of {assay.name} {', '.join(words)}"


def _missing(assay: Assay, code: str, wells: Sequence[JudgedWell]) -> str:
    if wells:
        return f"{_named(assay, code, wells)} unusable"
    return f"no {KINDS[code]} of {assay.name} on the plate"


def _finding(check: Check, required: bool) -> Finding:
    """Tell of a control what it means for the assay."""
    level = Level.ERROR
    if check.standing is Standing.REVIEW:
        level = Level.WARNING
    if check.standing is Standing.MISSING and not required:
        level = Level.INFO
    code = f"{check.code}_{check.standing.name.lower()}"
    sentence = f"{check.reason}: {_meaning(check, required)}"
    return Finding(level, "assay", check.assay, code, sentence)


def _meaning(check: Check, required: bool) -> str:
    if check.standing is Standing.MISSING and not required:
        return "not required by the config, so nothing rests on it"
    if check.code == POSITIVE:
        return (
            "negatives of the assay are invalid, its positives are flagged; "
            "repeat the assay with a positive control that amplifies"
        )
    if check.standing is Standing.REVIEW:
        return "positives of the assay go to review; look at the curve, or repeat the assay"
    if check.standing is Standing.MISSING:
        return "positives of the assay are invalid; repeat the assay with this control"
    return (
        "positives of the assay are invalid; look for contamination and repeat the assay "
        "with clean reagents"
    )
