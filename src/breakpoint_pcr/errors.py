"""What can be wrong with an input; everything else is a bug in this package.

A message is one line: where: what was found; what was expected; what to do.
"""

from pathlib import Path


class BreakpointPcrError(Exception):
    """A problem that the user can mend."""


class ConfigError(BreakpointPcrError):
    """The configuration does not fit its schema."""


class PanelError(BreakpointPcrError):
    """The primer or assay table contradicts itself."""


class LocusError(BreakpointPcrError):
    """The reference is not what its info.yaml says."""


class TableError(BreakpointPcrError):
    """A table between two stages is damaged."""


class ExportError(BreakpointPcrError):
    """An instrument export, a sample sheet or a run.yaml cannot be read as it stands.

    Args:
        where: File, named relative to its run folder.
        problem: What was found, what was expected, what to do.
        line: 1-based line or row, where there is one.
    """

    def __init__(self, where: str | Path, problem: str, line: int | None = None) -> None:
        place = f"{where} line {line}" if line else f"{where}"
        super().__init__(f"{place}: {problem}")


class NoResultsError(ExportError):
    """A file of a known instrument that holds no Ct of a well; the run may have another export."""
