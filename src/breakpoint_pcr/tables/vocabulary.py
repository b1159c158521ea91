"""The closed sets of words that the tables hold."""

from enum import StrEnum


class Role(StrEnum):
    """What a well is on the plate for."""

    UNKNOWN = "unknown"
    NTC = "ntc"
    POSITIVE_CONTROL = "positive_control"
    NEGATIVE_CONTROL = "negative_control"
    STANDARD = "standard"


CONTROL_ROLES = (Role.NTC, Role.POSITIVE_CONTROL, Role.NEGATIVE_CONTROL)


class State(StrEnum):
    """What the export says of a reaction. Four ways to have no Ct stay four different things."""

    OK = "ok"
    UNDETERMINED = "undetermined"
    EMPTY = "empty"
    OMITTED = "omitted"
    NO_DATA = "no_data"


class CurveKind(StrEnum):
    """What the fluorescence values of a curve are."""

    DELTA_RN = "dRn"
    RN = "Rn"
    RFU = "rfu"
    RAW = "raw"
    NONE = "none"


class CurveClass(StrEnum):
    """How a curve looks."""

    STANDARD = "standard"
    REVIEW = "review"
    NONE = "none"
    MISSING = "missing"


class Outcome(StrEnum):
    """What a reaction says."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    REVIEW = "review"
    INVALID = "invalid"


class Call(StrEnum):
    """What a sample is called when it is not called by the label of its one class."""

    MIXED = "mixed"
    NEGATIVE = "negative"
    INCONCLUSIVE = "inconclusive"
    INVALID = "invalid"


class Level(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Amplifies(StrEnum):
    """Whether an allele gives a product with a pair."""

    MUST = "must"
    MAY = "may"
    NONE = "none"


class Verdict(StrEnum):
    """The judgement on a primer, a site or a panel."""

    PASS = "PASS"  # noqa: S105
    CHECK = "CHECK"
    FAIL = "FAIL"


class Quantity(StrEnum):
    """What a standard is labelled with: copies per reaction, or share of a diluted sample."""

    COPIES = "copies"
    DILUTION = "dilution"


class Detected(StrEnum):
    """Whether a sample holds a class."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


class LevelMethod(StrEnum):
    """How a deleted fraction was found."""

    STANDARD_CURVES = "standard_curves"
    DILUTION_SERIES = "dilution_series"
    NONE = "none"


class Clone(StrEnum):
    """How much of the cells a class is in, by the configured limits."""

    CLONAL = "clonal"
    SUBCLONAL = "subclonal"
    BETWEEN = "between"
    UNKNOWN = ""
