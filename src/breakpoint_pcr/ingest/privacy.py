"""Names of samples and patients that look like personal data: codes are all that a run needs.

The findings say which wells, and never repeat the name: a log or a page would carry it on.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import Finding, Level, Reaction, Role

ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """Section `ingest.privacy` of the configuration.

    `sample_id` fits the laboratory's whole sample codes; None: any code will do. `personal` are
    sought anywhere in a name. Upper and lower case count in both.
    """

    sample_id: re.Pattern[str] | None
    personal: tuple[re.Pattern[str], ...]

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> "PrivacySettings":
        """Build from the configuration's section.

        Raises:
            ConfigError: A regular expression is not valid.
        """
        code = section["sample_id"]
        patterns = enumerate(section["personal_patterns"])
        return cls(
            sample_id=_pattern("sample_id", code) if code else None,
            personal=tuple(_pattern(f"personal_patterns[{i}]", p) for i, p in patterns),
        )


def _pattern(key: str, pattern: str) -> re.Pattern[str]:
    try:
        found = re.compile(pattern)
    except re.error as problem:
        raise ConfigError(
            f"config: ingest.privacy.{key}: {pattern!r} is no regular expression ({problem}); "
            "mend it"
        ) from None
    if key != "sample_id" and found.search(""):
        raise ConfigError(
            f"config: ingest.privacy.{key}: {pattern!r} fits any name; say what it looks for"
        )
    return found


def judge_names(
    reactions: Iterable[Reaction],
    sheet: Iterable[SheetEntry],
    settings: PrivacySettings,
    *,
    run_date: str,
) -> Iterator[Finding]:
    """Yield a finding for sample names, and one for patient references, that look personal.

    Only wells of role unknown are judged: controls and standards have names of their own.

    Args:
        reactions: Reactions of the run.
        sheet: What the sample sheet says by well.
        settings: The patterns.
        run_date: ISO date or time of the run; that date in a name is no birth date.
    """
    names = [(r.well, r.sample) for r in reactions if r.role is Role.UNKNOWN and r.sample]
    judged = {well for well, _ in names}
    patients = [(e.well, e.patient_ref) for e in sheet if e.patient_ref and e.well in judged]
    date = _numbers(ISO_DATE.match(run_date))

    def personal(name: str) -> bool:
        return any(_is_personal(name, pattern, date) for pattern in settings.personal)

    suspect = _wells(names, personal)
    yield from _personal(suspect, "sample name")
    yield from _personal(_wells(patients, personal), "patient reference")
    if code := settings.sample_id:
        others = _wells(names, lambda name: not code.fullmatch(name))
        yield from _other([well for well in others if well not in suspect])


def _is_personal(name: str, pattern: re.Pattern[str], date: Sequence[int]) -> bool:
    return any(not date or _date_in(found[0]) != date for found in pattern.finditer(name))


def _date_in(text: str) -> Sequence[int]:
    """Return the numbers of a date, smallest first; of other text whatever numbers it has."""
    compact = COMPACT_DATE.fullmatch(text)
    return _numbers(compact) if compact else sorted(map(int, re.findall(r"\d+", text)))


def _numbers(date: re.Match[str] | None) -> Sequence[int]:
    return sorted(map(int, date.groups())) if date else []


def _wells(names: Iterable[tuple[str, str]], fits: Callable[[str], bool]) -> list[str]:
    return list(dict.fromkeys(well for well, name in names if fits(name)))


def _personal(wells: Sequence[str], what: str) -> Iterator[Finding]:
    if wells:
        sentence = (
            f"the {what} of {', '.join(wells)} looks like a name, a birth date or an identity "
            "number; use a code in its place, in samplesheet.csv or in the export, and run again"
        )
        yield Finding(Level.WARNING, "run", "", "personal_data", sentence)


def _other(wells: Sequence[str]) -> Iterator[Finding]:
    if wells:
        sentence = (
            f"the sample name of {', '.join(wells)} is no sample code of the laboratory "
            "(ingest.privacy.sample_id in the configuration); correct the name or the pattern"
        )
        yield Finding(Level.WARNING, "run", "", "sample_id_unexpected", sentence)
