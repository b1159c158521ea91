"""What the sample sheet says of a reaction: a line for its assay, or for its whole well."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import Finding, Level, Reaction, Role


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a sample sheet by (well, assay)."""

    lines: Mapping[tuple[str, str], SheetEntry]

    def _lines(self, reaction: Reaction) -> list[SheetEntry]:
        keys = ((reaction.well, reaction.assay), (reaction.well, ""))
        return [self.lines[key] for key in keys if key in self.lines]

    def excluded(self, reaction: Reaction) -> str:
        """Return why the laboratory took the reaction out; empty when it did not."""
        return next((line.exclude for line in self._lines(reaction) if line.exclude), "")

    def replicate_of(self, reaction: Reaction) -> str:
        """Return the sample whose replicate this is; empty without one."""
        return next((line.replicate_of for line in self._lines(reaction) if line.replicate_of), "")

    def patient_ref(self, reaction: Reaction) -> str:
        """Return the patient; empty where the sheet does not say."""
        return next((line.patient_ref for line in self._lines(reaction) if line.patient_ref), "")

    def expected(self, reaction: Reaction) -> tuple[str, ...] | None:
        """Return what a positive control contains; None where the sheet does not say."""
        if reaction.role is not Role.POSITIVE_CONTROL:
            return None
        lines = self._lines(reaction)
        return next((line.expected for line in lines if line.expected is not None), None)


def sheet_of(entries: Sequence[SheetEntry]) -> Sheet:
    """Return the sheet that holds these lines."""
    return Sheet({(entry.well, entry.assay): entry for entry in entries})


def unknown_contents(
    sheet: Sheet, reactions: Sequence[Reaction], known: Collection[str]
) -> list[Finding]:
    """Return a finding for each control that is said to contain what the panel cannot show."""
    found = {
        (reaction.sample, name)
        for reaction in reactions
        for name in sheet.expected(reaction) or ()
        if name not in known
    }
    return [
        Finding(
            Level.ERROR,
            "sample",
            sample,
            "expected_unknown",
            f"the sheet expects {name!r}, which is none of {', '.join(sorted(known))}; ignored",
        )
        for sample, name in sorted(found)
    ]
