"""The limits of a level, as the config gives them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Self

from breakpoint_pcr.errors import ConfigError


@dataclass(frozen=True, slots=True)
class MrdCriteria:
    """When a negative may be called MRD negative."""

    excluded_max: float
    replicates_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSettings:
    """Section `level` of the config; units and reasons stand there. `lod` is copies by assay."""

    pg_per_genome: float
    confidence: float
    slope_min: float
    slope_max: float
    r_squared_min: float
    quantities_min: int
    clonal_min: float | None
    subclonal_max: float | None
    lod: Mapping[str, float]
    mrd_negative: MrdCriteria | None

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> Self:
        """Build the settings from the config's section `level`, which its schema has checked.

        Raises:
            ConfigError: Two values contradict each other.
        """
        criteria = section["mrd_negative"]
        values: dict[str, Any] = {
            **section,
            "lod": _lod(section["lod"]),
            "mrd_negative": MrdCriteria(**criteria) if criteria else None,
        }
        settings = cls(**values)
        _check_order(settings)
        return settings

    @property
    def copies_needed(self) -> float:
        """Mean copies at which a reaction holds one or more with the configured chance.

        -ln(1 - confidence), by Poisson; 2.9957 at 0.95 (CLSI EP17).
        """
        return -log(1 - self.confidence)

    def cells(self, amount_ng: float) -> float:
        """Return the cells whose DNA an amount in ng is."""
        return amount_ng * 1000 / self.pg_per_genome

    def check_assays(self, assays: Collection[str]) -> None:
        """Check that every limit of detection is of a breakpoint assay of the panel.

        Raises:
            ConfigError: One is not.
        """
        if unknown := sorted(set(self.lod).difference(assays)):
            raise ConfigError(
                f"config: level.lod: assay {unknown[0]!r} is no breakpoint assay of the panel; "
                f"expected one of {', '.join(assays)}; mend the name or delete the entry"
            )


def _lod(entries: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    names = [entry["assay"] for entry in entries]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ConfigError(
            f"config: level.lod: assay {twice[0]!r} stands twice; expected one limit an assay; "
            "delete one"
        )
    return {entry["assay"]: entry["copies"] for entry in entries}


def _check_order(settings: LevelSettings) -> None:
    """No class is clonal and subclonal, and no slope below the lowest and above the highest."""
    pairs = (
        ("slope_min", settings.slope_min, "slope_max", settings.slope_max),
        ("subclonal_max", settings.subclonal_max, "clonal_min", settings.clonal_min),
    )
    for low, lowest, high, highest in pairs:
        if lowest is not None and highest is not None and lowest > highest:
            raise ConfigError(
                f"config: level.{low}: {lowest:g} lies above level.{high}, {highest:g}; "
                f"expected at most that; change one of them"
            )
