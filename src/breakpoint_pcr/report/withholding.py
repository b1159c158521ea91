"""What a report on one sample may not say: the names of the other samples of its run.

Names of controls count as well: a control may be a patient's DNA. Three things are done to a text
of the calling stage, from the certain to the careful:

- where the calling stage writes a control's well and name, the name becomes the control's role;
- a reviewer's free reason is left out where the decision was on something else, or names another;
- any other name that still stands on its own is replaced. Names that say nobody (one letter,
  numbers of up to three digits, words that reports use themselves) stay: replaced in a sentence
  that states a Ct they would spoil it and hide nothing.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from breakpoint_pcr.report.source import View
from breakpoint_pcr.report.wording import Words, load_words
from breakpoint_pcr.runs import Override, SheetEntry
from breakpoint_pcr.tables import Finding, Role, Sample, SampleLevel, Well

WORD = re.compile(r"\w+")
# The calling stage writes English in every language of a report.
STAGE_LANGUAGE = "en"
LETTERS_MIN, DIGITS_MIN = 2, 4


@dataclass(frozen=True)
class Withholding:
    """What to take out of the texts of one run; made once, used for each of its samples."""

    view: View

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name of the run: samples, controls, patients."""
        source = self.view.source
        sheet = source.record.sheet
        found = {well.sample for well in source.wells} | {r.sample for r in source.reactions}
        found |= {sample.sample for sample in source.samples}
        found |= {name for e in sheet for name in (e.sample, e.patient_ref, e.replicate_of)}
        return frozenset(found - {""})

    @cached_property
    def controls(self) -> Mapping[str, str]:
        """What the calling stage writes of a control, and what stands for it."""
        words = self.view.words
        return {
            f"{well.well} ({well.sample}: ": f"{well.well} ({words.word('roles', well.role)}: "
            for well in self.view.source.wells
            if well.role is not Role.UNKNOWN and well.sample
        }

    @cached_property
    def telling(self) -> re.Pattern[str] | None:
        """The names that are replaced wherever they stand on their own, the longest first."""
        common = _vocabulary(self.view)
        names = [n for n in self.names if _tells(n) and not _common(n, common)]
        escaped = "|".join(map(re.escape, sorted(names, key=lambda n: (-len(n), n))))
        alone = rf"(?<![\w.])(?:{escaped})(?!\w|\.\d)"
        return re.compile(alone, re.IGNORECASE) if names else None

    def text(self, text: str, own: Collection[str], foreign: Mapping[str, str]) -> str:
        """Return a text without other names.

        Args:
            text: A sentence of an earlier stage.
            own: Names of the sample itself.
            foreign: What a reviewer wrote, and what stands for it (`decisions`).
        """
        for said, instead in [*foreign.items(), *self.controls.items()]:
            text = text.replace(said, instead)
        if self.telling is None:
            return text
        other = self.view.words.say("name_withheld")
        return self.telling.sub(lambda found: found[0] if found[0] in own else other, text)

    def decisions(self, own: Collection[str], wells: Collection[str]) -> dict[str, str]:
        """Return each reviewer's signed reason that must not be shown, and what stands for it."""
        words = self.view.words
        found: dict[str, str] = {}
        for decision in self.view.source.record.overrides:
            mine = decision.subject in (own if decision.scope == "sample" else wells)
            if not mine or self._names_another(decision, own):
                signed = f"{decision.by}, {decision.date}: "
                found[signed + decision.reason] = signed + words.say("reason_withheld")
        return found

    def _names_another(self, decision: Override, own: Collection[str]) -> bool:
        said = decision.reason.casefold()
        return any(name.casefold() in said for name in self.names - set(own) if _tells(name))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One sample's rows with texts that name no other sample."""

    sample: Sample
    wells: tuple[Well, ...]
    levels: tuple[SampleLevel, ...]
    findings: tuple[Finding, ...]
    overrides: tuple[Override, ...]
    excluded: tuple[SheetEntry, ...]


def cleaned(sample: Sample, withholding: Withholding) -> Cleaned:
    """Return the rows of one sample without other names."""
    view = withholding.view
    wells = view.wells_of(sample.sample)
    own = own_names(sample, wells, view)
    places = {well.well for well in wells}
    foreign = withholding.decisions(own, places)

    def clean(text: str) -> str:
        return withholding.text(text, own, foreign)

    return Cleaned(
        replace(sample, reason=clean(sample.reason), evidence=clean(sample.evidence)),
        tuple(replace(well, reason=clean(well.reason)) for well in wells),
        tuple(
            replace(row, reason=clean(row.reason), statement=clean(row.statement))
            for row in view.levels_of(sample.sample)
        ),
        tuple(
            replace(finding, sentence=clean(finding.sentence))
            for finding in view.source.findings
            if _is_own(finding, sample.sample, places)
        ),
        tuple(
            replace(o, reason=clean(f"{o.by}, {o.date}: {o.reason}").split(": ", 1)[1])
            for o in view.source.record.overrides
            if o.subject in (own if o.scope == "sample" else places)
        ),
        tuple(
            replace(entry, sample=sample.sample, exclude=clean(entry.exclude))
            for entry in view.sheet(wells)
            if entry.exclude
        ),
    )


def own_names(sample: Sample, wells: Iterable[Well], view: View) -> frozenset[str]:
    """Return the names under which a sample runs, its patient's among them."""
    sheet = view.sheet(wells)
    found = {sample.sample, *(well.sample for well in wells)}
    found |= {name for e in sheet for name in (e.patient_ref, e.replicate_of)}
    return frozenset(found - {""})


def _is_own(finding: Finding, sample: str, wells: Collection[str]) -> bool:
    """Whether a finding is on the sample; those on assays are told by the table of controls."""
    mine = {"sample": {sample}, "well": wells, "primer": {finding.subject}}
    return finding.subject in mine.get(finding.scope, ())


def _tells(name: str) -> bool:
    letters = any(char.isalpha() for char in name)
    return len(name) >= (LETTERS_MIN if letters else DIGITS_MIN)


def _common(name: str, vocabulary: Collection[str]) -> bool:
    return set(WORD.findall(name.casefold())) <= set(vocabulary)


def _vocabulary(view: View) -> frozenset[str]:
    """Return the words that reports use, in small letters, and the panel's own names."""
    panel = view.source.panel
    names = [*(a["name"] for a in panel["assays"]), *(p["name"] for p in panel["primers"])]
    names += [label for assay in panel["assays"] for label in assay["deletions"]]
    stage = view.words if view.words.language == STAGE_LANGUAGE else load_words(STAGE_LANGUAGE)
    said = " ".join([*names, *_texts(view.words), *_texts(stage)])
    return frozenset(WORD.findall(said.casefold()))


def _texts(words: Words) -> Iterable[str]:
    """Yield every text of a language, at any depth."""
    waiting: list[object] = [words.texts]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            waiting += item.values()  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        elif isinstance(item, list):
            waiting += item  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(item, str):
            yield item
