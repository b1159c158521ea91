"""The limits of a call, as the config gives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from breakpoint_pcr.calling.controls import ControlRules
from breakpoint_pcr.calling.replicates import ReplicateRules
from breakpoint_pcr.calling.wells import WellRules
from breakpoint_pcr.curves import CurveLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSettings:
    """Every limit of a call."""

    wells: WellRules
    curves: CurveLimits
    controls: ControlRules
    replicates: ReplicateRules

    @classmethod
    def from_config(
        cls,
        *,
        calling: Mapping[str, Any],
        curves: Mapping[str, Any],
        controls: Mapping[str, Any],
        replicates: Mapping[str, Any],
    ) -> Self:
        """Build the settings from the sections of the config, which its schema has checked."""
        return cls(
            wells=WellRules.from_config(calling),
            curves=CurveLimits.from_config(curves),
            controls=ControlRules.from_config(controls),
            replicates=ReplicateRules.from_config(replicates),
        )
