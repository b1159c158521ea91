"""The limits of a level, as the config gives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


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
        """Build the settings from the config's section `level`, which its schema has checked."""
        criteria = section["mrd_negative"]
        values: dict[str, Any] = {
            **section,
            "lod": {entry["assay"]: entry["copies"] for entry in section["lod"]},
            "mrd_negative": MrdCriteria(**criteria) if criteria else None,
        }
        return cls(**values)
