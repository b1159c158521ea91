"""What the configuration says of reading."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakpoint_pcr.errors import ConfigError
from breakpoint_pcr.ingest.privacy import PrivacySettings
from breakpoint_pcr.tables import CurveKind, Role

GENERIC_COLUMNS = ("well", "sample", "target", "dye", "task", "ct", "threshold", "omit")


@dataclass(frozen=True, slots=True)
class GenericTable:
    """How the laboratory's own table looks. `columns` maps each concept to headings, casefolded.

    `ct_columns` finds the Cts of a table with one per dye or target in a row. Only `sheets` are
    read of a workbook, where they are named.
    """

    encoding: str
    decimal: str
    sheets: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    ct_columns: re.Pattern[str] | None
    cycle_columns: re.Pattern[str] | None
    curve_kind: CurveKind
    missing: frozenset[str]


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Section `ingest` of the configuration.

    `ct_crossing_difference_max` is in cycles: how far the crossing of the exported curve with the
    exported threshold may lie from the exported Ct.
    """

    role_patterns: tuple[tuple[Role, tuple[re.Pattern[str], ...]], ...]
    generic: GenericTable
    ct_crossing_difference_max: float
    privacy: PrivacySettings

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> "IngestSettings":
        """Build from the configuration's section.

        Raises:
            ConfigError: A regular expression or an encoding is not valid.
        """
        patterns = section["role_patterns"]
        return cls(
            role_patterns=tuple(
                (Role(role), tuple(_pattern(f"role_patterns.{role}", p) for p in patterns[role]))
                for role in (Role.NTC, Role.POSITIVE_CONTROL, Role.NEGATIVE_CONTROL)
            ),
            generic=_generic(section["generic"]),
            ct_crossing_difference_max=float(section["ct_crossing_difference_max"]),
            privacy=PrivacySettings.from_config(section["privacy"]),
        )


def _generic(section: Mapping[str, Any]) -> GenericTable:
    return GenericTable(
        encoding=_encoding(section["encoding"]),
        decimal=section["decimal"],
        sheets=frozenset(section["sheets"]),
        columns={
            name: tuple(dict.fromkeys(word.casefold() for word in section[name]))
            for name in GENERIC_COLUMNS
        },
        ct_columns=_grouped(section, "ct_columns"),
        cycle_columns=_grouped(section, "cycle_columns"),
        curve_kind=CurveKind(section["curve_kind"]),
        missing=frozenset(word.casefold() for word in section["missing"]),
    )


def _grouped(section: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    """Return the pattern of a key, whose one group is what a heading tells; None for none."""
    pattern = _pattern(f"generic.{key}", section[key]) if section[key] else None
    if pattern and pattern.groups != 1:
        raise ConfigError(
            f"config: ingest.generic.{key}: {pattern.groups} groups; "
            "put the cycle number, dye or target, and nothing else, into one pair of brackets"
        )
    return pattern


def _pattern(key: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as problem:
        raise ConfigError(
            f"config: ingest.{key}: {pattern!r} is no regular expression ({problem}); mend it"
        ) from None


def _encoding(name: str) -> str:
    try:
        b"a".decode(name)
    except (LookupError, UnicodeError):
        raise ConfigError(
            f"config: ingest.generic.encoding: {name!r} is unknown; use utf-8, cp1252 or gb18030"
        ) from None
    return name
