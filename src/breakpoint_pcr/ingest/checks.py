"""What a person should know of a run as read; nothing here changes a reaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from breakpoint_pcr.ingest.cells import SHOWN_NAMES, listed, shown
from breakpoint_pcr.ingest.ct import NOT_REACHED_NUMBERS
from breakpoint_pcr.ingest.merging import Placed
from breakpoint_pcr.ingest.numerals import Comma, comma_of, number_of
from breakpoint_pcr.ingest.roles import is_known_task, role_of_name, role_of_task
from breakpoint_pcr.ingest.settings import IngestSettings
from breakpoint_pcr.tables import CurveKind, Finding, Level, Reaction, Role, State

CRT = "Crt"
# So many Cts that are all whole numbers are no chance.
WHOLE_MIN = 5


def check_targets(reactions: Sequence[Reaction]) -> Iterator[Finding]:
    """Yield a finding per target that is no assay of the panel, and one if none is."""
    unmapped: dict[str, list[str]] = {}
    for reaction in reactions:
        if not reaction.assay and reaction.state is not State.EMPTY:
            unmapped.setdefault(reaction.target, []).append(reaction.well)
    for target, wells in unmapped.items():
        what = (
            f"target {shown(target)} is no assay of the panel" if target else "no target is named"
        )
        sentence = f"{what} in {_wells(wells)}; name the assay in the sample sheet, or its alias"
        yield Finding(Level.WARNING, "run", target, "unmapped_target", sentence)
    if not any(reaction.assay for reaction in reactions):
        sentence = (
            "no reaction is of an assay of the panel; name the assays in samplesheet.csv, or add "
            "the targets as aliases to the panel"
        )
        yield Finding(Level.ERROR, "run", "", "no_known_assay", sentence)


def check_plates(places: Sequence[Placed]) -> Iterator[Finding]:
    """Yield a finding where results name several plates, or days, though they fit together."""
    exports = {place.export.file: place.export for place in places}.values()
    plates = dict.fromkeys(export.plate for export in exports if export.plate)
    dates = dict.fromkeys(export.run_date for export in exports if export.run_date)
    for what, names in (("plate", plates), ("date", dates)):
        if len(names) > 1:
            sentence = (
                f"results of more than one {what} ({listed(list(names))}) in one folder; expected "
                "those of one run; take the files of the other run out"
            )
            yield Finding(Level.WARNING, "run", what, "several_plates", sentence)


def check_curves(reactions: Sequence[Reaction]) -> Iterator[Finding]:
    """Yield a finding for a run without any curve."""
    if not any(reaction.curve_kind is not CurveKind.NONE for reaction in reactions):
        sentence = "the export holds no curves; export it with the amplification data"
        yield Finding(Level.WARNING, "run", "", "no_curves", sentence)


def check_empty_wells(empties: Sequence[Placed]) -> Iterator[Finding]:
    """Yield a finding for wells that the sheet fills and the export lists as empty."""
    if empties:
        sentence = (
            f"the sample sheet names {_wells([place.record.well for place in empties])}, which "
            "the export lists as empty; taken as empty, so without a result"
        )
        yield Finding(Level.WARNING, "run", "", "sheet_well_empty", sentence)


def check_samples(reactions: Sequence[Reaction]) -> Iterator[Finding]:
    """Yield a finding for unknowns without a sample name."""
    wells = [r.well for r in reactions if not r.sample and r.assay and r.role is Role.UNKNOWN]
    if wells:
        sentence = f"no sample name in {_wells(wells)}; name it in the sample sheet"
        yield Finding(Level.WARNING, "run", "", "sample_missing", sentence)


def check_roles(
    places: Sequence[Placed], reactions: Sequence[Reaction], settings: IngestSettings
) -> Iterator[Finding]:
    """Yield findings for tasks that are unknown, or say other than the name or the sheet.

    An unknown task warns where its well is called as a patient's: it may be a control's.
    """
    said: dict[str, None] = {}
    unknown: dict[str, list[Reaction]] = {}
    for place, reaction in zip(places, reactions, strict=True):
        task, sample = place.record.task, reaction.sample
        if not is_known_task(task):
            unknown.setdefault(task, []).append(reaction)
        by_task, by_name = role_of_task(task), role_of_name(sample, settings)
        if by_task and by_task is not reaction.role:
            role = f"the sample sheet says {reaction.role}, which counts"
        elif by_task and by_name and by_name is not by_task:
            role = f"the name {shown(sample)} says {by_name}; the task counts"
        else:
            continue
        said[f"{reaction.well}\t{reaction.well}: the export's task says {by_task}, {role}"] = None
    for line in said:
        well, _, sentence = line.partition("\t")
        yield Finding(Level.WARNING, "well", well, "role_contradiction", sentence)
    yield from _unknown_tasks(unknown)


def _unknown_tasks(unknown: Mapping[str, Sequence[Reaction]]) -> Iterator[Finding]:
    by_level: dict[Level, list[str]] = {}
    for task, mine in unknown.items():
        called = any(r.sample and r.assay and r.role is Role.UNKNOWN for r in mine)
        by_level.setdefault(Level.WARNING if called else Level.INFO, []).append(task)
    for level, tasks in by_level.items():
        if len(tasks) > SHOWN_NAMES:  # some laboratories write the sample there
            sentence = f"{len(tasks)} tasks are not known and decide no role: {listed(tasks)}"
            yield Finding(level, "run", "", "task_unknown", sentence)
            continue
        for task in tasks:
            wells = _wells([reaction.well for reaction in unknown[task]])
            sentence = f"task {shown(task)} in {wells} is not known and decides no role"
            yield Finding(level, "run", task, "task_unknown", sentence)


def check_ct_range(places: Sequence[Placed]) -> Iterator[Finding]:
    """Yield a finding for each Ct beyond the cycles run; at the last cycle it means not reached."""
    for place in places:
        record, cycles = place.record, place.export.n_cycles
        number = _least(record.ct_text) if cycles and record.ct is None else None
        if cycles and number and number > cycles and number not in NOT_REACHED_NUMBERS:
            sentence = (
                f"{record.well} {record.target}: Ct {record.ct_text} lies beyond the {cycles} "
                "cycles run and counts as not reached"
            )
            yield Finding(Level.WARNING, "well", record.well, "ct_beyond_cycles", sentence)


def _least(text: str) -> float | None:
    """Return the least number that the text of a Ct may mean; None where it is none."""
    comma = comma_of([text])
    try:
        return number_of(text, Comma.DECIMAL if comma is Comma.OPEN else comma)
    except ValueError:
        return None


def check_rounding(places: Sequence[Placed]) -> Iterator[Finding]:
    """Yield a finding for each file whose Cts were rounded, by a spreadsheet, say."""
    cts: dict[str, list[float]] = {}
    for place in places:
        if place.record.ct is not None:
            cts.setdefault(place.export.file, []).append(place.record.ct)
    for file, numbers in cts.items():
        if len(numbers) >= WHOLE_MIN and all(number.is_integer() for number in numbers):
            sentence = (
                f"all {len(numbers)} Cts are whole numbers, so the table was rounded: a Ct just "
                "below the limit may read as the limit; export again, and do not save it from a "
                "spreadsheet"
            )
            yield Finding(Level.WARNING, "run", file, "cts_rounded", sentence)


def check_crossings(
    places: Sequence[Placed], reactions: Sequence[Reaction], limit: float
) -> Iterator[Finding]:
    """Yield a finding where a Ct and the crossing of its own curve are more than `limit` apart.

    Such a difference shows a wrong join of curve and well, a wrong decimal mark or an edited Ct.
    A Crt has no threshold that its curve could cross.
    """
    for place, reaction in zip(places, reactions, strict=True):
        record = place.record
        if reaction.ct is None or record.threshold is None or place.export.ct_kind == CRT:
            continue
        if record.curve_kind is not CurveKind.DELTA_RN:
            continue
        cycle = crossing(record.values, record.threshold)
        if cycle is not None and abs(cycle - reaction.ct) <= limit:
            continue
        found = "never" if cycle is None else f"at cycle {cycle:.2f}"
        sentence = (
            f"{reaction.well} {reaction.assay or reaction.target}: Ct {reaction.ct_text}, but the "
            f"exported curve crosses the exported threshold of {record.threshold:g} {found}"
        )
        yield Finding(Level.WARNING, "well", reaction.well, "ct_off_curve", sentence)


def crossing(values: Sequence[float | None], threshold: float) -> float | None:
    """Return the cycle (1-based, interpolated) of the last upward crossing of the threshold."""
    for index in range(len(values) - 1, 0, -1):
        before, after = values[index - 1], values[index]
        if before is not None and after is not None and before < threshold <= after:
            return index + (threshold - before) / (after - before)
    return None


def check_flags(places: Sequence[Placed]) -> Iterator[Finding]:
    """Yield one finding per flag that the instrument's software raised."""
    flagged: dict[str, list[str]] = {}
    for place in places:
        for flag in place.record.flags:
            flagged.setdefault(flag, []).append(f"{place.record.well} {place.record.target}")
    for flag, reactions in flagged.items():
        sentence = f"the instrument's software flags {flag}: {', '.join(reactions)}"
        yield Finding(Level.INFO, "run", flag, "instrument_flag", sentence)


def check_exclusions(reactions: Iterable[Reaction], why: Mapping[int, str]) -> Iterator[Finding]:
    """Yield a finding for each reaction that the sample sheet takes out; `why` is by index."""
    for index, reaction in enumerate(reactions):
        if reason := why.get(index):
            sentence = (
                f"{reaction.well} {reaction.sample} {reaction.assay or reaction.target}: "
                f"excluded by the sample sheet: {reason}"
            )
            yield Finding(Level.WARNING, "well", reaction.well, "excluded", sentence)


def _wells(wells: Sequence[str]) -> str:
    unique = list(dict.fromkeys(wells))
    return f"{len(unique)} well{'s' if len(unique) > 1 else ''} ({', '.join(unique)})"
