"""Whether a well is what it is taken for: names, roles and assays that can be a mix-up.

The sample sheet wins over the export, a name alone can make a control: both are right as a rule,
and a patient lost or exchanged when they are not. Nothing here changes a reaction.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from breakpoint_pcr.ingest.cells import listed, shown
from breakpoint_pcr.ingest.merging import Placed
from breakpoint_pcr.ingest.roles import role_of_name, role_of_task
from breakpoint_pcr.ingest.samplesheet import SheetRow
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.panel import Panel
from breakpoint_pcr.tables import Finding, Level, Reaction, Role

NO_ROLE_BY_NAME = "write the role of the wells into the sample sheet if one is a patient's"


@dataclass(frozen=True, slots=True)
class _Stated:
    """What export, sheet and name say of a reaction; empty or None where they do not."""

    reaction: Reaction
    exported_sample: str
    exported_assay: str
    sheet_sample: str
    sheet_assay: str
    sheet_role: Role | None
    task_role: Role | None
    name_role: Role | None
    exported_name_role: Role | None


def check_identity(
    places: Sequence[Placed],
    matches: Sequence[SheetRow | None],
    reactions: Sequence[Reaction],
    panel: Panel,
    settings: IngestSettings,
) -> Iterator[Finding]:
    """Yield findings on reactions that may not be what they are taken for."""
    stated = [
        _stated(place, row, reaction, panel, settings)
        for place, row, reaction in zip(places, matches, reactions, strict=True)
    ]
    yield from _check_samples(stated)
    yield from _check_assays(stated)
    yield from _check_lone_roles(stated)
    yield from _check_shared_names(reactions)
    yield from _check_alike(reactions)


def _stated(
    place: Placed,
    row: SheetRow | None,
    reaction: Reaction,
    panel: Panel,
    settings: IngestSettings,
) -> _Stated:
    return _Stated(
        reaction=reaction,
        exported_sample=place.record.sample,
        exported_assay=panel.assay_of_target(place.record.target) or "",
        sheet_sample=row.entry.sample if row else "",
        sheet_assay=row.entry.assay if row else "",
        sheet_role=row.entry.role if row else None,
        task_role=role_of_task(place.record.task),
        name_role=role_of_name(reaction.sample, settings),
        exported_name_role=role_of_name(place.record.sample, settings),
    )


def _check_samples(stated: Sequence[_Stated]) -> Iterator[Finding]:
    """Yield a finding per sample that the sheet names otherwise than the export.

    A new name for a sample is what sheets are for. A name that the export has in other wells, a
    sample parted or joined, or a control that becomes something else may be a shifted sheet.
    """
    exported = {entry.exported_sample for entry in stated}
    pairs = {(e.exported_sample, e.reaction.sample) for e in stated if e.exported_sample}
    renamed: dict[str, list[_Stated]] = {}
    for entry in stated:
        if entry.exported_sample and entry.sheet_sample not in ("", entry.exported_sample):
            renamed.setdefault(entry.sheet_sample, []).append(entry)
    for new, entries in renamed.items():
        olds = list(dict.fromkeys(entry.exported_sample for entry in entries))
        parted = any(old in olds and other != new for old, other in pairs)
        role = any(_loses_its_role(entry) for entry in entries)
        doubtful = new in exported or len(olds) > 1 or parted or role
        other = "; the export has that name in other wells" if new in exported else ""
        sentence = (
            f"{_wells(e.reaction for e in entries)}: the export's sample is {listed(olds)}, the "
            f"sample sheet's {shown(new)}, which counts{other}"
        )
        code = "sample_contradiction" if doubtful else "sample_renamed"
        level = Level.WARNING if doubtful else Level.INFO
        yield Finding(level, "sample", new, code, sentence)


def _loses_its_role(entry: _Stated) -> bool:
    return entry.exported_name_role not in (None, entry.reaction.role)


def _check_assays(stated: Sequence[_Stated]) -> Iterator[Finding]:
    """Yield a finding per assay that the sheet names where the export names another one."""
    found: dict[tuple[str, str], list[Reaction]] = {}
    for entry in stated:
        if entry.sheet_assay and entry.exported_assay not in ("", entry.sheet_assay):
            found.setdefault((entry.exported_assay, entry.sheet_assay), []).append(entry.reaction)
    for (exported, sheet), reactions in found.items():
        sentence = (
            f"{_wells(reactions)}: the export's target is assay {exported}, the sample sheet says "
            f"{sheet}, which counts; a wrong one gives a wrong class"
        )
        yield Finding(Level.WARNING, "assay", sheet, "assay_contradiction", sentence)


def _check_lone_roles(stated: Sequence[_Stated]) -> Iterator[Finding]:
    """Yield a finding per role that rests on the name alone, or on the export's task alone."""
    by_name: dict[Role, list[Reaction]] = {}
    by_task: dict[Role, list[Reaction]] = {}
    for entry in stated:
        reaction = entry.reaction
        if entry.sheet_role or reaction.role is Role.UNKNOWN or not reaction.sample:
            continue
        if entry.task_role is None:
            by_name.setdefault(reaction.role, []).append(reaction)
        elif entry.name_role is None:
            by_task.setdefault(reaction.role, []).append(reaction)
    for code, source, found in (
        ("role_by_name", "name", by_name),
        ("role_by_task", "the export's task", by_task),
    ):
        for role, reactions in found.items():
            names = listed(list(dict.fromkeys(reaction.sample for reaction in reactions)))
            sentence = (
                f"{names} in {_wells(reactions)} taken for {role} by {source} alone, so not "
                f"called; {NO_ROLE_BY_NAME}"
            )
            yield Finding(Level.WARNING, "run", role, code, sentence)


def _check_shared_names(reactions: Iterable[Reaction]) -> Iterator[Finding]:
    """Yield a finding per name that stands for things of different roles."""
    for name, mine in _by_name(reactions).items():
        roles: dict[Role, list[Reaction]] = {}
        for reaction in mine:
            roles.setdefault(reaction.role, []).append(reaction)
        if len(roles) > 1:
            each = ", ".join(f"{role} in {_wells(wells)}" for role, wells in roles.items())
            sentence = f"{shown(name)} is {each}; expected one role; give each its own name"
            yield Finding(Level.WARNING, "sample", name, "sample_of_two_roles", sentence)


def _check_alike(reactions: Iterable[Reaction]) -> Iterator[Finding]:
    """Yield a finding per name that a reader takes for another one."""
    groups: dict[str, list[str]] = {}
    for name in _by_name(reactions):
        groups.setdefault(_looks(name), []).append(name)
    for names in groups.values():
        if len(names) > 1:
            sentence = (
                f"{', '.join(map(shown, names))} differ in case, blanks or the form of letters "
                "only and are called apart; write one name into the sample sheet"
            )
            for name in names:
                yield Finding(Level.WARNING, "sample", name, "names_alike", sentence)


def _by_name(reactions: Iterable[Reaction]) -> dict[str, list[Reaction]]:
    found: dict[str, list[Reaction]] = {}
    for reaction in reactions:
        if reaction.sample:
            found.setdefault(reaction.sample, []).append(reaction)
    return found


def _looks(name: str) -> str:
    """Return how a name looks at a glance: no case, no blanks, one form of letters and dashes."""
    letters = unicodedata.normalize("NFKC", name).casefold()
    dashed = ("-" if unicodedata.category(c) == "Pd" else c for c in letters)
    return unicodedata.normalize("NFKC", "".join("".join(dashed).split()))


def _wells(reactions: Iterable[Reaction]) -> str:
    return ", ".join(dict.fromkeys(reaction.well for reaction in reactions))
