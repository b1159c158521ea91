"""The tables of a validation (results/validation/)."""

from dataclasses import dataclass
from enum import StrEnum

from breakpoint_pcr.tables.columns import column
from breakpoint_pcr.tables.vocabulary import Role

# The arm with nothing amiss, by which is measured what stays open.
CLEAN = "clean"


class Result(StrEnum):
    """What became of a simulated sample, beside what it holds."""

    RIGHT = "right"
    WRONG = "wrong"
    INCONCLUSIVE = "inconclusive"
    INVALID = "invalid"


class Difference(StrEnum):
    """How a laboratory's call differs from the truth of its sheet, or why it is not compared."""

    WRONG = "wrong"
    INCONCLUSIVE = "inconclusive"
    INVALID = "invalid"
    NOT_TESTED = "not_tested"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class StudySample:
    """batches/{batch}.tsv: one simulated sample, what it holds, and its call.

    Truth is fixed before the first cycle: a class is present from `copies_present` copies a
    reaction, absent at none; between them it is neither, and no call of it is wrong.
    """

    plate: str = column("simulated run")
    arm: str = column("what the plate or the sample is to show")
    target: bool = column("whether a wrong definite call of this arm is an error")
    instrument: str = column("profile of optics and noise")
    format: str = column("export format written and read")
    sample: str = column("sample name")
    faults: tuple[str, ...] = column("what goes wrong in its reactions or controls")
    holds: tuple[str, ...] = column("allele models with mean copies, as model=1200")
    present: tuple[str, ...] = column("classes present")
    between: tuple[str, ...] = column("classes between absent and present")
    call: str = column("call of the pipeline")
    deletions: tuple[str, ...] = column("classes found")
    candidates: tuple[str, ...] = column("calls left open")
    flags: tuple[str, ...] = column("flags")
    result: Result = column("right, wrong, inconclusive or invalid")
    noticed: bool = column("whether the fault left a flag, a finding, or no definite call")
    cause: str = column("how a result that is not right arose, in words")


@dataclass(frozen=True, slots=True)
class ArmResult:
    """arms.tsv: the results of one arm of the study."""

    arm: str = column("arm")
    target: bool = column("whether a wrong definite call is an error")
    samples: int = column("simulated samples")
    right: int = column("right")
    wrong: int = column("wrong definite calls")
    inconclusive: int = column("inconclusive")
    invalid: int = column("invalid")
    struck: int = column("samples that a fault strikes, in their own reactions or in a control")
    noticed: int = column("of these, noticed")
    wrong_low: float = column("Wilson limit of the share of wrong calls")
    wrong_high: float = column("Wilson limit of the share of wrong calls")
    open_low: float = column("Wilson limit of the share of inconclusive and invalid")
    open_high: float = column("Wilson limit of the share of inconclusive and invalid")


@dataclass(frozen=True, slots=True)
class ClassResult:
    """classes.tsv: how surely a class is found where present and not where absent.

    Of the arms with a target. A class counts as found when it is among the deletions; a sample that
    is inconclusive or invalid and does not name it counts as open, and as not found in the rate
    over all.
    """

    deletion: str = column("class label, or any", name="class")
    present: int = column("samples that hold it")
    found: int = column("of these, found")
    present_open: int = column("of these, not found, inconclusive or invalid")
    sensitivity: float | None = column("found / present without the open ones")
    sensitivity_low: float | None = column("Wilson limit")
    sensitivity_high: float | None = column("Wilson limit")
    sensitivity_of_all: float | None = column("found / present")
    absent: int = column("samples that do not hold it")
    not_found: int = column("of these, not found and not left open")
    absent_open: int = column("of these, left open")
    specificity: float | None = column("not found / absent without the open ones")
    specificity_low: float | None = column("Wilson limit")
    specificity_high: float | None = column("Wilson limit")
    specificity_of_all: float | None = column("not found / absent")


@dataclass(frozen=True, slots=True)
class Confusion:
    """confusion.tsv: how often a truth got a call, in the arms with a target."""

    truth: str = column("label of what is present: a class, mixed or negative")
    call: str = column("call")
    samples: int = column("samples")
    share: float = column("share of this truth")
    share_low: float = column("Wilson limit of the share")
    share_high: float = column("Wilson limit of the share")


@dataclass(frozen=True, slots=True)
class CutoffLevel:
    """cutoff.tsv: single reactions of one assay at one number of copies."""

    assay: str = column("assay of the panel")
    instrument: str = column("profile of optics and noise; all for all together")
    copies: float = column("mean copies per reaction", "copies")
    wells: int = column("reactions")
    positive: int = column("positive reactions")
    rate: float = column("share of positive reactions")
    rate_low: float = column("Wilson limit of the share")
    rate_high: float = column("Wilson limit of the share")
    ct_mean: float | None = column("mean Ct of the reactions that have one", "cycles")
    ct_sd: float | None = column("standard deviation of the Ct", "cycles")


