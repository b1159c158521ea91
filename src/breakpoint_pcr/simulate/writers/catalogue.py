"""The formats that the simulator writes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from breakpoint_pcr.simulate.plate import SimulatedPlate
from breakpoint_pcr.simulate.truth import PlanError
from breakpoint_pcr.simulate.writers import abi7500_v2, generic, quantstudio


@dataclass(frozen=True, slots=True)
class Writer:
    """A format: its name in plans, decimals of its numbers, file suffix, and how to write it."""

    name: str
    digits: int
    suffix: str
    write: Callable[[Path, SimulatedPlate], None]


WRITERS = (
    Writer("abi7500_v2", 4, ".csv", abi7500_v2.write),
    Writer("quantstudio", 6, ".xlsx", quantstudio.write),
    Writer("generic", 4, ".csv", generic.write),
)


def writer_named(name: str) -> Writer:
    """Return the writer of a format.

    Raises:
        PlanError: There is none of this name.
    """
    for writer in WRITERS:
        if writer.name == name:
            return writer
    known = ", ".join(writer.name for writer in WRITERS)
    raise PlanError(f"format {name!r} cannot be written; expected one of {known}")
