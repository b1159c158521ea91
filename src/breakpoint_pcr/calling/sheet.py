"""What the sample sheet says of a reaction: a line for its assay, or for its whole well."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from breakpoint_pcr.runs import SheetEntry
from breakpoint_pcr.tables import Finding, Level, Reaction, Role, Well

Placed = Reaction | Well


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a sample sheet by (well, assay)."""

    lines: Mapping[tuple[str, str], SheetEntry]

    def _lines(self, reaction: Placed) -> list[SheetEntry]:
        keys = ((reaction.well, reaction.assay), (reaction.well, ""))
        return [self.lines[key] for key in keys if key in self.lines]

    def excluded(self, reaction: Placed) -> str:
        """Return why the laboratory took the reaction out; empty when it did not."""
        return next((line.exclude for line in self._lines(reaction) if line.exclude), "")

    def replicate_of(self, reaction: Placed) -> str:
        """Return the sample whose replicate this is; empty without one."""
        return next((line.replicate_of for line in self._lines(reaction) if line.replicate_of), "")

    def patient_ref(self, reaction: Placed) -> str:
        """Return the patient; empty where the sheet does not say."""
        return next((line.patient_ref for line in self._lines(reaction) if line.patient_ref), "")

    def expected(self, reaction: Placed) -> tuple[str, ...] | None:
        """Return what a positive control contains; None where the sheet does not say."""
        if reaction.role is not Role.POSITIVE_CONTROL:
            return None
        lines = self._lines(reaction)
        return next((line.expected for line in lines if line.expected is not None), None)

    def input_ng(self, reaction: Placed) -> float | None:
        """Return the DNA in the reaction in ng; None where the sheet does not say."""
        return next((x.input_ng for x in self._lines(reaction) if x.input_ng is not None), None)

    def copies(self, reaction: Placed) -> float | None:
        """Return the copies that a standard holds per reaction; None where the sheet is silent."""
        return next((x.copies for x in self._lines(reaction) if x.copies is not None), None)

    def dilution(self, reaction: Placed) -> float | None:
        """Return the share of the diluted sample in a standard; None where the sheet is silent."""
        return next((x.dilution for x in self._lines(reaction) if x.dilution is not None), None)

    def marker(self, reaction: Placed) -> tuple[str, ...]:
        """Return the classes by which the sample's patient is followed."""
        return next((line.marker for line in self._lines(reaction) if line.marker), ())


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
