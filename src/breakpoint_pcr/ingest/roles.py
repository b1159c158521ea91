"""What a well is on the plate for: sample sheet, then the export's task, then the sample's name.

A task of unknown decides nothing: it is what the instruments' software fills in by itself.
"""

from functools import cache

from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.tables import Role

# Tasks as exported, letters only, casefolded; ABI, QuantStudio, CFX, RDML.
UNDECIDED = frozenset(
    {
        *("", "unknown", "unkn", "target", "ipc", "blockedipc"),
        *("endogcontrol", "endogenouscontrol", "endo"),
    }
)
TASKS = {
    "ntc": Role.NTC,
    "notemplatecontrol": Role.NTC,
    "nac": Role.NTC,
    "positivecontrol": Role.POSITIVE_CONTROL,
    "posctrl": Role.POSITIVE_CONTROL,
    "pos": Role.POSITIVE_CONTROL,
    "negativecontrol": Role.NEGATIVE_CONTROL,
    "negctrl": Role.NEGATIVE_CONTROL,
    "standard": Role.STANDARD,
    "std": Role.STANDARD,
}


def role_of_task(task: str) -> Role | None:
    """Return the role that a task names; None where it decides nothing."""
    return TASKS.get(_letters(task))


def is_known_task(task: str) -> bool:
    """Tell whether a task is one that the instruments write."""
    letters = _letters(task)
    return letters in UNDECIDED or letters in TASKS


def role_of_name(sample: str, settings: IngestSettings) -> Role | None:
    """Return the role whose pattern the whole sample name fits."""
    for role, patterns in settings.role_patterns:
        if any(pattern.fullmatch(sample) for pattern in patterns):
            return role
    return None


@cache
def _letters(task: str) -> str:
    return "".join(letter for letter in task.casefold() if letter.isalpha())