@dataclass(frozen=True, slots=True)
class CutoffCurve:
    """detection.tsv: the copies at which an assay is positive in 5, 50 and 95 % (CLSI EP12)."""

    assay: str = column("assay of the panel")
    levels: int = column("numbers of copies tried")
    wells: int = column("reactions")
    intercept: float | None = column("a of P = Phi(a + b log10 copies)")
    slope: float | None = column("b of the same")
    c5: float | None = column("copies positive in 5 %", "copies")
    c50: float | None = column("copies positive in 50 %", "copies")
    c95: float | None = column("copies positive in 95 %: LoD95", "copies")
    c95_low: float | None = column("confidence limit of C95", "copies")
    c95_high: float | None = column("confidence limit of C95", "copies")
    one_hit_lambda: float | None = column("chance that one copy is found, P = 1 - exp(-lambda x)")
    one_hit_lod: float | None = column("copies positive in 95 % by the one-hit model", "copies")
    reason: str = column("why a number is missing, or what to doubt")


@dataclass(frozen=True, slots=True)
class LimitEffect:
    """limits.tsv: what becomes of the calls when one limit of the config moves."""

    limit: str = column("key of the config")
    value: str = column("shipped value")
    moved: str = column("moved value")
    samples: int = column("samples of arms with a target called anew")
    changed: int = column("calls that changed")
    wrong: int = column("wrong definite calls")
    wrong_before: int = column("wrong definite calls at the shipped value")
    open: int = column("inconclusive or invalid")
    open_before: int = column("inconclusive or invalid at the shipped value")


@dataclass(frozen=True, slots=True)
class Agreement:
    """laboratory/agreement.tsv: the calls beside another method's truth (CLSI EP12).

    A sample counts in each run that called it, where the plate tests the class; one that a reviewer
    called, or whose truth is not clear, does not. The limits take every call as independent: where
    `names` is smaller than `samples` they are too narrow.
    """

    deletion: str = column("class label, or any", name="class")
    samples: int = column("called samples with a truth, on plates that test the class")
    names: int = column("different sample names among them")
    true_positive: int = column("found by both")
    false_positive: int = column("found here only")
    false_negative: int = column("found by the other method only")
    true_negative: int = column("found by neither")
    open: int = column("left open here: inconclusive or invalid, or mixed with an open list")
    ppa: float | None = column("positive percent agreement as a share")
    ppa_low: float | None = column("Wilson limit")
    ppa_high: float | None = column("Wilson limit")
    npa: float | None = column("negative percent agreement as a share")
    npa_low: float | None = column("Wilson limit")
    npa_high: float | None = column("Wilson limit")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """laboratory/disagreements.tsv: each sample whose call is not the truth, or is not compared."""

    run: str = column("run folder")
    sample: str = column("sample name")
    truth: tuple[str, ...] = column("classes by the other method; empty: none")
    call: str = column("call")
    deletions: tuple[str, ...] = column("classes found")
    result: Difference = column("wrong, inconclusive, invalid, not_tested or left_out")
    reason: str = column("why it is called so, or why it is not compared")


@dataclass(frozen=True, slots=True)
class Precision:
    """laboratory/precision.tsv: the spread of a material's Ct over days, runs, wells (EP05).

    A material is what has one name, role, patient and quantity on the sheets, in two runs or wells
    at least. A number that the design does not tell is missing.
    """

    sample: str = column("sample name, the same in every run")
    role: Role = column("what its wells are for: unknown, positive_control or standard")
    patient_ref: str = column("patient, where the sheet names one")
    copies: float | None = column("copies per reaction, where the sheet gives them", "copies")
    dilution: float | None = column("share of a diluted sample, where the sheet gives it")
    assay: str = column("assay of the panel")
    days: int = column("days with a Ct")
    runs: int = column("runs with a Ct")
    wells: int = column("wells with a Ct and amplification")
    without_ct: int = column("wells without, left out")
    mean: float | None = column("mean Ct", "cycles")
    repeatability_sd: float | None = column("within a run", "cycles")
    between_run_sd: float | None = column("between runs of a day", "cycles")
    between_day_sd: float | None = column("between days", "cycles")
    within_laboratory_sd: float | None = column("all together", "cycles")
    reason: str = column("why a number is missing, or what to doubt")
