"""What a well is on the plate for: sample sheet, then the export's task, then the sample's name.

A task of unknown decides nothing: it is what the instruments' software fills in by itself.
"""

import re
from functools import cache, lru_cache

from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.tables import Role

# Tasks as exported, letters only, casefolded; ABI, QuantStudio, CFX, RDML. The Chinese ones are the
# plain words; no file of an instrument was seen with them.
UNDECIDED = frozenset(
    {
        *("", "unknown", "unkn", "target", "ipc", "blockedipc"),
        *("endogcontrol", "endogenouscontrol", "endo"),
        *("样本", "样品", "待测样本", "待测样品", "未知样本", "未知样品", "未知"),
    }
)
# Not here, so that none of them vouches for a run: `nac` (no amplification control) and `nrt` (no
# reverse transcriptase) lack an enzyme and are dark whatever is in them; `ntp` (no target present)
# is what LightCycler 96 writes of wells that nobody named; `opt` calibrates the optics; and
# POSITIVE_1/1 is of genotyping.
TASKS = {
    "ntc": Role.NTC,
    "notemplatecontrol": Role.NTC,
    "空白对照": Role.NTC,
    "无模板对照": Role.NTC,
    "positivecontrol": Role.POSITIVE_CONTROL,
    "posctrl": Role.POSITIVE_CONTROL,
    "pos": Role.POSITIVE_CONTROL,
    "阳性对照": Role.POSITIVE_CONTROL,
    "negativecontrol": Role.NEGATIVE_CONTROL,
    "negctrl": Role.NEGATIVE_CONTROL,
    "阴性对照": Role.NEGATIVE_CONTROL,
    "standard": Role.STANDARD,
    "std": Role.STANDARD,
    "标准品": Role.STANDARD,
}


def role_of_task(task: str) -> Role | None:
    """Return the role that a task names; None where it decides nothing."""
    return TASKS.get(_letters(task))


def is_known_task(task: str) -> bool:
    """Tell whether a task is one that the instruments write."""
    letters = _letters(task)
    return letters in TASKS or (letters in UNDECIDED and bool(letters or not task))


def role_of_name(sample: str, settings: IngestSettings) -> Role | None:
    """Return the role whose pattern the whole sample name fits."""
    return _role_of(sample, settings.role_patterns)


@lru_cache(maxsize=4096)
def _role_of(
    sample: str, role_patterns: tuple[tuple[Role, tuple[re.Pattern[str], ...]], ...]
) -> Role | None:
    for role, patterns in role_patterns:
        if any(pattern.fullmatch(sample) for pattern in patterns):
            return role
    return None


@cache
def _letters(task: str) -> str:
    return "".join(letter for letter in task.casefold() if letter.isalpha())
