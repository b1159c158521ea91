"""The limits of the curve classes, as the config gives them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveLimits:
    """Section `curves` of the config; units and reasons stand there."""

    first_baseline_cycle: int
    cycles_min: int
    gap_max: int
    spike_noise: float
    slope_snr_none: float
    slope_snr_min: float
    amplitude_none: float
    amplitude_min: float
    growth_min: float
    growth_max: float
    rise_cycles_min: float
    rise_cycles_max: float
    jump_max: float
    baseline_cycles_min: float
    arch_snr_min: float
    plateau_min: float
    plateau_room: float
    hook_max: float
    frozen_cycles: float
    tilt_max: float
    clear_slope_snr: float
    own_ct_fraction: float
    assays: Mapping[str, Mapping[str, Any]]

    @classmethod
    def from_config(cls, section: Mapping[str, Any]) -> Self:
        """Build the limits from the config's section `curves`, which its schema has checked."""
        return cls(**section)

    def for_assay(self, name: str) -> Self:
        """Return the limits of one assay: those of all, but for what `assays` says of it."""
        return replace(self, **self.assays.get(name, {}))
